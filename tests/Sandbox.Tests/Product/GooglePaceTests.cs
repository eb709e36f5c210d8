using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
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

    [Fact]
    public async Task What_a_request_waits_for_its_turn_is_no_delay_of_Googles()
    {
        await using var scene = await AccountScene.StartAsync("google");
        var (account, tokens) = (await scene.ConnectAsync(), scene.Process());
        await tokens.GetAsync(account.Key, Cancelled);
        // at most 4 at once, and one each two and a half seconds
        using var calendars = new GoogleCalendars(AccountScene.AppAt(scene.Vendor.Address) with { RequestsOfUser = 30 }, tokens) { Patience = TimeSpan.FromSeconds(2) };
        await AskAsync(calendars, account.Key, 4);
        await AskAsync(calendars, account.Key, 2);
    }

    [Theory]
    [InlineData("")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{")]
    public async Task An_answer_that_does_not_come_or_does_not_end_is_given_up(string says)
    {
        await using var scene = await AccountScene.StartAsync("google");
        var (account, tokens) = (await scene.ConnectAsync(), scene.Process());
        await tokens.GetAsync(account.Key, Cancelled);
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        using var calendars = new GoogleCalendars(AccountScene.AppAt($"http://{silent.LocalEndpoint}"), tokens) { Patience = TimeSpan.FromSeconds(1) };
        using var client = calendars.OpenClient(account.Key);
        var watch = Stopwatch.StartNew();
        var asked = client.Calendars.Get("c").ExecuteAsync(Cancelled);
        using var met = await silent.AcceptTcpClientAsync(Cancelled);
        await met.GetStream().WriteAsync(Encoding.ASCII.GetBytes(says), Cancelled);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asked.WaitAsync(TimeSpan.FromSeconds(20), Cancelled));
        Assert.InRange(watch.Elapsed, TimeSpan.FromSeconds(0.9), TimeSpan.FromSeconds(20));
    }

    /// <summary>Several at once, each by a client of its own: of a calendar that is not there.</summary>
    private static Task AskAsync(GoogleCalendars calendars, AccountKey account, int times) => Task.WhenAll(Enumerable.Range(0, times).Select(async _ =>
    {
        using var client = calendars.OpenClient(account);
        var refused = await Assert.ThrowsAsync<global::Google.GoogleApiException>(() => client.Calendars.Get("unknown").ExecuteAsync(Cancelled));
        Assert.Equal(HttpStatusCode.NotFound, refused.HttpStatusCode);
    }));
}
