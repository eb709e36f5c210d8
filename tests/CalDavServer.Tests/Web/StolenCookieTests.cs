using System.Net;
using CalDavServer.Options;
using CalDavServer.Tests.Access;
using CalDavServer.Tests.Hosting;
using CalDavServer.Web.SignIn;
using NodaTime;
using Practice.Feeds;
using Practice.People;
using Xunit;

namespace CalDavServer.Tests.Web;

/// <summary>Whoever has stolen the cookie of a session shares nothing of what its person has proved in it, and is told as another browser.</summary>
public sealed class StolenCookieTests : PageTest
{
    private const string FeedPage = "/settings/integrations/feed";
    private const string Banner = "See what changed</a>";
    private readonly ManualClock _clock = new() { Now = Instant.FromUtc(2026, 3, 2, 1, 3) };

    private protected override IClock Clock => _clock;

    private protected override ServerOptions? Hosting => new() { Proxies = [IPNetwork.Parse("127.0.0.0/8")], AllowHttp = true };

    public static TheoryData<string?, string?> Elsewhere => new()
    {
        { "curl/8.9.1", null },
        { null, "203.0.113.7" },
        { null, "2001:db8:1:2::1" },
        { "curl/8.9.1", "203.0.113.7" },
    };

    [Theory]
    [MemberData(nameof(Elsewhere))]
    public async Task Another_browser_or_network_with_the_same_cookie_has_to_confirm_for_itself(string? agent, string? address)
    {
        using var browser = await SignedInAsync("maya");
        using var thief = browser.Stolen(agent, address);
        AssertAsks(await thief.PostAsync($"{FeedPage}?handler=On", ("Level", "FullName")));
        Assert.Null(await FeedAsync());
        using var passkey = await PostAsync(thief, "/passkeys/new");
        Assert.Equal(HttpStatusCode.Forbidden, passkey.StatusCode);

        // and where its person confirms, the thief gains nothing
        await browser.PostAsync($"{FeedPage}?handler=On", ("Level", "Busy"));
        Assert.Contains("/feeds/", (await browser.GetAsync(FeedPage)).Text, StringComparison.Ordinal);
        Assert.DoesNotContain("/feeds/", (await thief.GetAsync(FeedPage)).Text, StringComparison.Ordinal);
        AssertAsks(await thief.PostAsync($"{FeedPage}?handler=Show"));
    }

    [Theory]
    [MemberData(nameof(Elsewhere))]
    public async Task What_another_browser_or_network_does_with_the_same_cookie_is_told_and_cannot_be_clicked_away_there(string? agent, string? address)
    {
        using var browser = await SignedInAsync("maya");
        using var thief = browser.Stolen(agent, address);
        _clock.Now += Duration.FromSeconds(1);
        var asked = await thief.PostAsync($"{FeedPage}?handler=On", ("Level", "Busy"));
        await thief.PostAsync($"{FeedPage}?handler=On", asked, ("Level", "Busy"), ("confirm-password", Password), ("confirm-code", ""));
        Assert.NotNull(await FeedAsync());
        Assert.DoesNotContain(Banner, (await thief.GetAsync("/settings")).Text, StringComparison.Ordinal);
        Assert.Contains("this browser", (await thief.GetAsync("/settings/security")).Text, StringComparison.Ordinal);
        Assert.Contains(Banner, (await browser.GetAsync("/settings")).Text, StringComparison.Ordinal);
        Assert.Contains("another browser of yours", (await browser.GetAsync("/settings/security")).Text, StringComparison.Ordinal);
        await thief.ForgeAsync("/settings/security", "/settings/security");
        Assert.Contains(Banner, (await browser.GetAsync("/settings")).Text, StringComparison.Ordinal);
        _clock.Now += Duration.FromSeconds(1);
        await browser.PostAsync("/settings/security");
        Assert.DoesNotContain(Banner, (await browser.GetAsync("/settings")).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Another_address_of_the_same_network_is_the_same_browser()
    {
        using var browser = new PageClient(Server);
        using var home = browser.Stolen(address: "2001:db8:1:2::1");
        await home.SignInAsync("maya", Password);
        using var moved = browser.Stolen(address: "2001:db8:1:2:ffff::9");
        await moved.PostAsync($"{FeedPage}?handler=On", ("Level", "Busy"));
        Assert.NotNull(await FeedAsync());
        Assert.DoesNotContain(Banner, (await home.GetAsync("/settings")).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_password_of_a_new_device_is_shown_to_the_browser_that_made_it_only()
    {
        const string add = "/settings/integrations/add/app";
        using var browser = await SignedInAsync("maya");
        using var thief = browser.Stolen("curl/8.9.1");
        var form = PageForm.ListOf(await browser.GetAsync(add)).First(form => form.PostsTo(add)).Hidden("form")!;
        using var http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, CookieContainer = browser.Cookies }) { BaseAddress = Server.Address };
        http.DefaultRequestHeaders.Accept.ParseAdd("text/html");
        using var fields = new FormUrlEncodedContent(new Dictionary<string, string> { ["form"] = form, ["label"] = "Phone", ["Level"] = "Busy", [PageForm.TokenField] = PageForm.TokenIn((await browser.GetAsync(add)).Text)! });
        using var made = await http.PostAsync(add, fields, TestContext.Current.CancellationToken);
        var page = made.Headers.Location!.OriginalString;
        var stolen = (await thief.GetAsync(page)).Text;
        var secret = System.Text.RegularExpressions.Regex.Match((await browser.GetAsync(page)).Text, "id=\"password\"[^>]*>([^<]+)<").Groups[1].Value;
        Assert.NotEmpty(secret);
        Assert.DoesNotContain(secret, stolen, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Of_many_uses_at_one_time_every_browser_and_address_is_listed_and_the_session_goes_on()
    {
        const int uses = 40;
        using var browser = await SignedInAsync("maya");
        var thieves = Enumerable.Range(0, uses).Select(n => browser.Stolen($"Agent/{n}.0", $"203.0.113.{n + 1}")).ToList();
        var answers = await Task.WhenAll(thieves.Select(thief => thief.GetAsync("/settings")));
        thieves.ForEach(thief => thief.Dispose());
        Assert.All(answers, answer => Assert.Equal("/settings", answer.Path));
        using var snapshot = await Server.Store.OpenSnapshotAsync(TestContext.Current.CancellationToken);
        var places = Assert.Single(await Session.ListAsync(snapshot, Maya.Id)).Places!;
        Assert.Equal(
            Enumerable.Range(0, uses).Select(n => $"203.0.113.{n + 1} Agent/{n}.0").Order(StringComparer.Ordinal),
            places.Where(place => place.UserAgent?.StartsWith("Agent", StringComparison.Ordinal) == true).Select(place => $"{place.Address} {place.UserAgent}").Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_use_that_is_noted_while_the_person_confirms_takes_nothing_of_the_other_away()
    {
        using var browser = await SignedInAsync("maya");
        _clock.Now += Duration.FromMinutes(11);
        var asked = await browser.PostAsync($"{FeedPage}?handler=On", ("Level", "Busy"));
        var thieves = Enumerable.Range(0, 8).Select(n => browser.Stolen($"Agent/{n}.0")).ToList();
        var uses = thieves.Select(thief => thief.GetAsync("/settings")).ToList();
        await browser.PostAsync($"{FeedPage}?handler=On", asked, ("Level", "Busy"), ("confirm-password", Password), ("confirm-code", ""));
        await Task.WhenAll(uses);
        thieves.ForEach(thief => thief.Dispose());
        Assert.NotNull(await FeedAsync());
        using var snapshot = await Server.Store.OpenSnapshotAsync(TestContext.Current.CancellationToken);
        var session = Assert.Single(await Session.ListAsync(snapshot, Maya.Id));
        Assert.Equal(8, session.Places!.Count(place => place.UserAgent?.StartsWith("Agent", StringComparison.Ordinal) == true));
        Assert.Contains(session.Browsers!, known => known.Confirmed == _clock.Now);
    }

    private static void AssertAsks(PageAnswer page) => Assert.Contains("<h1>Confirm that it is you</h1>", page.Text, StringComparison.Ordinal);

    private async Task<HttpResponseMessage> PostAsync(PageClient thief, string path)
    {
        // asks as a program does
        using var http = new HttpClient(new SocketsHttpHandler { CookieContainer = thief.Cookies }) { BaseAddress = Server.Address };
        http.DefaultRequestHeaders.UserAgent.ParseAdd("curl/8.9.1");
        return await http.PostAsync(path, null, TestContext.Current.CancellationToken);
    }

    private async Task<Feed?> FeedAsync()
    {
        using var snapshot = await Server.Store.OpenSnapshotAsync(TestContext.Current.CancellationToken);
        return (await Feed.FindAsync(snapshot, Maya.Id))?.Feed;
    }
}
