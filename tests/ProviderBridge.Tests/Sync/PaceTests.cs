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
}
