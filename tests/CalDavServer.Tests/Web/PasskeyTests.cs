using System.Net;
using System.Security.Cryptography;
using CalDavServer.Options;
using CalDavServer.Tests.Access;
using CalDavServer.Tests.Hosting;
using CalDavServer.Web.Passkeys;
using Calendaring.Store;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using NodaTime;
using Practice.Audit;
using Practice.People;
using Xunit;

namespace CalDavServer.Tests.Web;

/// <summary>Passkeys: made, used in place of password and second step, and refused for whatever is not right about them.</summary>
public sealed class PasskeyTests : PageTest
{
    private const string Page = "/settings/passkeys";
    private const string Feed = "/settings/integrations/feed";
    private readonly ManualClock _clock = new() { Now = Instant.FromUtc(2026, 3, 2, 1, 3) };
    private SoftAuthenticator _key = null!;

    private protected override IClock Clock => _clock;

    private Uri Address => new UriBuilder(Server.Address) { Host = "localhost" }.Uri;

    private string Origin => Address.GetLeftPart(UriPartial.Authority);

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        _key = new SoftAuthenticator(Origin);
    }

    public override async ValueTask DisposeAsync()
    {
        _key.Dispose();
        await base.DisposeAsync();
    }

    [Fact]
    public async Task A_passkey_opens_the_account_without_login_password_and_second_step()
    {
        using (var browser = await WithPasskeyAsync())
        {
            Assert.Contains("My key", (await browser.GetAsync(Page)).Text, StringComparison.Ordinal);
            var page = await browser.GetAsync("/settings/two-step");
            await browser.PostAsync("/settings/two-step?handler=On", page, ("password", Password), ("code", TwoStepTests.CodeOn(page, _clock.Now)));
        }

        _clock.Now += Duration.FromDays(1);
        using var again = new PageClient(Address);
        var opened = await SignInAsync(again);
        Assert.DoesNotContain("role=\"alert\"", opened.Text, StringComparison.Ordinal);
        Assert.Contains("Maya Lindqvist", (await again.GetAsync("/settings")).Text, StringComparison.Ordinal);
        Assert.Equal(_clock.Now, Assert.Single((await AccountAsync()).Passkeys!).LastUsed);
        Assert.Contains(AuditAction.PasskeyAdded, await AuditAsync());
    }

    [Fact]
    public async Task A_passkey_is_the_second_step_after_the_password()
    {
        using (var browser = await WithPasskeyAsync()) Assert.Contains("Two-step sign-in is on", (await browser.PostAsync("/settings/two-step?handler=OnPasskey", ("password", Password))).Text, StringComparison.Ordinal);
        using var again = new PageClient(Address);
        var step = await again.PostAsync("/sign-in", ("login", "maya"), ("password", Password));
        Assert.StartsWith("/sign-in/code", step.Path, StringComparison.Ordinal);
        Assert.Contains("Use a passkey", step.Text, StringComparison.Ordinal);
        Assert.StartsWith("/sign-in", (await again.GetAsync("/settings")).Path, StringComparison.Ordinal);
        await again.PostAsync("/sign-in/code?handler=Passkey", step, ("passkey", _key.Use((await again.AskAsync("/passkeys/code")).Text)));
        Assert.Equal("/settings", (await again.GetAsync("/settings")).Path);
        // the only second step is not removed
        var kept = await again.PostAsync($"{Page}?handler=Remove", ("id", (await AccountAsync()).Passkeys![0].Id));
        Assert.Contains("This passkey is your second step.", kept.Text, StringComparison.Ordinal);
        var off = await again.PostAsync("/settings/two-step?handler=Off", await again.GetAsync("/settings/two-step"), ("passkey", _key.Use((await again.AskAsync("/passkeys/confirm")).Text)));
        Assert.Contains("Two-step sign-in is off.", off.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("wrong")]
    public async Task A_session_alone_does_not_make_a_passkey_the_second_step(string password)
    {
        // with it, somebody who has only the session would keep the owner out after a reset
        using var browser = await WithPasskeyAsync();
        Assert.Contains("This is not your password.", (await browser.PostAsync("/settings/two-step?handler=OnPasskey", ("password", password))).Text, StringComparison.Ordinal);
        Assert.Null((await AccountAsync()).SecondFactor);
    }

    [Fact]
    public async Task Who_asks_for_many_challenges_takes_nobody_elses()
    {
        using var other = new PageClient(Address);
        var options = (await other.AskAsync("/passkeys/sign-in")).Text;
        using var browser = await WithPasskeyAsync();
        for (var n = 0; n < 100; n++) Assert.Equal(HttpStatusCode.OK, (await browser.AskAsync("/passkeys/confirm")).Status);
        var page = await other.GetAsync("/sign-in");
        var signedIn = await other.PostAsync("/sign-in?handler=Passkey", page, ("passkey", _key.Use(options)));
        Assert.DoesNotContain("took too long", signedIn.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_passkey_confirms_who_it_is_and_what_was_posted_goes_on()
    {
        using var browser = await WithPasskeyAsync();
        _clock.Now += Duration.FromMinutes(11);
        Assert.Contains("<h1>Confirm that it is you</h1>", (await browser.PostAsync($"{Page}?handler=Begin")).Text, StringComparison.Ordinal);
        var asked = await browser.PostAsync($"{Feed}?handler=On", ("Level", "Type"));
        Assert.Contains("Use a passkey", asked.Text, StringComparison.Ordinal);
        var options = (await browser.AskAsync("/passkeys/confirm")).Text;
        var on = await browser.PostAsync($"{Feed}?handler=On", asked, ("Level", "Type"), ("confirm-passkey", _key.Use(options)));
        Assert.Contains("/feeds/", on.Text, StringComparison.Ordinal);
        // used up
        _clock.Now += Duration.FromMinutes(11);
        var again = await browser.PostAsync($"{Feed}?handler=Show", ("confirm-passkey", _key.Use(options)));
        Assert.Contains("took too long", again.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Somebody_with_passkeys_alone_confirms_changes_details_and_sets_a_password_again()
    {
        using var browser = await WithPasskeyAsync();
        Assert.Contains("Your password has been removed.", (await browser.PostAsync("/settings/password?handler=Remove")).Text, StringComparison.Ordinal);
        Assert.Null((await AccountAsync()).PasswordHash);
        Assert.Contains("only way to sign in", (await browser.PostAsync($"{Page}?handler=Remove", ("id", (await AccountAsync()).Passkeys![0].Id))).Text, StringComparison.Ordinal);
        using (var other = new PageClient(Address)) Assert.Contains("not right", (await other.PostAsync("/sign-in", ("login", "maya"), ("password", Password))).Text, StringComparison.Ordinal);
        using (var other = new PageClient(Address)) Assert.Contains("not right", (await other.PostAsync("/sign-in", ("login", "maya"), ("password", ""))).Text, StringComparison.Ordinal);
        _clock.Now += Duration.FromMinutes(11);
        var asked = await browser.PostAsync("/settings/details", ("name", "Maya L."), ("email", "maya@riverbend.example"));
        Assert.Contains("<h1>Confirm that it is you</h1>", asked.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("confirm-password", asked.Text, StringComparison.Ordinal);
        var forged = await browser.PostAsync("/settings/details", asked, ("name", "Maya L."), ("email", "maya@riverbend.example"), ("confirm-password", ""));
        Assert.Contains("<h1>Confirm that it is you</h1>", forged.Text, StringComparison.Ordinal);
        await browser.PostAsync("/settings/details", asked, ("name", "Maya L."), ("email", "maya@riverbend.example"), ("confirm-passkey", _key.Use((await browser.AskAsync("/passkeys/confirm")).Text)));
        Assert.Contains("Maya L.", (await browser.GetAsync("/settings")).Text, StringComparison.Ordinal);
        Assert.Contains("Your password is set", (await browser.PostAsync("/settings/password", ("password", "another fine password"), ("again", "another fine password"))).Text, StringComparison.Ordinal);
        using var with = new PageClient(Address);
        await with.SignInAsync("maya", "another fine password");
        Assert.Equal("/settings", (await with.GetAsync("/settings")).Path);
    }

    [Fact]
    public async Task A_link_for_a_forgotten_password_lets_somebody_in_who_has_lost_every_passkey()
    {
        using (var browser = await WithPasskeyAsync()) await browser.PostAsync("/settings/password?handler=Remove");
        var (link, secret) = OneTimeLink.Create(LinkPurpose.Reset, _clock.Now);
        await Server.Store.ApplyAsync(StoreBatch.Of(new OneTimeLinks([link]).Put(Maya.Id, 0)), TestContext.Current.CancellationToken);
        using var again = new PageClient(Address);
        var page = await again.GetAsync($"/password/{Maya.Id}/{secret}");
        Assert.Contains("My key", page.Text, StringComparison.Ordinal);
        await again.PostAsync($"/password/{Maya.Id}/{secret}", page, ("password", Password), ("again", Password), ("end", $"passkey {(await AccountAsync()).Passkeys![0].Id}"));
        await again.SignInAsync("maya", Password);
        Assert.Equal("/settings", (await again.GetAsync("/settings")).Path);
        Assert.Empty((await AccountAsync()).Passkeys!);
        using var thief = new PageClient(Address);
        Assert.Contains("no longer known here", (await SignInAsync(thief)).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_removed_passkey_opens_nothing()
    {
        using var browser = await WithPasskeyAsync();
        var removed = await browser.PostAsync($"{Page}?handler=Remove", ("id", (await AccountAsync()).Passkeys![0].Id));
        Assert.Contains("no longer works", removed.Text, StringComparison.Ordinal);
        using var again = new PageClient(Address);
        Assert.Contains("no longer known here", (await SignInAsync(again)).Text, StringComparison.Ordinal);
        Assert.StartsWith("/sign-in", (await again.GetAsync("/settings")).Path, StringComparison.Ordinal);
        Assert.Contains(AuditAction.PasskeyRemoved, await AuditAsync());
    }

    [Fact]
    public async Task What_a_passkey_signed_is_taken_once_and_only_from_the_browser_that_was_asked()
    {
        using (await WithPasskeyAsync())
        {
        }

        using var browser = new PageClient(Address);
        using var thief = new PageClient(Address);
        var signed = _key.Use((await browser.AskAsync("/passkeys/sign-in")).Text);
        // another browser, which was asked something else
        await thief.AskAsync("/passkeys/sign-in");
        AssertRefused(await thief.PostAsync("/sign-in?handler=Passkey", ("passkey", signed)));
        await browser.PostAsync("/sign-in?handler=Passkey", ("passkey", signed));
        Assert.Equal("/settings", (await browser.GetAsync("/settings")).Path);
        await browser.PostAsync("/sign-out");
        AssertRefused(await browser.PostAsync("/sign-in?handler=Passkey", ("passkey", signed)));
        AssertRefused(await thief.PostAsync("/sign-in?handler=Passkey", ("passkey", signed)));
    }

    [Fact]
    public async Task A_challenge_lasts_five_minutes_and_is_for_one_purpose()
    {
        using var signedIn = await WithPasskeyAsync();
        using var browser = new PageClient(Address);
        var options = (await browser.AskAsync("/passkeys/sign-in")).Text;
        _clock.Now += Duration.FromMinutes(6);
        AssertRefused(await browser.PostAsync("/sign-in?handler=Passkey", ("passkey", _key.Use(options))));
        _clock.Now += Duration.FromMinutes(6);
        options = (await signedIn.AskAsync("/passkeys/sign-in")).Text;
        Assert.Contains("<h1>Confirm that it is you</h1>", (await signedIn.PostAsync($"{Feed}?handler=On", ("Level", "Type"), ("confirm-passkey", _key.Use(options)))).Text, StringComparison.Ordinal);
        // without a password proved first, there is no second step
        using var stranger = new PageClient(Address);
        Assert.Equal(HttpStatusCode.Forbidden, (await stranger.AskAsync("/passkeys/code")).Status);
    }

    [Theory]
    [InlineData("origin of another port")]
    [InlineData("origin of another name")]
    [InlineData("origin without https elsewhere")]
    [InlineData("another party")]
    [InlineData("nobody verified")]
    [InlineData("counter goes back")]
    [InlineData("counter stands")]
    [InlineData("another key")]
    [InlineData("another person")]
    [InlineData("unknown credential")]
    public async Task A_passkey_about_which_something_is_not_right_opens_nothing(string what)
    {
        _key.Counter = 7;
        using (await WithPasskeyAsync())
        {
        }

        using var other = new SoftAuthenticator(Origin) { CredentialId = _key.CredentialId, UserHandle = _key.UserHandle, Counter = 8 };
        _key.Counter = what switch { "counter goes back" => 3, "counter stands" => 7, _ => 8 };
        switch (what)
        {
            case "origin of another port": _key.Origin = $"http://localhost:{Address.Port + 1}"; break;
            case "origin of another name": _key.Origin = "https://calendar.evil.example"; break;
            case "origin without https elsewhere": _key.Origin = $"http://127.0.0.1:{Address.Port}"; break;
            case "another party": _key.RpId = "evil.example"; break;
            case "nobody verified": _key.Verifies = false; break;
            case "another person": _key.UserHandle = SHA256.HashData("passkeys of somebody"u8); break;
            case "unknown credential": _key.CredentialId = RandomNumberGenerator.GetBytes(16); break;
        }

        using var browser = new PageClient(Address);
        var options = (await browser.AskAsync("/passkeys/sign-in")).Text;
        AssertRefused(await browser.PostAsync("/sign-in?handler=Passkey", ("passkey", (what == "another key" ? other : _key).Use(options))));
        Assert.Equal(7u, Assert.Single((await AccountAsync()).Passkeys!).Counter);
    }

    [Theory]
    [InlineData("")]
    [InlineData("x")]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("{\"id\":\"AA\",\"rawId\":\"AA\",\"type\":\"public-key\",\"response\":{}}")]
    [InlineData("{\"id\":\"AA\",\"rawId\":\"AA\",\"type\":\"public-key\",\"response\":{\"clientDataJSON\":\"AA\",\"authenticatorData\":\"AA\",\"signature\":\"AA\",\"userHandle\":\"AA\",\"attestationObject\":\"AA\"}}")]
    [InlineData("{\"id\":\"!\",\"rawId\":\"!\",\"type\":\"other\",\"response\":{\"clientDataJSON\":\"!\"}}")]
    public async Task Made_up_passkeys_are_refused_in_a_sentence(string sent)
    {
        using var maya = await WithPasskeyAsync();
        sent = sent.Replace("\"rawId\":\"AA\"", $"\"rawId\":\"{(await AccountAsync()).Passkeys![0].Id}\"", StringComparison.Ordinal);
        using var browser = new PageClient(Address);
        await browser.AskAsync("/passkeys/sign-in");
        AssertRefused(await browser.PostAsync("/sign-in?handler=Passkey", ("passkey", sent)));
        await maya.AskAsync("/passkeys/new");
        var added = await maya.PostAsync($"{Page}?handler=Add", ("name", "Another"), ("passkey", sent));
        Assert.Equal(HttpStatusCode.OK, added.Status);
        Assert.Contains("role=\"alert\"", added.Text, StringComparison.Ordinal);
        Assert.Single((await AccountAsync()).Passkeys!);
    }

    [Theory]
    [InlineData("fido-u2f", false)]
    [InlineData("tpm", false)]
    [InlineData("packed", true)]
    [InlineData("none", true)]
    public async Task A_statement_with_certificates_about_a_device_is_not_looked_at(string format, bool certificates)
    {
        using var maya = new PageClient(Address);
        await maya.SignInAsync("maya", Password);
        var made = _key.Make((await maya.AskAsync("/passkeys/new")).Text, format, certificates);
        Assert.Contains("was not accepted", (await maya.PostAsync($"{Page}?handler=Add", ("name", "Key"), ("passkey", made))).Text, StringComparison.Ordinal);
        Assert.Null((await AccountAsync()).Passkeys);
    }

    [Fact]
    public async Task The_same_passkey_is_added_once_and_a_person_has_twenty_at_most()
    {
        using var maya = await WithPasskeyAsync();
        var again = _key.Make((await maya.AskAsync("/passkeys/new")).Text);
        Assert.Contains("has been added already", (await maya.PostAsync($"{Page}?handler=Add", ("name", "Again"), ("passkey", again))).Text, StringComparison.Ordinal);
        for (var number = 2; number <= Passkey.Most + 1; number++)
        {
            using var key = new SoftAuthenticator(Origin);
            await maya.PostAsync($"{Page}?handler=Add", ("name", $"Key {number}"), ("passkey", key.Make((await maya.AskAsync("/passkeys/new")).Text)));
        }

        Assert.Equal(Passkey.Most, (await AccountAsync()).Passkeys!.Count);
    }

    [Fact]
    public async Task A_passkey_is_renamed_and_a_name_that_is_none_is_refused()
    {
        using var maya = await WithPasskeyAsync();
        var id = (await AccountAsync()).Passkeys![0].Id;
        Assert.Contains("Give the passkey a name", (await maya.PostAsync($"{Page}?handler=Rename", ("id", id), ("name", " "))).Text, StringComparison.Ordinal);
        await maya.PostAsync($"{Page}?handler=Rename", ("id", id), ("name", "<i>Desk</i>"));
        Assert.Contains("&lt;i&gt;Desk&lt;/i&gt;", (await maya.GetAsync(Page)).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Somebody_without_access_is_not_let_in_by_a_passkey()
    {
        using (await WithPasskeyAsync())
        {
        }

        await Server.Store.ApplyAsync(StoreBatch.Of(new SetDeactivated(Maya.Id, _clock.Now)), TestContext.Current.CancellationToken);
        using var browser = new PageClient(Address);
        AssertRefused(await SignInAsync(browser));
    }

    [Fact]
    public async Task Where_browsers_take_no_passkeys_the_page_says_so()
    {
        using var browser = await SignedInAsync("maya");
        Assert.Contains("Passkeys do not work at this address", (await browser.GetAsync(Page)).Text, StringComparison.Ordinal);
        var answer = await browser.AskAsync("/passkeys/new");
        Assert.Equal(HttpStatusCode.Conflict, answer.Status);
        Assert.Contains("Passkeys do not work at this address", answer.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("localhost:8008", "http://127.0.0.1:8008", null, "", "http://localhost:8008")]
    [InlineData("localhost:9999", "http://127.0.0.1:8008", null, "", "http://localhost:8008")]
    [InlineData("127.0.0.1:8008", "http://127.0.0.1:8008", null, "", null)]
    [InlineData("calendar.example.com", "http://127.0.0.1:8008", "https://calendar.example.com/", "", "https://calendar.example.com")]
    [InlineData("calendar.example.com:444", "http://127.0.0.1:8008", "https://calendar.example.com:8443/", "", "https://calendar.example.com:8443")]
    [InlineData("localhost:8008", "http://127.0.0.1:8008", "https://calendar.example.com/", "", null)]
    [InlineData("calendar.example.com", "http://127.0.0.1:8008", "http://calendar.example.com/", "", null)]
    [InlineData("evil.example", "http://127.0.0.1:8008", "https://calendar.example.com/", "", null)]
    [InlineData("evil.example", "https://0.0.0.0:443", null, "calendar.example.com", null)]
    [InlineData("calendar.example.com", "https://0.0.0.0:8443", null, "calendar.example.com", "https://calendar.example.com:8443")]
    [InlineData("calendar.example.com", "http://0.0.0.0:8008", null, "calendar.example.com", null)]
    [InlineData("a.example.com", "https://0.0.0.0:443", null, "*.example.com", null)]
    [InlineData("192.0.2.7", "https://0.0.0.0:443", "https://192.0.2.7/", "", null)]
    public void The_settings_say_whom_passkeys_are_for_and_a_request_only_chooses_among_them(string host, string listens, string? publicAddress, string allowed, string? origin)
    {
        var options = new ServerOptions { PublicAddress = publicAddress is null ? null : new Uri(publicAddress), AllowedHosts = allowed.Length == 0 ? [] : [allowed] };
        var request = new DefaultHttpContext().Request;
        request.Host = new HostString(host);
        var party = new RelyingParty(options, new Listening(listens)).OriginsFor(request);
        Assert.Equal(origin is null ? [] : [origin], party);
    }

    private static void AssertRefused(PageAnswer page)
    {
        Assert.Equal((HttpStatusCode.OK, "/sign-in?handler=Passkey"), (page.Status, page.Path));
        Assert.Matches("<p class=\"problem\" role=\"alert\">[^<]+", page.Text);
    }

    private async Task<PageAnswer> SignInAsync(PageClient browser) =>
        await browser.PostAsync("/sign-in?handler=Passkey", ("passkey", _key.Use((await browser.AskAsync("/passkeys/sign-in")).Text)));

    // a browser in which Maya has signed in and added a passkey
    private async Task<PageClient> WithPasskeyAsync()
    {
        var browser = new PageClient(Address);
        await browser.SignInAsync("maya", Password);
        var added = await browser.PostAsync($"{Page}?handler=Add", ("name", "My key"), ("passkey", _key.Make((await browser.AskAsync("/passkeys/new")).Text)));
        Assert.Contains("The passkey My key has been added", added.Text, StringComparison.Ordinal);
        if (_key.Counter > 0) _key.Counter++;
        return browser;
    }

    private async Task<Account> AccountAsync()
    {
        using var snapshot = await Server.Store.OpenSnapshotAsync(TestContext.Current.CancellationToken);
        return (await Account.FindAsync(snapshot, Maya.Id))!.Value.Account;
    }

    private sealed class Listening : IServer
    {
        public Listening(string address)
        {
            var addresses = new ServerAddressesFeature();
            addresses.Addresses.Add(address);
            Features.Set<IServerAddressesFeature>(addresses);
        }

        public IFeatureCollection Features { get; } = new FeatureCollection();

        public Task StartAsync<TContext>(IHttpApplication<TContext> application, CancellationToken cancellationToken)
            where TContext : notnull => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public void Dispose()
        {
        }
    }
}
