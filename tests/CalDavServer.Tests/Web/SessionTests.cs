using System.Net;
using System.Security.Claims;
using System.Text.RegularExpressions;
using CalDavServer.Options;
using CalDavServer.Tests.Access;
using CalDavServer.Tests.Hosting;
using CalDavServer.Web.SignIn;
using Calendaring.Store;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Identity;
using NodaTime;
using Practice.Audit;
using Practice.People;
using Xunit;

namespace CalDavServer.Tests.Web;

/// <summary>Browsers in which somebody is signed in, and their cookies.</summary>
public sealed class SessionTests : PageTest
{
    private readonly ManualClock _clock = new();

    private protected override IClock Clock => _clock;

    private protected override ServerOptions? Hosting => new() { Proxies = [IPNetwork.Parse("127.0.0.0/8")] };

    [Fact]
    public async Task Another_browser_is_listed_and_ended_at_once()
    {
        using var browser = await SignedInAsync("maya");
        using var other = await SignedInAsync("maya");
        var page = await browser.GetAsync("/settings/sessions");
        Assert.Contains("This browser", page.Text, StringComparison.Ordinal);
        var id = Assert.Single(Regex.Matches(page.Text, "name=\"id\" value=\"([0-9a-f]+)\"")).Groups[1].Value;
        await browser.PostAsync("/settings/sessions?handler=End", ("id", id));
        Assert.StartsWith("/sign-in", (await other.GetAsync("/settings")).Path, StringComparison.Ordinal);
        Assert.Equal("/settings", (await browser.GetAsync("/settings")).Path);
        Assert.Contains(AuditAction.SessionEnded, await AuditAsync());
    }

    [Fact]
    public async Task Every_other_browser_is_ended_and_nobody_elses()
    {
        using var browser = await SignedInAsync("maya");
        using var second = await SignedInAsync("maya");
        using var third = await SignedInAsync("maya");
        using var tom = await SignedInAsync("tom");
        await browser.PostAsync("/settings/sessions?handler=EndOthers");
        Assert.StartsWith("/sign-in", (await second.GetAsync("/settings")).Path, StringComparison.Ordinal);
        Assert.StartsWith("/sign-in", (await third.GetAsync("/settings")).Path, StringComparison.Ordinal);
        Assert.Equal("/settings", (await browser.GetAsync("/settings")).Path);
        Assert.Equal("/settings", (await tom.GetAsync("/settings")).Path);
    }

    [Fact]
    public async Task Nobody_ends_a_session_of_somebody_else()
    {
        using var maya = await SignedInAsync("maya");
        using var tom = await SignedInAsync("tom");
        string id;
        using (var snapshot = await Server.Store.OpenSnapshotAsync(TestContext.Current.CancellationToken)) id = (await Session.ListAsync(snapshot, Maya.Id))[0].Id;
        await tom.ForgeAsync("/settings/sessions?handler=End", ("id", id));
        Assert.Equal("/settings", (await maya.GetAsync("/settings")).Path);
    }

    [Fact]
    public async Task A_sign_in_gives_another_session_and_ends_the_one_that_the_browser_had()
    {
        using var browser = await SignedInAsync("maya");
        var before = browser.Cookies.GetCookies(Server.Address)["calendarsync"]!.Value;
        await browser.SignInAsync("tom", Password);
        using var thief = new PageClient(Server);
        thief.Cookies.Add(Server.Address, new Cookie("calendarsync", before));
        Assert.StartsWith("/sign-in", (await thief.GetAsync("/settings")).Path, StringComparison.Ordinal);
        Assert.Contains("Tom Okafor", (await browser.GetAsync("/settings")).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_session_that_is_not_used_for_two_weeks_has_ended()
    {
        using var browser = await SignedInAsync("maya");
        _clock.Now += Duration.FromDays(13);
        Assert.Equal("/settings", (await browser.GetAsync("/settings")).Path);
        _clock.Now += Duration.FromDays(15);
        Assert.StartsWith("/sign-in", (await browser.GetAsync("/settings")).Path, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_session_ends_after_thirty_days_however_much_it_is_used()
    {
        using var browser = await SignedInAsync("maya");
        for (var day = 0; day < 30; day += 5)
        {
            Assert.Equal("/settings", (await browser.GetAsync("/settings")).Path);
            _clock.Now += Duration.FromDays(5);
        }

        Assert.Equal("/settings", (await browser.GetAsync("/settings")).Path);
        _clock.Now += Duration.FromMinutes(1);
        Assert.StartsWith("/sign-in", (await browser.GetAsync("/settings")).Path, StringComparison.Ordinal);
        using var again = await SignedInAsync("maya");
        Assert.DoesNotContain("handler=EndOthers", (await again.GetAsync("/settings/sessions")).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_setting_says_how_long_a_session_lasts_at_most()
    {
        await using var server = await TestServer.StartAsync(_clock, hosting: new ServerOptions { SessionLasts = Duration.FromHours(12) });
        var maya = await server.AddPersonAsync("maya");
        await PageClient.GivePasswordAsync(server, maya.Principal.Id, Password);
        using var browser = new PageClient(server);
        await browser.SignInAsync("maya", Password);
        _clock.Now += Duration.FromHours(12);
        Assert.Equal("/settings", (await browser.GetAsync("/settings")).Path);
        _clock.Now += Duration.FromSeconds(1);
        Assert.StartsWith("/sign-in", (await browser.GetAsync("/settings")).Path, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("X-Open-Page", "1", "/settings", 0)]
    [InlineData("X-Open-Page", "1", "/settings", 6)]
    [InlineData("Accept", "text/event-stream", "/calendar/events", 0)]
    [InlineData("Accept", "text/html", "/settings", 0)]
    [InlineData("Accept", "text/html", "/settings", 6)]
    public async Task A_use_with_another_browser_or_from_another_address_is_noted_whatever_it_says_of_itself(string header, string value, string path, int minutes)
    {
        using var browser = await SignedInAsync("maya");
        var began = _clock.Now;
        _clock.Now += Duration.FromMinutes(minutes);
        using var http = new HttpClient(new SocketsHttpHandler { CookieContainer = browser.Cookies }) { BaseAddress = Server.Address };
        foreach (var (agent, address) in new[] { ("curl/8.9.1", (string?)null), ("", "203.0.113.7") })
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, $"{path}?who={Maya.Id}") { Headers = { { header, value } } };
            if (agent.Length > 0) request.Headers.UserAgent.ParseAdd(agent);
            if (address is not null) request.Headers.Add("X-Forwarded-For", address);
            if (address is not null) request.Headers.Add("X-Forwarded-Proto", "https");
            using var answer = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        }

        using (var snapshot = await Server.Store.OpenSnapshotAsync(TestContext.Current.CancellationToken))
        {
            var session = Assert.Single(await Session.ListAsync(snapshot, Maya.Id));
            Assert.Equal(3, session.Places!.Count);
            // an open page still does not make it last longer
            if (header == "X-Open-Page") Assert.Equal(began, session.LastSeen);
        }

        // the owner's own use does not cover it up
        _clock.Now += Duration.FromMinutes(7);
        var listed = (await browser.GetAsync("/settings/sessions")).Text;
        Assert.Contains("Used from elsewhere too", listed, StringComparison.Ordinal);
        Assert.Contains("203.0.113.7", listed, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Signing_out_has_the_browser_forget_what_it_kept()
    {
        using var browser = new PageClient(Server);
        await browser.SignInAsync("maya", Password);
        using var handler = new SocketsHttpHandler { AllowAutoRedirect = false, CookieContainer = browser.Cookies };
        using var http = new HttpClient(handler) { BaseAddress = Server.Address };
        var page = await browser.GetAsync("/settings");
        var token = Regex.Match(page.Text, "__RequestVerificationToken\" type=\"hidden\" value=\"([^\"]+)").Groups[1].Value;
        using var form = new FormUrlEncodedContent([KeyValuePair.Create("__RequestVerificationToken", token)]);
        using var answer = await http.PostAsync("/sign-out", form, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.Redirect, answer.StatusCode);
        Assert.Equal("\"cache\", \"storage\"", Assert.Single(answer.Headers.GetValues("Clear-Site-Data")));
    }

    [Fact]
    public async Task Made_up_forms_and_cookies_write_nothing_to_the_log()
    {
        var log = Server.KeepLog();
        using var http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false }) { BaseAddress = Server.Address };
        http.DefaultRequestHeaders.Add("Cookie", "calendarsync=CfDJ8made-up; calendarsync-form=CfDJ8made-up; calendarsync-notice=CfDJ8made-up; calendarsync-step=CfDJ8made-up");
        for (var i = 0; i < 20; i++)
        {
            using var form = new FormUrlEncodedContent([KeyValuePair.Create("login", "maya"), KeyValuePair.Create("password", "x"), KeyValuePair.Create("__RequestVerificationToken", "CfDJ8made-up")]);
            using var posted = await http.PostAsync("/sign-in", form, TestContext.Current.CancellationToken);
            Assert.Equal(HttpStatusCode.BadRequest, posted.StatusCode);
            using var got = await http.GetAsync("/sign-in", TestContext.Current.CancellationToken);
            Assert.Equal(HttpStatusCode.OK, got.StatusCode);
        }

        Assert.Empty(log);
    }

    [Theory]
    [InlineData("http", null, false)]
    [InlineData("https", null, true)]
    [InlineData("http", "https://calendar.riverbend.example/", true)]
    [InlineData("http", "http://calendar.riverbend.example/", false)]
    public async Task Cookies_are_for_no_script_and_no_other_site_and_over_https_only_for_https(string scheme, string? publicAddress, bool secure)
    {
        await using var server = await TestServer.StartAsync(hosting: Hosting! with { PublicAddress = publicAddress is null ? null : new Uri(publicAddress), AllowHttp = true });
        var maya = await server.AddPersonAsync("maya");
        await PageClient.GivePasswordAsync(server, maya.Principal.Id, Password);
        await SetUpSecondFactorAsync(server, maya.Principal.Id);
        var tom = await server.AddPersonAsync("tom");
        await PageClient.GivePasswordAsync(server, tom.Principal.Id, Password);
        using var http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false }) { BaseAddress = server.Address };
        http.DefaultRequestHeaders.Add("X-Forwarded-Proto", scheme);
        var set = new Dictionary<string, string>();
        await PostAsync("/sign-in", ("login", "maya"), ("password", Password));
        await PostAsync("/sign-in", ("login", "tom"), ("password", Password));
        await PostAsync("/settings/sessions?handler=EndOthers");
        var prefix = publicAddress?.StartsWith("https:", StringComparison.Ordinal) == true ? "__Host-" : "";
        string[] names = [prefix + "calendarsync", prefix + "calendarsync-form", prefix + "calendarsync-notice", prefix + "calendarsync-step"];
        Assert.Equal(names, set.Keys.Order());
        if (prefix.Length > 0) Assert.All(set.Values, cookie => Assert.Matches("(?i); path=/(;|$)", cookie));
        Assert.All(set.Values, cookie => Assert.DoesNotContain("domain=", cookie, StringComparison.OrdinalIgnoreCase));
        Assert.All(set.Values, cookie =>
        {
            Assert.Contains("httponly", cookie, StringComparison.OrdinalIgnoreCase);
            Assert.Matches("(?i)samesite=(lax|strict)", cookie);
            Assert.Equal(secure, cookie.Contains("secure", StringComparison.OrdinalIgnoreCase));
        });

        async Task PostAsync(string path, params (string Name, string Value)[] fields)
        {
            using var form = await http.GetAsync(path, TestContext.Current.CancellationToken);
            Keep(form);
            var token = Regex.Match(await form.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), "__RequestVerificationToken\" type=\"hidden\" value=\"([^\"]+)").Groups[1].Value;
            using var content = new FormUrlEncodedContent([.. fields.Select(field => KeyValuePair.Create(field.Name, field.Value)), KeyValuePair.Create("__RequestVerificationToken", token)]);
            using var answer = await http.PostAsync(path, content, TestContext.Current.CancellationToken);
            Assert.Equal(HttpStatusCode.Redirect, answer.StatusCode);
            Keep(answer);
        }

        void Keep(HttpResponseMessage answer)
        {
            if (!answer.Headers.TryGetValues("Set-Cookie", out var cookies)) return;
            foreach (var cookie in cookies.Where(cookie => !cookie.Contains("=;", StringComparison.Ordinal))) set[cookie.Split('=')[0]] = cookie;
            http.DefaultRequestHeaders.Remove("Cookie");
            http.DefaultRequestHeaders.Add("Cookie", string.Join("; ", set.Values.Select(cookie => cookie.Split(';')[0])));
        }
    }

    [Theory]
    [InlineData("Accept", "text/event-stream", false)]
    [InlineData("X-Open-Page", "1", false)]
    [InlineData("Accept", "text/html", true)]
    public async Task What_an_open_page_asks_for_by_itself_does_not_keep_its_session_alive(string header, string value, bool isUse)
    {
        using var browser = await SignedInAsync("maya");
        var began = _clock.Now;
        _clock.Now += Duration.FromDays(1);
        using var http = new HttpClient(new SocketsHttpHandler { CookieContainer = browser.Cookies }) { BaseAddress = Server.Address };
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/calendar/events?who={Maya.Id}") { Headers = { { header, value } } };
        using var stream = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
        Assert.Equal("text/event-stream", stream.Content.Headers.ContentType?.ToString());
        using var snapshot = await Server.Store.OpenSnapshotAsync(TestContext.Current.CancellationToken);
        Assert.Equal(isUse ? _clock.Now : began, Assert.Single(await Session.ListAsync(snapshot, Maya.Id)).LastSeen);
    }

    [Theory]
    [InlineData("calendar.js", 1)]
    [InlineData("refresh.js", 1)]
    public async Task Scripts_say_which_requests_an_open_page_makes_by_itself(string script, int requests)
    {
        using var browser = new PageClient(Server);
        var text = (await browser.GetAsync($"/assets/{script}")).Text;
        Assert.Equal(requests, Regex.Count(text, @"fetch\([^\n]*'X-Open-Page': '1'"));
        Assert.Equal(requests, Regex.Count(text, @"fetch\((?![^\n]*'POST')"));
    }

    [Theory]
    [InlineData("X-Open-Page", "1", false)]
    [InlineData("Accept", "text/event-stream", false)]
    [InlineData("Accept", "text/html", true)]
    public async Task A_cookie_gets_older_with_its_session(string header, string value, bool renewed)
    {
        var http = new DefaultHttpContext { Request = { Method = "GET", Headers = { [header] = value } } };
        var scheme = new AuthenticationScheme("Cookies", null, typeof(CookieAuthenticationHandler));
        var ticket = new AuthenticationTicket(new ClaimsPrincipal(), scheme.Name);
        var check = new CookieSlidingExpirationContext(http, scheme, new CookieAuthenticationOptions(), ticket, TimeSpan.FromDays(8), TimeSpan.FromDays(6)) { ShouldRenew = true };
        await new SessionCheck(null!).CheckSlidingExpiration(check);
        Assert.Equal(renewed, check.ShouldRenew);
    }

    [Fact]
    public async Task An_email_address_opens_in_place_of_the_login()
    {
        using var browser = new PageClient(Server);
        await browser.SignInAsync("MAYA@riverbend.example", Password);
        Assert.Contains("Maya Lindqvist", (await browser.GetAsync("/settings")).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_email_address_that_two_people_have_opens_nothing()
    {
        await Server.Store.ApplyAsync(StoreBatch.Of(new UpdatePrincipal(Tom with { Email = Maya.Email })), TestContext.Current.CancellationToken);
        using var browser = new PageClient(Server);
        Assert.Contains("not right", (await browser.PostAsync("/sign-in", ("login", Maya.Email!), ("password", Password))).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Guesses_are_slowed_however_the_login_is_written_and_noted()
    {
        using var browser = new PageClient(Server);
        string[] forms = ["maya", "MAYA", " maya ", "m%61ya"];
        PageAnswer page;
        var tries = 0;
        do page = await browser.PostAsync("/sign-in", ("login", forms[tries % forms.Length]), ("password", "wrong"));
        while (page.Status == HttpStatusCode.OK && ++tries < 30);
        Assert.Equal((HttpStatusCode.TooManyRequests, 10), (page.Status, tries));
        Assert.Contains(AuditAction.SignInFailed, await AuditAsync());

        // that it is the same account would tell that there is one
        Assert.Equal(HttpStatusCode.OK, (await browser.PostAsync("/sign-in", ("login", "maya@riverbend.example"), ("password", "wrong"))).Status);
        _clock.Now += Duration.FromMinutes(10);
        await browser.SignInAsync("maya", Password);
    }

    [Fact]
    public async Task A_hash_of_an_earlier_way_is_replaced_at_the_next_sign_in()
    {
        var old = new PasswordHasher<object>(Microsoft.Extensions.Options.Options.Create(new PasswordHasherOptions { IterationCount = 1000 })).HashPassword(null!, Password);
        await Server.Store.ApplyAsync(StoreBatch.Of(new Account(old, _clock.Now).Put(Maya.Id)), TestContext.Current.CancellationToken);
        using var browser = await SignedInAsync("maya");
        using var snapshot = await Server.Store.OpenSnapshotAsync(TestContext.Current.CancellationToken);
        var (account, _) = (await Account.FindAsync(snapshot, Maya.Id))!.Value;
        Assert.NotEqual(old, account.PasswordHash);
        Assert.Equal(_clock.Now, account.LastSignIn);
    }

    [Theory]
    [InlineData("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", "Firefox on Linux")]
    [InlineData("Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36 Edg/141.0.0.0", "Edge on Windows")]
    [InlineData("Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Safari/605.1.15", "Safari on a Mac")]
    [InlineData("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) CriOS/141.0 Mobile/15E148 Safari/604.1", "Chrome on an iPhone")]
    [InlineData("Mozilla/5.0 (Linux; Android 15; Pixel 9) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0 Mobile Safari/537.36", "Chrome on Android")]
    [InlineData(null, "A browser")]
    public void A_browser_is_named_in_words(string? userAgent, string name) => Assert.Equal(name, BrowserName.Of(userAgent));

    private static async Task SetUpSecondFactorAsync(TestServer server, string personId)
    {
        using var snapshot = await server.Store.OpenSnapshotAsync(TestContext.Current.CancellationToken);
        var (account, version) = (await Account.FindAsync(snapshot, personId))!.Value;
        await server.Store.ApplyAsync(
            StoreBatch.Of((account with { SecondFactor = new SecondFactor("", server.Clock.GetCurrentInstant(), 0, []) }).Put(personId, version)), TestContext.Current.CancellationToken);
    }
}
