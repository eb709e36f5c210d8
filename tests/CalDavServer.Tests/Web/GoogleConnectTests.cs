using System.Net;
using System.Text.RegularExpressions;
using CalDavServer.Links;
using CalDavServer.Operations;
using CalDavServer.Tests.Hosting;
using NodaTime;
using Practice;
using Practice.Audit;
using Practice.Diaries;
using ProviderBridge.Accounts;
using ProviderBridge.Sync;
using Xunit;

namespace CalDavServer.Tests.Web;

/// <summary>A Google account is connected through the pages, and each way in which that can go wrong is said in words.</summary>
public sealed partial class GoogleConnectTests : GooglePageTest
{
    private const string Connect = "/settings/integrations/google/connect";

    private protected override ServerOptions? Hosting => new() { Google = Google.App };

    [Fact]
    public async Task A_newcomer_connects_chooses_and_has_a_link()
    {
        using var browser = await SignedInAsync("maya");
        Assert.Contains("Both ways, in your Google account", (await browser.GetAsync("/settings/integrations/add")).Text, StringComparison.Ordinal);
        Assert.Equal(Start, (await browser.GetAsync("/settings/integrations/add/google")).Path);
        Assert.Contains("No Google account is linked", (await browser.GetAsync("/settings/sync")).Text, StringComparison.Ordinal);
        var choice = await BackAsync(browser, await Google.AllowAsync(await OnwardAsync(browser)));
        Assert.Contains("sam@gmail.com is connected. One more step", choice.Text, StringComparison.Ordinal);
        Assert.Contains("Not finished", (await browser.GetAsync(Start)).Text, StringComparison.Ordinal);
        Assert.Empty(await Google.CalendarsAsync());
        var link = await browser.PostAsync(choice.Path, ("level", "Initials"), ("existing", "false"));
        Assert.StartsWith("/settings/sync/links/", link.Path, StringComparison.Ordinal);
        Assert.Equal("HX_Riverbend (Maya Lindqvist)", Assert.Single(await Google.CalendarsAsync()).Name);
        Assert.Contains("sam@gmail.com", (await browser.GetAsync("/settings/sync")).Text, StringComparison.Ordinal);
        Assert.Contains(AuditAction.LinkMade, await AuditAsync());
        var kept = Assert.Single(await LinksAsync());
        Assert.Equal((PrivacyLevel.Initials, LinkState.Active), (kept.Level, kept.State));
        // the same account once more is the same link
        var again = await BackAsync(browser, await Google.AllowAsync(await OnwardAsync(browser)));
        Assert.Equal(link.Path, again.Path);
        Assert.Single(await LinksAsync());
        // and a form that is sent twice makes one calendar
        Assert.Equal(link.Path, (await browser.ForgeAsync(link.Path, choice.Path, ("level", "Busy"))).Path);
        Assert.Single(await Google.CalendarsAsync());
    }

    [Fact]
    public async Task Another_account_is_another_link()
    {
        using var browser = await SignedInAsync("maya");
        await LinkAsync(browser);
        await LinkAsync(browser, "other@gmail.com");
        Assert.Equal(2, (await LinksAsync()).Count);
        var page = await browser.GetAsync(Start);
        Assert.Contains("sam@gmail.com", page.Text, StringComparison.Ordinal);
        Assert.Contains("other@gmail.com", page.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Each_refusal_is_said_in_words_and_nothing_is_connected()
    {
        using var browser = await SignedInAsync("maya");
        await ShowsAsync(browser, await Google.AllowAsync(await OnwardAsync(browser), choice: "cancel"), "access was not allowed at Google");
        await ShowsAsync(browser, await Google.AllowAsync(await OnwardAsync(browser), tick: ""), "was not ticked. Connect again and tick it");
        var used = await Google.AllowAsync(await OnwardAsync(browser), tick: "");
        await BackAsync(browser, used);
        await ShowsAsync(browser, used, "too old, was used already");
        var forged = await Google.AllowAsync(await OnwardAsync(browser));
        await ShowsAsync(browser, new Uri(Regex.Replace(forged.AbsoluteUri, "state=[^&]*", "state=forged")), "too old, was used already");
        using (var other = await SignedInAsync("maya")) await ShowsAsync(other, forged, "begun in another browser");
        await Google.DoAsync("faults", new() { ["method"] = "google.token", ["kind"] = "status", ["status"] = 500, ["times"] = 3 });
        await ShowsAsync(browser, await Google.AllowAsync(await OnwardAsync(browser)), "does not answer as it should");
        Assert.Empty(await AccountsAsync());
    }

    [Fact]
    public async Task Another_account_than_the_one_that_is_connected_again_changes_nothing()
    {
        using var browser = await SignedInAsync("maya");
        var link = await LinkAsync(browser);
        await Google.DoAsync($"{GoogleStandIn.Account("sam@gmail.com")}/revoke");
        var before = Assert.Single(await AccountsAsync());
        await LoseAsync(before);
        var page = await browser.GetAsync(link.Path);
        Assert.Contains("connect the account again", page.Text, StringComparison.Ordinal);
        var onward = await browser.PostAsync(Connect, page, ("account", before.Id));
        await ShowsAsync(browser, await Google.AllowAsync(OnwardOn(onward), "other@gmail.com"), "you chose other@gmail.com at Google, and this link is with sam@gmail.com");
        Assert.NotNull(Assert.Single(await AccountsAsync()).LostAt);
        onward = await browser.PostAsync(Connect, await browser.GetAsync(link.Path), ("account", before.Id));
        await ShowsAsync(browser, await Google.AllowAsync(OnwardOn(onward)), "sam@gmail.com is connected again");
        Assert.Null(Assert.Single(await AccountsAsync()).LostAt);
        Assert.Equal(LinkState.Active, Assert.Single(await LinksAsync()).State);
    }

    [Fact]
    public async Task Disconnecting_asks_about_the_calendar_and_gives_the_access_back()
    {
        using var browser = await SignedInAsync("maya");
        var link = await LinkAsync(browser);
        var disconnect = link.Path + "/disconnect";
        Assert.Contains("Say what becomes of the calendar", (await browser.PostAsync(disconnect, link)).Text, StringComparison.Ordinal);
        Assert.Single(await LinksAsync());
        var done = await browser.PostAsync(disconnect, link, ("calendar", "deleted"));
        Assert.Contains("has no access to the account any more", done.Text, StringComparison.Ordinal);
        Assert.Empty(await Google.CalendarsAsync());
        Assert.Empty(await LinksAsync());
        Assert.Empty(await AccountsAsync());
        Assert.Contains(AuditAction.LinkRemoved, await AuditAsync());
        Assert.Equal(HttpStatusCode.NotFound, (await browser.GetAsync(link.Path)).Status);
        var second = await LinkAsync(browser);
        await browser.PostAsync(second.Path + "/disconnect", second, ("calendar", "stays"));
        Assert.Single(await Google.CalendarsAsync());
        Assert.Empty(await AccountsAsync());
    }

    [Fact]
    public async Task R3_Of_two_who_connected_one_account_one_goes_and_the_other_keeps_access()
    {
        using var browser = await SignedInAsync("maya");
        var link = await LinkAsync(browser);
        using var tom = await SignedInAsync("tom");
        var other = await LinkAsync(tom);
        Assert.Equal(2, (await Google.CalendarsAsync()).Count);
        var done = await browser.PostAsync(link.Path + "/disconnect", link, ("calendar", "stays"));
        Assert.Contains("keeps the access for them", done.Text, StringComparison.Ordinal);
        var last = await tom.PostAsync(other.Path + "/disconnect", await tom.GetAsync(other.Path), ("calendar", "deleted"));
        Assert.Contains("has no access to the account any more", last.Text, StringComparison.Ordinal);
        Assert.Single(await Google.CalendarsAsync());
    }

    [Fact]
    public async Task A_link_is_paused_goes_on_and_is_nobody_elses()
    {
        using var browser = await SignedInAsync("maya");
        var link = await LinkAsync(browser);
        Assert.Contains("You have paused it", (await browser.PostAsync(link.Path + "/pause", await browser.GetAsync(link.Path))).Text, StringComparison.Ordinal);
        Assert.Equal(LinkState.Paused, Assert.Single(await LinksAsync()).State);
        await browser.PostAsync(link.Path + "/goOn", await browser.GetAsync(link.Path));
        Assert.Equal(LinkState.Active, Assert.Single(await LinksAsync()).State);
        using var tom = await SignedInAsync("tom");
        Assert.Equal(HttpStatusCode.NotFound, (await tom.GetAsync(link.Path)).Status);
        using var ruth = await SignedInAsync("ruth");
        Assert.Equal(HttpStatusCode.Forbidden, (await ruth.GetAsync(link.Path)).Status);
    }

    [Fact]
    public async Task No_token_is_in_the_log_the_pages_or_the_database()
    {
        var log = Server.KeepLog();
        using var browser = await SignedInAsync("maya");
        var back = await Google.AllowAsync(await OnwardAsync(browser));
        var code = Regex.Match(back.Query, "code=([^&]+)").Groups[1].Value;
        var choice = await BackAsync(browser, back);
        var link = await browser.PostAsync(choice.Path, ("level", "Busy"), ("existing", "true"));
        var account = Assert.Single(await AccountsAsync());
        var access = await ((GoogleConnection)Server.Services.GetService(typeof(GoogleConnection))!).Tokens.GetAsync(Maya.Id, account.Id, TestContext.Current.CancellationToken);
        var failed = await browser.GetAsync(Start + "/back?state=x&code=" + code);
        foreach (var secret in (string[])[access, code, Google.App.ClientSecret, account.ProtectedToken])
        {
            Assert.DoesNotContain(log, line => line.Contains(secret, StringComparison.Ordinal));
            foreach (var page in (PageAnswer[])[choice, link, failed, await browser.GetAsync("/settings/sync"), await browser.GetAsync("/metrics")]) Assert.DoesNotContain(secret, page.Text, StringComparison.Ordinal);
        }

        Assert.DoesNotContain(log, line => line.Contains("sam@gmail.com", StringComparison.Ordinal));
    }

    internal static string OnwardOn(PageAnswer page) => WebUtility.HtmlDecode(Onward().Match(page.Text).Groups[1].Value) is { Length: > 0 } address ? address : throw new InvalidOperationException(page.Text);

    private async Task<PageAnswer> LinkAsync(PageClient browser, string email = "sam@gmail.com")
    {
        var choice = await BackAsync(browser, await Google.AllowAsync(await OnwardAsync(browser), email));
        return await browser.PostAsync(choice.Path, ("level", "Initials"), ("existing", "false"));
    }

    private static async Task<string> OnwardAsync(PageClient browser) => OnwardOn(await browser.PostAsync(Connect, await browser.GetAsync(Start)));

    private static Task<PageAnswer> BackAsync(PageClient browser, Uri back) => browser.GetAsync(back.PathAndQuery);

    private static async Task ShowsAsync(PageClient browser, Uri back, string words) => Assert.Contains(words, WebUtility.HtmlDecode((await BackAsync(browser, back)).Text), StringComparison.Ordinal);

    private async Task LoseAsync(OutsideAccount account)
    {
        var tokens = ((GoogleConnection)Server.Services.GetService(typeof(GoogleConnection))!).Tokens;
        tokens.Forget(Maya.Id, account.Id);
        await Assert.ThrowsAsync<OutsideException>(() => tokens.GetAsync(Maya.Id, account.Id, TestContext.Current.CancellationToken));
    }

    private async Task<IReadOnlyList<OutsideAccount>> AccountsAsync()
    {
        using var snapshot = await Server.Store.OpenSnapshotAsync(TestContext.Current.CancellationToken);
        return await OutsideAccount.ListAsync(snapshot, Maya.Id);
    }

    private async Task<IReadOnlyList<ProviderBridge.Sync.Link>> LinksAsync()
    {
        using var snapshot = await Server.Store.OpenSnapshotAsync(TestContext.Current.CancellationToken);
        return await ProviderBridge.Sync.Link.ListAsync(snapshot, Maya.Id);
    }

    [GeneratedRegex("<a class=\"button primary\" href=\"([^\"]*)\">Continue to Google")]
    private static partial Regex Onward();
}
