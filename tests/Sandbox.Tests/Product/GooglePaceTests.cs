using System.Diagnostics;
using ProviderBridge.Google;
using ProviderBridge.Sync;

namespace Sandbox.Tests.Product;

/// <summary>Google allows so many requests a minute of an account and of the project: they wait for their turn here and are not refused there.</summary>
public sealed class GooglePaceTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_account_is_asked_no_faster_than_Google_allows_and_another_need_not_wait_for_it()
    {
        await using var scene = await AccountScene.StartAsync("google");
        var (account, tokens) = (await scene.ConnectAsync(), scene.Process());
        var other = await tokens.KeepAsync(AccountScene.Maya, await scene.AllowAsync() with { Subject = "another" });
        await tokens.GetAsync(other.Key, Cancelled);
        // at most 18 at once, and 1.6 a second
        using var calendars = new GoogleCalendars(AccountScene.AppAt(scene.Vendor.Address) with { RequestsOfUser = 120 }, tokens);
        var watch = Stopwatch.StartNew();
        await AskAsync(calendars, account.Key, 18);
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(1.5), $"{watch.Elapsed} for those at once");
        var more = AskAsync(calendars, account.Key, 4);
        // several clients of one account are one account to Google
        Assert.NotSame(more, await Task.WhenAny(more, Task.Delay(1000, Cancelled)));
        var asked = Stopwatch.StartNew();
        await AskAsync(calendars, other.Key, 5);
        Assert.True(asked.Elapsed < TimeSpan.FromSeconds(0.8), $"{asked.Elapsed} for another account");
        await more;
        Assert.True(watch.Elapsed > TimeSpan.FromSeconds(2), $"{watch.Elapsed}");
    }

    [Fact]
    public async Task All_accounts_together_are_asked_no_faster_than_Google_allows_the_project()
    {
        await using var scene = await AccountScene.StartAsync("google");
        var account = await scene.ConnectAsync();
        using var calendars = new GoogleCalendars(AccountScene.AppAt(scene.Vendor.Address) with { RequestsOfProject = 120 }, scene.Process());
        await AskAsync(calendars, account.Key, 18);
        var watch = Stopwatch.StartNew();
        await AskAsync(calendars, account.Key, 4);
        Assert.True(watch.Elapsed > TimeSpan.FromSeconds(1), $"{watch.Elapsed}");
    }

    /// <summary>Several at once, each by a client of its own: of a calendar that is not there.</summary>
    private static Task AskAsync(GoogleCalendars calendars, AccountKey account, int times) => Task.WhenAll(Enumerable.Range(0, times).Select(async _ =>
    {
        using var client = calendars.OpenClient(account);
        var refused = await Assert.ThrowsAsync<global::Google.GoogleApiException>(() => client.Calendars.Get("unknown").ExecuteAsync(Cancelled));
        Assert.Equal(System.Net.HttpStatusCode.NotFound, refused.HttpStatusCode);
    }));
}
