using System.Net;
using System.Reflection;
using System.Text.RegularExpressions;
using CalDavServer.Hosting;
using CalDavServer.Options;
using CalDavServer.Tests.Access;
using CalDavServer.Tests.Hosting;
using CalDavServer.Web.SignIn;
using Calendaring.Store;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc.Infrastructure;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.AspNetCore.Mvc.RazorPages.Infrastructure;
using Microsoft.Extensions.DependencyInjection;
using NodaTime;
using Practice;
using Practice.Feeds;
using Practice.People;
using Xunit;

namespace CalDavServer.Tests.Web;

/// <summary>A stolen session does not become lasting access: whatever gives that asks the person to confirm that it is them.</summary>
public sealed partial class LastingAccessTests : PageTest
{
    private const string Feed = "/settings/integrations/feed";
    private const string Invite = "/settings/people/invite";
    private const string Add = "/settings/integrations/add/app";
    private readonly ManualClock _clock = new() { Now = Instant.FromUtc(2026, 3, 2, 1, 3) };
    private readonly MailStandIn _mail = new();

    private protected override IClock Clock => _clock;

    private protected override ServerOptions? Hosting => new() { Mail = _mail.Settings, PublicAddress = new Uri("http://calendar.riverbend.example/") };

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        await _mail.DisposeAsync();
    }

    /// <summary>A handler that is new says whether it gives lasting access, and what this list has of those that do is looked at when it changes.</summary>
    [Fact]
    public async Task Every_handler_of_a_page_says_whether_it_gives_lasting_access()
    {
        var says = new SortedDictionary<string, LastingAccess?>(StringComparer.Ordinal);
        var loader = Server.Services.GetRequiredService<PageLoader>();
        foreach (var page in Server.Services.GetRequiredService<IActionDescriptorCollectionProvider>().ActionDescriptors.Items.OfType<PageActionDescriptor>())
        {
            foreach (var handler in (await loader.LoadAsync(page, EndpointMetadataCollection.Empty)).HandlerMethods.Where(handler => handler.HttpMethod == "Post"))
                says[$"/{page.AttributeRouteInfo!.Template} {handler.Name}".TrimEnd()] = handler.MethodInfo.GetCustomAttribute<LastingAccessAttribute>()?.Says;
        }

        Assert.Empty(says.Where(handler => handler.Value is null).Select(handler => handler.Key));
        Assert.Equal(
            [
                "/settings/details AsksPassword",
                "/settings/integrations/accounts/{account} Gives",
                "/settings/integrations/add/{way:regex(^(apple|app)$)} Gives",
                "/settings/integrations/devices/{id}/{handler?} Password Gives",
                "/settings/integrations/feed Level MayGive",
                "/settings/integrations/feed On Gives",
                "/settings/integrations/feed Renew Gives",
                "/settings/integrations/feed Send Gives",
                "/settings/integrations/feed Show Gives",
                "/settings/integrations/halaxy/{handler?} Connect Gives",
                "/settings/integrations/halaxy/{handler?} Key Gives",
                "/settings/integrations/{provider:regex(^(google|microsoft)$)}/{handler?} Connect Gives",
                "/settings/integrations/{provider:regex(^(icloud|caldav|exchange)$)}/{handler?} Connect Gives",
                "/settings/passkeys Add Gives",
                "/settings/passkeys Begin Gives",
                "/settings/passkeys Remove Gives",
                "/settings/password AsksPassword",
                "/settings/password Remove Gives",
                "/settings/people/invite Gives",
                "/settings/people/{id} Edit AsksPassword",
                "/settings/people/{id} Invite Gives",
                "/settings/people/{id} Reactivate Gives",
                "/settings/people/{id} RemoveSecondFactor AsksPassword",
                "/settings/sync/devices/{id}/{handler?} MayGive",
                "/settings/sync/links/{account}/{handler?} Level MayGive",
                "/settings/two-step Codes AsksPassword",
                "/settings/two-step Off AsksPassword",
                "/settings/two-step On AsksPassword",
                "/settings/two-step OnPasskey AsksPassword",
            ],
            says.Where(handler => handler.Value is not (LastingAccess.None or LastingAccess.SignsIn)).Select(handler => $"{handler.Key} {handler.Value}"));
        Assert.All(says.Where(handler => handler.Value is LastingAccess.SignsIn), handler => Assert.Matches("^/(sign-in|forgotten|password/|address/)", handler.Key));
    }

    [Fact]
    public async Task A_device_is_made_only_after_the_person_has_confirmed_and_with_everything_that_was_typed()
    {
        using var browser = await SignedInAsync("maya");
        var form = FormOf().Match((await browser.GetAsync(Add)).Text).Groups[1].Value;
        _clock.Now += Duration.FromMinutes(11);
        var asked = await browser.PostAsync(Add, ("form", form), ("label", "Maya's \"<b>phone</b>\""), ("Level", "FullName"), ("readOnly", "true"));
        AssertAsks(asked);
        Assert.Empty(await DevicesAsync());
        AssertAsks(await ConfirmAsync(browser, asked, "wrong"), "not your password");
        Assert.Empty(await DevicesAsync());
        var made = await ConfirmAsync(browser, asked, Password);
        Assert.StartsWith("/settings/integrations/devices/", made.Path, StringComparison.Ordinal);
        var device = Assert.Single(await DevicesAsync());
        Assert.Equal(("Maya's \"<b>phone</b>\"", "FullName", true), (device.Label, device.LevelName, device.ReadOnly));
    }

    [Fact]
    public async Task Another_password_for_a_device_and_a_higher_level_are_asked_for_and_a_lower_one_is_not()
    {
        using var browser = await SignedInAsync("maya");
        await MakeDeviceAsync(browser);
        var before = Assert.Single(await DevicesAsync());
        var page = $"/settings/sync/devices/{before.Id}";
        _clock.Now += Duration.FromMinutes(11);
        AssertAsks(await browser.PostAsync($"/settings/integrations/devices/{before.Id}", $"/settings/integrations/devices/{before.Id}/password"));
        AssertAsks(await browser.PostAsync(page, ("label", "Phone"), ("Level", "FullName")));
        Assert.Equal(before, Assert.Single(await DevicesAsync()));
        Assert.Contains("Saved", (await browser.PostAsync(page, ("label", "Phone"), ("Level", "Busy"), ("readOnly", "true"))).Text, StringComparison.Ordinal);
        AssertAsks(await browser.PostAsync(page, ("label", "Phone"), ("Level", "Busy")));
        var asked = await browser.PostAsync(page, ("label", "Phone"), ("Level", "Type"), ("readOnly", "true"));
        AssertAsks(asked);
        Assert.Equal("Busy", Assert.Single(await DevicesAsync()).LevelName);
        await ConfirmAsync(browser, asked, Password);
        Assert.Equal("Type", Assert.Single(await DevicesAsync()).LevelName);
    }

    [Fact]
    public async Task A_feed_is_switched_on_shown_sent_and_opened_further_only_after_confirming()
    {
        using var browser = await SignedInAsync("maya");
        _clock.Now += Duration.FromMinutes(11);
        var asked = await browser.PostAsync($"{Feed}?handler=On", ("Level", "Type"));
        AssertAsks(asked);
        Assert.Null(await FeedAsync());
        var on = await ConfirmAsync(browser, asked, Password);
        Assert.Contains("/feeds/", on.Text, StringComparison.Ordinal);
        var feed = await FeedAsync();
        Assert.Equal(PrivacyLevel.Type, feed!.Level);
        _clock.Now += Duration.FromMinutes(11);
        var hidden = await browser.GetAsync(Feed);
        Assert.DoesNotContain("/feeds/", hidden.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("webcal", hidden.Text, StringComparison.Ordinal);
        AssertAsks(await browser.ForgeAsync(Feed, $"{Feed}?handler=Send"));
        AssertAsks(await browser.PostAsync($"{Feed}?handler=Renew"));
        AssertAsks(await browser.PostAsync($"{Feed}?handler=Level", ("Level", "FullName")));
        Assert.Equal(feed, await FeedAsync());
        await browser.PostAsync($"{Feed}?handler=Level", ("Level", "Busy"));
        Assert.Equal(PrivacyLevel.Busy, (await FeedAsync())!.Level);
        var shown = await ConfirmAsync(browser, await browser.PostAsync($"{Feed}?handler=Show"), Password);
        Assert.Contains("/feeds/", shown.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nobody_is_invited_and_nobody_gets_access_back_before_the_administrator_has_confirmed()
    {
        using var browser = await SignedInAsync("ruth");
        await browser.PostAsync($"/settings/people/{Tom.Id}?handler=Deactivate");
        _clock.Now += Duration.FromMinutes(11);
        var asked = await browser.PostAsync(Invite, ("name", "Ana & Co"), ("email", "ana@riverbend.example"), ("login", ""), ("role", "Administrator"));
        AssertAsks(asked);
        AssertAsks(await browser.PostAsync($"/settings/people/{Tom.Id}?handler=Reactivate"));
        using (var snapshot = await Server.Store.OpenSnapshotAsync(TestContext.Current.CancellationToken))
        {
            Assert.Equal(3, (await snapshot.ListPrincipalsAsync(Practice.Id)).Count);
            Assert.NotNull((await snapshot.FindPrincipalAsync(Tom.Id))!.Deactivated);
        }

        var invited = await ConfirmAsync(browser, asked, Password);
        Assert.Contains("Ana &amp; Co", invited.Text, StringComparison.Ordinal);
        // for the next ten minutes nobody is asked again
        Assert.Contains("has access again", (await browser.PostAsync($"/settings/people/{Tom.Id}?handler=Reactivate")).Text, StringComparison.Ordinal);
        _clock.Now += Duration.FromMinutes(11);
        AssertAsks(await browser.PostAsync($"{invited.Path}?handler=Invite"));
    }

    [Fact]
    public async Task What_takes_access_away_is_not_asked_for()
    {
        using var browser = await SignedInAsync("maya");
        await MakeDeviceAsync(browser);
        await browser.PostAsync($"{Feed}?handler=On", ("Level", "Type"));
        var device = Assert.Single(await DevicesAsync());
        _clock.Now += Duration.FromMinutes(11);
        await browser.PostAsync($"{Feed}?handler=Off");
        await browser.PostAsync($"/settings/sync/devices/{device.Id}", $"/settings/sync/devices/{device.Id}/revoke", ("sure", "true"));
        Assert.Null(await FeedAsync());
        Assert.Empty(await DevicesAsync());
    }

    [Fact]
    public async Task Confirming_is_of_one_browser_and_lasts_ten_minutes()
    {
        using var browser = await SignedInAsync("maya");
        using var stolen = await SignedInAsync("maya");
        _clock.Now += Duration.FromMinutes(11);
        await ConfirmAsync(browser, await browser.PostAsync($"{Feed}?handler=On", ("Level", "Type")), Password);
        AssertAsks(await stolen.PostAsync($"{Feed}?handler=Show"));
        _clock.Now += Duration.FromMinutes(9);
        Assert.Contains("/feeds/", (await browser.GetAsync(Feed)).Text, StringComparison.Ordinal);
        _clock.Now += Duration.FromMinutes(2);
        AssertAsks(await browser.PostAsync($"{Feed}?handler=Show"));
    }

    [Fact]
    public async Task Wrong_passwords_are_slowed_by_the_throttle_of_the_sign_in_and_keep_nobody_out_elsewhere()
    {
        using var browser = await SignedInAsync("maya");
        _clock.Now += Duration.FromMinutes(11);
        var asked = await browser.PostAsync($"{Feed}?handler=On", ("Level", "Type"));
        PageAnswer page;
        var tries = 0;
        do page = await ConfirmAsync(browser, asked, "wrong");
        while (page.Status == HttpStatusCode.OK && ++tries < 30);
        Assert.Equal((HttpStatusCode.TooManyRequests, 10), (page.Status, tries));
        Assert.Equal(HttpStatusCode.TooManyRequests, (await ConfirmAsync(browser, asked, Password)).Status);
        using var other = new PageClient(Server);
        await other.SignInAsync("maya", Password);
        _clock.Now += Duration.FromSeconds(31);
        Assert.Contains("not your password", (await ConfirmAsync(browser, asked, "wrong")).Text, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.TooManyRequests, (await ConfirmAsync(browser, asked, Password)).Status);
        Assert.Null(await FeedAsync());
    }

    [Fact]
    public async Task Where_two_step_sign_in_is_on_the_password_alone_does_not_confirm()
    {
        using var browser = await SignedInAsync("maya");
        var page = await browser.GetAsync("/settings/two-step");
        await browser.PostAsync("/settings/two-step?handler=On", page, ("password", Password), ("code", TwoStepTests.CodeOn(page, _clock.Now)));
        _clock.Now += Duration.FromMinutes(11);
        var asked = await browser.PostAsync($"{Feed}?handler=On", ("Level", "Type"));
        Assert.Contains("name=\"confirm-code\"", asked.Text, StringComparison.Ordinal);
        AssertAsks(await ConfirmAsync(browser, asked, Password), "code is not right");
        AssertAsks(await ConfirmAsync(browser, asked, Password, "000000"), "code is not right");
        Assert.Null(await FeedAsync());
        await ConfirmAsync(browser, asked, Password, TwoStepTests.CodeOn(page, _clock.Now));
        Assert.NotNull(await FeedAsync());
        // a code is good once
        _clock.Now += Duration.FromMinutes(11);
        AssertAsks(await ConfirmAsync(browser, await browser.PostAsync($"{Feed}?handler=Show"), Password, TwoStepTests.CodeOn(page, _clock.Now - Duration.FromMinutes(11))), "code is not right");
    }

    [Fact]
    public async Task A_program_is_told_in_a_sentence()
    {
        using var browser = await SignedInAsync("maya");
        var token = PageForm.TokenIn((await browser.GetAsync(Feed)).Text)!;
        _clock.Now += Duration.FromMinutes(11);
        using var http = new HttpClient(new SocketsHttpHandler { CookieContainer = browser.Cookies, AllowAutoRedirect = false }) { BaseAddress = Server.Address };
        using var request = new HttpRequestMessage(HttpMethod.Post, $"{Feed}?handler=On") { Headers = { { "Accept", "application/json" }, { "X-Form-Token", token } } };
        using var answer = await http.SendAsync(request, TestContext.Current.CancellationToken);
        Assert.Equal((HttpStatusCode.Forbidden, Confirmation.Asked), (answer.StatusCode, await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)));
        using var passkey = await http.PostAsync("/passkeys/new", null, TestContext.Current.CancellationToken);
        Assert.Equal((HttpStatusCode.Forbidden, Confirmation.Asked), (passkey.StatusCode, (await passkey.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).Trim()));
        Assert.Null(await FeedAsync());
    }

    [Fact]
    public async Task A_session_that_ends_while_its_person_confirms_gives_nothing()
    {
        using var browser = await SignedInAsync("maya");
        using var other = await SignedInAsync("maya");
        _clock.Now += Duration.FromMinutes(11);
        var asked = await browser.PostAsync($"{Feed}?handler=On", ("Level", "Type"));
        await other.PostAsync("/settings/sessions?handler=EndOthers");
        Assert.StartsWith("/sign-in", (await ConfirmAsync(browser, asked, Password)).Path, StringComparison.Ordinal);
        Assert.Null(await FeedAsync());
    }

    private static void AssertAsks(PageAnswer page, string words = "Confirm that it is you")
    {
        Assert.Contains("<h1>Confirm that it is you</h1>", page.Text, StringComparison.Ordinal);
        Assert.Contains(words, page.Text, StringComparison.Ordinal);
        Assert.DoesNotContain(Password, page.Text, StringComparison.Ordinal);
    }

    // sends the page's form as a browser does: with all that is in it
    private static Task<PageAnswer> ConfirmAsync(PageClient browser, PageAnswer asked, string password, string? code = null)
    {
        var form = Regex.Matches(asked.Text, "<form\\b([^>]*)>(.*?)</form>", RegexOptions.Singleline).Last(form => form.Value.Contains("confirm-password", StringComparison.Ordinal));
        var action = WebUtility.HtmlDecode(Regex.Match(form.Groups[1].Value, "action=\"([^\"]*)\"").Groups[1].Value);
        var fields = Regex.Matches(form.Groups[2].Value, "<input type=\"hidden\" name=\"([^\"]*)\" value=\"([^\"]*)\"").Select(field => (WebUtility.HtmlDecode(field.Groups[1].Value), WebUtility.HtmlDecode(field.Groups[2].Value)));
        return browser.PostAsync(action, asked, [.. fields, ("confirm-password", password), ("confirm-code", code ?? "")]);
    }

    private static async Task MakeDeviceAsync(PageClient browser)
    {
        var form = FormOf().Match((await browser.GetAsync(Add)).Text).Groups[1].Value;
        await browser.PostAsync(Add, ("form", form), ("label", "Phone"), ("Level", "Initials"));
    }

    private async Task<IReadOnlyList<Credential>> DevicesAsync()
    {
        using var snapshot = await Server.Store.OpenSnapshotAsync(TestContext.Current.CancellationToken);
        return await snapshot.ListCredentialsAsync(Maya.Id);
    }

    private async Task<Feed?> FeedAsync()
    {
        using var snapshot = await Server.Store.OpenSnapshotAsync(TestContext.Current.CancellationToken);
        return (await global::Practice.Feeds.Feed.FindAsync(snapshot, Maya.Id))?.Feed;
    }

    [GeneratedRegex("name=\"form\" value=\"([^\"]*)\"")]
    private static partial Regex FormOf();
}
