using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using CalDavServer.Options;
using CalDavServer.Tests.Hosting;
using Calendaring.Store;
using Practice.Groups;
using ProviderBridge.Halaxy;
using Xunit;

namespace CalDavServer.Tests.Web;

/// <summary>What befalls the server itself: it was away while appointments were deleted in Halaxy, it has lost the keys with which it encrypts, or what it keeps of a connection cannot be read.</summary>
public sealed class HalaxyMishapTests : HalaxyPageTest
{
    private readonly MailStandIn _mail = new();
    private readonly string _folder = Directory.CreateTempSubdirectory("halaxy-keys-").FullName;

    private protected override ServerOptions? Hosting => base.Hosting! with
    {
        PublicAddress = new Uri("http://127.0.0.1:1/"),
        Mail = _mail.Settings,
        KeyFolder = _folder,
        LinkTimes = base.Hosting.LinkTimes with { FirstPause = TimeSpan.FromMilliseconds(500) },
    };

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task What_was_deleted_in_Halaxy_while_the_server_was_away_goes_when_it_is_back()
    {
        using var ruth = await SignedInAsync("ruth");
        await RunningAsync(ruth);
        await There.DoAsync("delete", new() { ["appointment"] = (await HereAsync()).Single().HalaxyId });
        await Task.Delay(TimeSpan.FromSeconds(1), TestContext.Current.CancellationToken);
        Assert.True((await HereAsync()).Single().TakesPlace);
        await RestartAsync();
        await UntilAsync(async () => !(await HereAsync()).Single().TakesPlace, "it is gone here too");
    }

    [Fact]
    public async Task A_server_that_has_lost_its_keys_says_that_another_API_key_is_needed_and_makes_other_webhooks_with_it()
    {
        using var ruth = await SignedInAsync("ruth");
        using var maya = await SignedInAsync("maya");
        await RunningAsync(ruth);
        await UntilAsync(async () => (await Server.Store.ApplyAsync(StoreBatch.Of(((await ConnectionAsync())! with { ProtectedSecret = "lost", ProtectedHook = "lost" }).Put()), TestContext.Current.CancellationToken)).Succeeded, "the keys are lost");
        await UntilAsync(async () => WebUtility.HtmlDecode((await ruth.GetAsync(Page)).Text).Contains("This server can no longer read the API key", StringComparison.Ordinal), "the page says so");
        Assert.Contains(">New key needed<", (await ruth.GetAsync("/settings/integrations")).Text, StringComparison.Ordinal);
        Assert.Contains("This server can no longer read the practice’s API key for Halaxy", WebUtility.HtmlDecode((await ruth.GetAsync("/calendar")).Text), StringComparison.Ordinal);
        Assert.Contains("The connection to Halaxy waits for an administrator", (await maya.GetAsync("/settings/sync")).Text, StringComparison.Ordinal);
        Assert.Contains("needs your practice's Halaxy API key again", (await _mail.NextAsync()).Subject, StringComparison.Ordinal);
        var meanwhile = await There.BookAsync(Now, 5);
        await KeyAsync(ruth);
        await UntilAsync(async () => (await HereAsync()).Any(one => one.HalaxyId == meanwhile), "it goes on");
        var address = Regex.Match(WebUtility.HtmlDecode((await ruth.GetAsync(Page)).Text), "id=\"hook-1\" class=\"code\" value=\"([^\"]*)\"").Groups[1].Value;
        using var http = new HttpClient();
        using var body = new StringContent("[]", Encoding.UTF8, "application/json");
        using var answer = await http.PostAsync(new Uri(Server.Address, new Uri(address).AbsolutePath), body, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
    }

    [Fact]
    public async Task A_connection_that_cannot_be_read_stops_no_other_and_is_tried_again()
    {
        using var ruth = await SignedInAsync("ruth");
        await RunningAsync(ruth);
        foreach (var name in new[] { "First", "Second" })
        {
            var other = await new PracticeDirectory(Server.Store, Server.Clock).CreatePracticeAsync(name, "Australia/Sydney");
            var odd = Encoding.UTF8.GetBytes("""{"groupId":"zebracomment","state":"Zebra"}""");
            Assert.True((await Server.Store.ApplyAsync(StoreBatch.Of(new PutRecord("halaxy-connection", other.Id, "halaxy-connection", odd)), TestContext.Current.CancellationToken)).Succeeded);
        }

        await RestartAsync();
        var log = Server.KeepLog();
        var later = await There.BookAsync(Now, 5);
        await UntilAsync(async () => (await HereAsync()).Any(one => one.HalaxyId == later), "the other practice goes on");
        await UntilAsync(() => Task.FromResult(log.Count(line => line.Contains("A connection to Halaxy could not be run", StringComparison.Ordinal)) >= 5), "what failed is logged, and tried again");
        Assert.DoesNotContain("zebra", string.Join('\n', log), StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task Saving_who_is_who_keeps_who_is_away_and_counts_them()
    {
        using var ruth = await SignedInAsync("ruth");
        await RunningAsync(ruth);
        await ruth.PostAsync(Page + "/match", await ruth.GetAsync(Page), ($"match-{Maya.Id}", There.Maya), ($"match-{Tom.Id}", There.Thomas));
        Assert.Equal(2, (await ConnectionAsync())!.Matches.Count);
        Assert.True((await Server.Store.ApplyAsync(StoreBatch.Of(new SetDeactivated(Tom.Id, Now)), TestContext.Current.CancellationToken)).Succeeded);
        // a page from before, or a client that does not send who is away
        await ruth.PostAsync(Page + "/match", await ruth.GetAsync(Page), ($"match-{Maya.Id}", There.Maya));
        Assert.Equal([(Maya.Id, There.Maya), (Tom.Id, There.Thomas)], (await ConnectionAsync())!.Matches.Select(match => (match.PractitionerId, match.HalaxyPractitionerId)).OrderBy(match => match.PractitionerId == Tom.Id));
        var both = await ruth.PostAsync(Page + "/match", await ruth.GetAsync(Page), ($"match-{Maya.Id}", There.Thomas));
        Assert.Contains($"{Maya.DisplayName} and {Tom.DisplayName} are both matched with", both.Text, StringComparison.Ordinal);
        // they are on the page, and can be matched with nobody there
        var page = await ruth.GetAsync(Page);
        Assert.Contains($"{Tom.DisplayName} (deactivated)</label>", page.Text, StringComparison.Ordinal);
        await ruth.PostAsync(Page + "/match", page, ($"match-{Maya.Id}", There.Maya), ($"match-{Tom.Id}", ""));
        Assert.Equal(Maya.Id, Assert.Single((await ConnectionAsync())!.Matches).PractitionerId);
    }

    private async Task RunningAsync(PageClient ruth)
    {
        var id = await There.BookAsync(Now);
        await ConnectAsync(ruth);
        await UntilAsync(async () => (await HereAsync()).Any(one => one.HalaxyId == id) && await ConnectionAsync() is { LastPass: not null, LastCompare: not null }, "it runs");
    }
}
