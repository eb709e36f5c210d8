using System.Diagnostics;
using ProviderBridge.Sync;

namespace ProviderBridge.Tests.Sync;

/// <summary>An account is asked no faster than its server likes, however many ask at once.</summary>
public sealed class The_pace_of_an_account
{
    [Fact]
    public async Task Lets_some_through_at_once_and_the_others_one_by_one()
    {
        var pace = new RequestPace(50, 10);
        var watch = Stopwatch.StartNew();
        await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => pace.WaitAsync(TestContext.Current.CancellationToken)));
        var atOnce = watch.Elapsed;
        await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => pace.WaitAsync(TestContext.Current.CancellationToken)));
        // 20 more at 50 a second, less what has come meanwhile
        Assert.True(watch.Elapsed > TimeSpan.FromSeconds(0.35), $"{watch.Elapsed} after {atOnce}");
    }

    /// <summary>Who gives up waits no more, and nobody waits for them; the others come one by one all the same.</summary>
    [Fact]
    public async Task Keeps_no_turn_for_those_who_have_given_up()
    {
        var pace = new RequestPace(20, 1);
        await pace.WaitAsync(TestContext.Current.CancellationToken);
        using var given = new CancellationTokenSource();
        var first = Enumerable.Range(0, 1000).Select(_ => pace.WaitAsync(given.Token)).ToList();
        var watch = Stopwatch.StartNew();
        var others = Enumerable.Range(0, 20).Select(_ => pace.WaitAsync(TestContext.Current.CancellationToken)).ToList();
        await given.CancelAsync();
        await Task.WhenAll(others);
        await Task.WhenAll(first).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        Assert.InRange(first.Count(one => one.IsCanceled), 900, 1000);
        Assert.InRange(watch.Elapsed, TimeSpan.FromSeconds(0.8), TimeSpan.FromSeconds(20));
    }
}
