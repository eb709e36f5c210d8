using System.Net;
using System.Text.RegularExpressions;
using CalDavServer.Links;
using CalDavServer.Options;
using CalDavServer.Tests.Hosting;
using NodaTime;
using Practice;
using Practice.Audit;
using Practice.Diaries;
using ProviderBridge.Accounts;
using ProviderBridge.Sync;
using Xunit;

namespace CalDavServer.Tests.Web;

/// <summary>An account of a service where one signs in on its own page is connected through the pages, and each way in which that can go wrong is said in words.</summary>
public abstract class SignInLinkTests : OutsidePageTest
{
    private protected VendorSide Vendor => (VendorSide)Side;

    private protected VendorStandIn StandIn => Vendor.StandIn;

    private protected string Other => Side.Email.Replace("sam@", "other@", StringComparison.Ordinal);

    /// <summary>What is said when what a link needs was not allowed.</summary>
    private protected abstract string NotAllowed { get; }

    /// <summary>What is said when an account is disconnected.</summary>
    private protected abstract string Ended { get; }

    [Fact]
    public async Task A_newcomer_connects_chooses_and_has_a_link()
    {
        using var browser = await SignedInAsync("maya");
        Assert.Contains($"Both ways, in your {Side.Name} account", (await browser.GetAsync("/settings/integrations/add")).Text, StringComparison.Ordinal);
        foreach (var way in Ways) Assert.Equal(Vendor.Start, (await browser.GetAsync($"/settings/integrations/add/{way}")).Path);
        Assert.Contains("No account is linked", (await browser.GetAsync("/settings/sync")).Text, StringComparison.Ordinal);
        var choice = await Side.ConnectAsync(browser);
        Assert.Contains($"{Side.Email} is connected. One more step", choice.Text, StringComparison.Ordinal);
        Assert.Contains("Not finished", (await browser.GetAsync(Vendor.Start)).Text, StringComparison.Ordinal);
        Assert.Empty(await Side.CalendarsAsync());
        var link = await browser.PostAsync(choice.Path, ("level", "Initials"), ("existing", "false"));
        Assert.StartsWith("/settings/sync/links/", link.Path, StringComparison.Ordinal);
        Assert.Equal("HX_Riverbend (Maya Lindqvist)", Assert.Single(await Side.CalendarsAsync()).Name);
        Assert.Contains(Side.Email, (await browser.GetAsync("/settings/sync")).Text, StringComparison.Ordinal);
        Assert.Contains(AuditAction.LinkMade, await AuditAsync());
        var kept = Assert.Single(await LinksAsync());
        Assert.Equal((PrivacyLevel.Initials, LinkState.Active), (kept.Level, kept.State));
        // the same account once more is the same link
        var again = await Side.ConnectAsync(browser);
        Assert.Equal(link.Path, again.Path);
        Assert.Single(await LinksAsync());
        // and a form that is sent twice makes one calendar
        Assert.Equal(link.Path, (await browser.ForgeAsync(link.Path, choice.Path, ("level", "Busy"))).Path);
        Assert.Single(await Side.CalendarsAsync());
    }

    [Fact]
    public async Task Another_account_is_another_link()
    {
        using var browser = await SignedInAsync("maya");
        await LinkAsync(browser);
        await LinkAsync(browser, Other);
        Assert.Equal(2, (await LinksAsync()).Count);
        var page = await browser.GetAsync(Vendor.Start);
        Assert.Contains(Side.Email, page.Text, StringComparison.Ordinal);
        Assert.Contains(Other, page.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Each_refusal_is_said_in_words_and_nothing_is_connected()
    {
        using var browser = await SignedInAsync("maya");
        await ShowsAsync(browser, await StandIn.AllowAsync(await Vendor.OnwardAsync(browser), choice: "cancel"), $"access was not allowed at {Side.Name}");
        await ShowsAsync(browser, await StandIn.AllowAsync(await Vendor.OnwardAsync(browser), tick: ""), NotAllowed);
        var used = await StandIn.AllowAsync(await Vendor.OnwardAsync(browser), tick: "");
        await VendorSide.BackAsync(browser, used);
        await ShowsAsync(browser, used, "too old, was used already");
        var forged = await StandIn.AllowAsync(await Vendor.OnwardAsync(browser));
        await ShowsAsync(browser, new Uri(Regex.Replace(forged.AbsoluteUri, "state=[^&]*", "state=forged")), "too old, was used already");
        using (var other = await SignedInAsync("maya")) await ShowsAsync(other, forged, "begun in another browser");
        await StandIn.DoAsync("faults", new() { ["method"] = $"{StandIn.Vendor}.token", ["kind"] = "status", ["status"] = 500, ["times"] = 3 });
        await ShowsAsync(browser, await StandIn.AllowAsync(await Vendor.OnwardAsync(browser)), "does not answer as it should");
        Assert.Empty(await AccountsAsync());
    }

    [Fact]
    public async Task Another_account_than_the_one_that_is_connected_again_changes_nothing()
    {
        using var browser = await SignedInAsync("maya");
        var link = await LinkAsync(browser);
        await Side.TakeBackAsync();
        var before = Assert.Single(await AccountsAsync());
        await LoseAsync(before);
        var page = await browser.GetAsync(link.Path);
        Assert.Contains("connect the account again", page.Text, StringComparison.Ordinal);
        await ShowsAsync(browser, await StandIn.AllowAsync(await Vendor.OnwardAsync(browser, before.Id), Other), $"you chose {Other} at {Side.Name}, but this link is with {Side.Email}");
        Assert.NotNull(Assert.Single(await AccountsAsync()).LostAt);
        await ShowsAsync(browser, await StandIn.AllowAsync(await Vendor.OnwardAsync(browser, before.Id)), $"{Side.Email} is connected again");
        Assert.Null(Assert.Single(await AccountsAsync()).LostAt);
        Assert.Equal(LinkState.Active, Assert.Single(await LinksAsync()).State);
    }

    [Fact]
    public async Task Disconnecting_asks_about_the_calendar_and_gives_the_access_back()
    {
        using var browser = await SignedInAsync("maya");
        var link = await LinkAsync(browser);
        var disconnect = link.Path + "/disconnect";
        Assert.Contains("Choose what should happen to the calendar", (await browser.PostAsync(disconnect, link)).Text, StringComparison.Ordinal);
        Assert.Single(await LinksAsync());
        var done = await browser.PostAsync(disconnect, link, ("calendar", "deleted"));
        Assert.Contains(Ended, WebUtility.HtmlDecode(done.Text), StringComparison.Ordinal);
        Assert.Empty(await Side.CalendarsAsync());
        Assert.Empty(await LinksAsync());
        Assert.Empty(await AccountsAsync());
        Assert.Contains(AuditAction.LinkRemoved, await AuditAsync());
        Assert.Equal(HttpStatusCode.NotFound, (await browser.GetAsync(link.Path)).Status);
        var second = await LinkAsync(browser);
        await browser.PostAsync(second.Path + "/disconnect", second, ("calendar", "stays"));
        Assert.Single(await Side.CalendarsAsync());
        Assert.Empty(await AccountsAsync());
    }

    [Fact]
    public async Task R3_Of_two_who_connected_one_account_one_goes_and_the_other_keeps_access()
    {
        using var browser = await SignedInAsync("maya");
        var link = await LinkAsync(browser);
        using var tom = await SignedInAsync("tom");
        var other = await LinkAsync(tom);
        Assert.Equal(2, (await Side.CalendarsAsync()).Count);
        var done = await browser.PostAsync(link.Path + "/disconnect", link, ("calendar", "stays"));
        Assert.Contains("keeps the access for them", done.Text, StringComparison.Ordinal);
        var last = await tom.PostAsync(other.Path + "/disconnect", await tom.GetAsync(other.Path), ("calendar", "deleted"));
        Assert.Contains(Ended, WebUtility.HtmlDecode(last.Text), StringComparison.Ordinal);
        Assert.Single(await Side.CalendarsAsync());
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
        var back = await StandIn.AllowAsync(await Vendor.OnwardAsync(browser));
        var code = Regex.Match(back.Query, "code=([^&]+)").Groups[1].Value;
        var choice = await VendorSide.BackAsync(browser, back);
        var link = await browser.PostAsync(choice.Path, ("level", "Busy"), ("existing", "true"));
        var account = Assert.Single(await AccountsAsync());
        var access = await TokensOf(account).GetAsync(account.Key, TestContext.Current.CancellationToken);
        var failed = await browser.GetAsync(Vendor.Start + "/back?state=x&code=" + code);
        foreach (var secret in (string[])[access, code, StandIn.Google.ClientSecret, account.ProtectedSecret])
        {
            Assert.DoesNotContain(log, line => line.Contains(secret, StringComparison.Ordinal));
            foreach (var page in (PageAnswer[])[choice, link, failed, await browser.GetAsync("/settings/sync"), await browser.GetAsync("/metrics")]) Assert.DoesNotContain(secret, page.Text, StringComparison.Ordinal);
        }

        Assert.DoesNotContain(log, line => line.Contains(Side.Email, StringComparison.Ordinal));
    }

    private protected abstract string[] Ways { get; }

    private protected Task<PageAnswer> LinkAsync(PageClient browser, string? email = null) => LinkAsync(browser, email, "Initials", existing: false);

    private static async Task ShowsAsync(PageClient browser, Uri back, string words) => Assert.Contains(words, WebUtility.HtmlDecode((await VendorSide.BackAsync(browser, back)).Text), StringComparison.Ordinal);

    private async Task LoseAsync(OutsideAccount account)
    {
        var tokens = TokensOf(account);
        tokens.Forget(account.Key);
        await Assert.ThrowsAsync<OutsideException>(() => tokens.GetAsync(account.Key, TestContext.Current.CancellationToken));
    }
}

/// <summary>The same with Google.</summary>
public sealed class GoogleSignInLinkTests : SignInLinkTests
{
    private protected override string NotAllowed => "was not ticked. Connect again and tick it";

    private protected override string Ended => "no longer has access to the account";

    private protected override string[] Ways => ["google"];

    private protected override Task<OutsideSide> StartSideAsync() => VendorSide.StartAsync("google");
}

/// <summary>The same with Microsoft.</summary>
public sealed class MicrosoftSignInLinkTests : SignInLinkTests
{
    private protected override string NotAllowed => "access to your calendars was not allowed. Connect again and accept all that is asked for";

    private protected override string Ended => "This server has forgotten its access to the account. Microsoft does not let a server do this itself";

    private protected override string[] Ways => ["outlook", "office365"];

    /// <summary>What Microsoft says in words of its own (Entra's error codes), and who can do something about it.</summary>
    [Theory]
    [InlineData("access_denied", "AADSTS65004: User declined to consent to access the app.", "access was not allowed at Microsoft")]
    [InlineData("access_denied", "AADSTS90094: Admin consent is required for the permissions requested by this application.", "does not let people connect apps to Microsoft themselves")]
    [InlineData("consent_required", "AADSTS65001: The user or administrator has not consented to use the application.", "does not let people connect apps to Microsoft themselves")]
    [InlineData("access_denied", "AADSTS53003: Access has been blocked by Conditional Access policies.", "does not let people connect apps to Microsoft themselves")]
    [InlineData("unauthorized_client", "AADSTS700016: Application was not found in the directory.", "Microsoft does not know this server as it is set up")]
    [InlineData("server_error", "AADSTS90033: A transient error has occurred.", "does not answer as it should")]
    [InlineData("access_denied", null, "access was not allowed at Microsoft")]
    public async Task A_refusal_in_Microsofts_own_words_is_explained(string error, string? description, string words)
    {
        using var browser = await SignedInAsync("maya");
        var state = System.Web.HttpUtility.ParseQueryString(new Uri(await Vendor.OnwardAsync(browser)).Query)["state"];
        var page = await browser.GetAsync($"{Vendor.Start}/back?error={error}&state={state}&error_description={Uri.EscapeDataString(description ?? "")}");
        Assert.Contains(words, WebUtility.HtmlDecode(page.Text), StringComparison.Ordinal);
        Assert.Empty(await AccountsAsync());
    }

    /// <summary>No two calendars of a mailbox have one name (Graph: ErrorFolderExists).</summary>
    [Fact]
    public async Task A_calendar_that_stayed_keeps_its_name_and_the_next_gets_a_number()
    {
        using var browser = await SignedInAsync("maya");
        var first = await LinkAsync(browser);
        await browser.PostAsync(first.Path + "/disconnect", first, ("calendar", "stays"));
        await LinkAsync(browser);
        Assert.Equal(["HX_Riverbend (Maya Lindqvist)", "HX_Riverbend (Maya Lindqvist) 2"], (await Side.CalendarsAsync()).Select(calendar => calendar.Name).Order(StringComparer.Ordinal));
    }

    private protected override Task<OutsideSide> StartSideAsync() => VendorSide.StartAsync("microsoft");
}
