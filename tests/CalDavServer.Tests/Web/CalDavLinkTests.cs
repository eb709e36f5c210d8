using System.Net;
using CalDavServer.Tests.Hosting;
using Calendaring.Store;
using Practice;
using Practice.Audit;
using Practice.Diaries;
using ProviderBridge.Sync;
using Sandbox.CalDav;
using Xunit;

namespace CalDavServer.Tests.Web;

/// <summary>A link at work, with iCloud.</summary>
public sealed class ICloudLinkTests : LinkTests
{
    private protected override async Task<OutsideSide> StartSideAsync() => await CalDavSide.StartAsync("icloud");
}

/// <summary>An account at iCloud is connected through the pages with an app-specific password, and each way in which that can go wrong is said in words.</summary>
public sealed class ICloudConnectTests : OutsidePageTest
{
    private CalDavSide Cloud => (CalDavSide)Side;

    [Fact]
    public async Task A_newcomer_connects_chooses_and_has_a_link()
    {
        using var browser = await SignedInAsync("maya");
        Assert.Contains("Both ways, in your iCloud account", (await browser.GetAsync("/settings/integrations/add")).Text, StringComparison.Ordinal);
        Assert.Equal(Cloud.Start, (await browser.GetAsync("/settings/integrations/add/icloud")).Path);
        Assert.Contains("App-Specific Passwords", (await browser.GetAsync(Cloud.Start)).Text, StringComparison.Ordinal);
        var choice = await Side.ConnectAsync(browser);
        Assert.Contains($"{Side.Email} is connected. One more step", choice.Text, StringComparison.Ordinal);
        Assert.Contains("Not finished", (await browser.GetAsync(Cloud.Start)).Text, StringComparison.Ordinal);
        var link = await browser.PostAsync(choice.Path, ("level", "Initials"), ("existing", "false"));
        Assert.StartsWith("/settings/sync/links/", link.Path, StringComparison.Ordinal);
        Assert.Equal("HX_Riverbend (Maya Lindqvist)", Assert.Single(await Side.CalendarsAsync()).Name);
        Assert.Contains(AuditAction.LinkMade, await AuditAsync());
        var kept = Assert.Single(await LinksAsync());
        Assert.Equal((PrivacyLevel.Initials, LinkState.Active, "icloud"), (kept.Level, kept.State, kept.Provider));
        Assert.StartsWith(Cloud.Front.Partition, kept.CalendarId, StringComparison.Ordinal);
        // the same account once more is the same link
        Assert.Equal(link.Path, (await Side.ConnectAsync(browser)).Path);
        Assert.Single(await LinksAsync());
    }

    [Fact]
    public async Task Each_refusal_is_said_in_words_and_nothing_is_connected()
    {
        using var browser = await SignedInAsync("maya");
        await ShowsAsync(browser, Cloud.Options.MainPassword, "looks like the password of your Apple Account itself");
        await ShowsAsync(browser, "aaaa-bbbb-cccc-dddd", "does not accept this e-mail address and app-specific password");
        await ShowsAsync(browser, "", "Fill in every field");
        foreach (var (status, words) in ((int, string)[])[(503, "is busy or not available at the moment"), (500, "cannot be reached, or does not answer"), (404, "does not answer as a CalDAV server does")])
        {
            Cloud.Front.Script(new FrontFault("*", "status") { Status = status, Times = 4 });
            await ShowsAsync(browser, Cloud.Options.AppPassword, words);
            Cloud.Front.ClearScript();
        }

        Assert.Empty(await AccountsAsync());
    }

    [Fact]
    public async Task No_password_is_kept_in_clear_nor_shown_again()
    {
        using var browser = await SignedInAsync("maya");
        await LinkAsync(browser);
        var account = Assert.Single(await AccountsAsync());
        Assert.DoesNotContain(Cloud.Options.AppPassword, $"{account} {account.ProtectedSecret}", StringComparison.Ordinal);
        var refused = await Cloud.TypeAsync(browser, "", Side.Email, "not-the-password");
        Assert.DoesNotContain("not-the-password", refused.Text, StringComparison.Ordinal);
        Assert.Contains(Side.Email, refused.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Another_account_than_the_one_that_is_connected_again_changes_nothing()
    {
        using var browser = await SignedInAsync("maya");
        await LinkAsync(browser);
        var before = Assert.Single(await AccountsAsync());
        await Side.TakeBackAsync();
        await UntilAsync(async () => (await AccountsAsync())[0].LostAt is not null || await CheckAsync(browser, before.Id), "it is found");
        var other = $"other@{Side.Email.Split('@')[1]}";
        Assert.Contains($"you chose {other} at iCloud, but this link is with {Side.Email}", WebUtility.HtmlDecode((await Side.ConnectAsync(browser, other, before.Id)).Text), StringComparison.Ordinal);
        Assert.NotNull(Assert.Single(await AccountsAsync()).LostAt);
        Assert.Contains($"{Side.Email} is connected again", (await Side.ConnectAsync(browser, again: before.Id)).Text, StringComparison.Ordinal);
        Assert.Null(Assert.Single(await AccountsAsync()).LostAt);
    }

    [Fact]
    public async Task A_calendar_of_theirs_may_be_chosen_belongs_to_one_link_and_is_never_deleted()
    {
        using var browser = await SignedInAsync("maya");
        await Cloud.MakeCalendarAsync("HX_Mine");
        var choice = await Side.ConnectAsync(browser);
        Assert.Contains("HX_Mine", choice.Text, StringComparison.Ordinal);
        var id = System.Text.RegularExpressions.Regex.Match(choice.Text, "name=\"calendar\" value=\"([^\"]+)\"").Groups[1].Value;
        var refused = await browser.PostAsync(choice.Path, ("level", "Busy"), ("existing", "false"), ("calendar", "http://127.0.0.1:1/another/"));
        Assert.Contains("no longer exists, or is linked already", refused.Text, StringComparison.Ordinal);
        var link = await browser.PostAsync(choice.Path, ("level", "Busy"), ("existing", "false"), ("calendar", WebUtility.HtmlDecode(id)));
        Assert.StartsWith("/settings/sync/links/", link.Path, StringComparison.Ordinal);
        Assert.Empty(await Side.CalendarsAsync());
        Assert.DoesNotContain("It is deleted", link.Text, StringComparison.Ordinal);
        Assert.Contains("Choose what should happen to the calendar", (await browser.ForgeAsync(link.Path, link.Path + "/disconnect", ("calendar", "deleted"))).Text, StringComparison.Ordinal);
        var other = await Side.ConnectAsync(browser, $"other@{Side.Email.Split('@')[1]}");
        Assert.Contains("no longer exists, or is linked already", (await browser.PostAsync(other.Path, ("level", "Busy"), ("existing", "false"), ("calendar", WebUtility.HtmlDecode(id)))).Text, StringComparison.Ordinal);
        var done = await browser.PostAsync(link.Path + "/disconnect", await browser.GetAsync(link.Path), ("calendar", "stays"));
        Assert.Contains("account.apple.com", done.Text, StringComparison.Ordinal);
        Assert.Contains("HX_Mine", (await Side.ConnectAsync(browser)).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_double_click_makes_one_link_and_deletes_no_calendar_that_was_chosen()
    {
        using var browser = await SignedInAsync("maya");
        var link = await LinkAsync(browser);
        await browser.PostAsync(link.Path + "/disconnect", await browser.GetAsync(link.Path), ("calendar", "stays"));
        var choice = await Side.ConnectAsync(browser);
        var id = WebUtility.HtmlDecode(System.Text.RegularExpressions.Regex.Match(choice.Text, "name=\"calendar\" value=\"([^\"]+)\"").Groups[1].Value);
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => browser.PostAsync(choice.Path, choice, ("level", "Busy"), ("existing", "false"), ("calendar", id))));
        Assert.Equal(id, Assert.Single(await LinksAsync()).CalendarId);
        Assert.Single(await Side.CalendarsAsync());
    }

    private protected override async Task<OutsideSide> StartSideAsync() => await CalDavSide.StartAsync("icloud");

    private static async Task<bool> CheckAsync(PageClient browser, string account)
    {
        var page = await browser.GetAsync($"/settings/sync/links/{account}");
        if (page.Text.Contains("/check\"", StringComparison.Ordinal)) await browser.PostAsync($"/settings/sync/links/{account}/check", page);
        return false;
    }

    private async Task ShowsAsync(PageClient browser, string password, string words)
    {
        var page = await Cloud.TypeAsync(browser, "", Side.Email, password);
        Assert.Contains(words, WebUtility.HtmlDecode(page.Text), StringComparison.Ordinal);
    }
}

/// <summary>An account at another CalDAV server, whose address a person types: this server must not be made to look into its own network, nor to send a password elsewhere.</summary>
public sealed class CalDavConnectTests : OutsidePageTest
{
    private CalDavSide Server1 => (CalDavSide)Side;

    [Fact]
    public async Task A_newcomer_types_an_address_and_has_a_link()
    {
        using var browser = await SignedInAsync("maya");
        var link = await LinkAsync(browser);
        Assert.StartsWith("/settings/sync/links/", link.Path, StringComparison.Ordinal);
        Assert.Contains("CalDAV account", link.Text, StringComparison.Ordinal);
        Assert.Single(await Side.CalendarsAsync());
    }

    [Theory]
    [InlineData("", "Fill in every field")]
    [InlineData("ftp://calendar.example.com/", "not the address of a server")]
    [InlineData("http://", "not the address of a server")]
    [InlineData("https://127.0.0.2/", "on this server's own network")]
    [InlineData("https://[::1]/", "on this server's own network")]
    [InlineData("https://[::ffff:127.0.0.2]/", "on this server's own network")]
    [InlineData("https://localhost/", "on this server's own network")]
    [InlineData("http://169.254.169.254/latest/meta-data", "on this server's own network")]
    [InlineData("https://10.1.2.3:8443/dav", "on this server's own network")]
    [InlineData("192.168.0.1", "on this server's own network")]
    [InlineData("https://127.0.0.1:1/", "cannot be reached")]
    public async Task Each_address_that_is_none_is_said_in_words(string address, string words)
    {
        using var browser = await SignedInAsync("maya");
        var page = await Server1.TypeAsync(browser, address, Side.Email, "abcd-efgh-ijkl-mnop");
        Assert.Contains(words, WebUtility.HtmlDecode(page.Text), StringComparison.Ordinal);
        Assert.Empty(await AccountsAsync());
    }

    [Fact]
    public async Task A_wrong_password_and_a_server_that_is_no_CalDAV_server_are_told_apart()
    {
        using var browser = await SignedInAsync("maya");
        var wrong = await Server1.TypeAsync(browser, Server1.Front.Address, Side.Email, "wrong");
        Assert.Contains("does not accept this login and password", wrong.Text, StringComparison.Ordinal);
        Server1.Front.Script(new FrontFault("*", "status") { Status = 404, Times = 9 });
        var none = await Server1.TypeAsync(browser, Server1.Front.Address, Side.Email, Server1.Options.AppPassword);
        Assert.Contains("does not answer as a CalDAV server does", none.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_answer_with_an_address_that_is_none_is_said_in_words()
    {
        using var browser = await SignedInAsync("maya");
        const string Body = "<multistatus xmlns='DAV:'><response><href>/</href><propstat><prop><current-user-principal><href>http://[::1</href></current-user-principal></prop><status>HTTP/1.1 200 OK</status></propstat></response></multistatus>";
        Server1.Front.Script(new FrontFault("PROPFIND", "status") { Status = 207, Body = Body, Times = 9 });
        var page = await Server1.TypeAsync(browser, Server1.Front.Address, Side.Email, Server1.Options.AppPassword);
        Assert.Contains("does not answer as a CalDAV server does", page.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_like_this_one_can_be_the_other_side()
    {
        using var browser = await SignedInAsync("maya");
        var other = await Server.AddPersonAsync("tom@example.com", PrincipalRole.User, null);
        var choice = await Server1.TypeAsync(browser, Server.Address.AbsoluteUri, other.Principal.Login, other.Secret);
        Assert.Contains("tom@example.com is connected", choice.Text, StringComparison.Ordinal);
        var link = await browser.PostAsync(choice.Path, ("level", "FullName"), ("existing", "false"));
        var diary = new Diary(Server.Store, Server.Clock, Maya.Id, AuditActor.OnPages(Maya, "session"));
        await diary.AddPersonalAsync(new PersonalEntry("Lunch", Server.Clock.GetCurrentInstant().InZone(Practice.Zone()).LocalDateTime.Date.PlusDays(2) + new NodaTime.LocalTime(12, 0), NodaTime.Duration.FromHours(1)));
        await browser.PostAsync(link.Path + "/check", await browser.GetAsync(link.Path));
        await UntilAsync(async () => await RowsAsync(other.Principal.Id) == 1, "it is on the other side");
        await UntilAsync(async () => (await browser.GetAsync(link.Path)).Text.Contains("Both calendars agree", StringComparison.Ordinal), "it says so");
    }

    private protected override async Task<OutsideSide> StartSideAsync() => await CalDavSide.StartAsync("caldav");

    private async Task<int> RowsAsync(string principalId)
    {
        using var snapshot = await Server.Store.OpenSnapshotAsync(TestContext.Current.CancellationToken);
        var made = (await snapshot.ListCollectionsAsync(principalId)).Single(one => one.Name.StartsWith("hx-", StringComparison.Ordinal));
        return await snapshot.ListRowsAsync(made.Id).CountAsync(TestContext.Current.CancellationToken);
    }
}
