using System.Net;
using System.Text.RegularExpressions;
using CalDavServer.Hosting;
using CalDavServer.Options;
using CalDavServer.Tests.Access;
using CalDavServer.Tests.Hosting;
using NodaTime;
using Practice.Audit;
using Practice.People;
using Xunit;

namespace CalDavServer.Tests.Web;

/// <summary>The second step of signing in.</summary>
public sealed partial class TwoStepTests : PageTest
{
    private const string Problem = "The code is not right, or was used before.";
    private readonly ManualClock _clock = new();
    private readonly MailStandIn _mail = new();

    private protected override IClock Clock => _clock;

    private protected override ServerOptions? Hosting => new() { Mail = _mail.Settings, PublicAddress = new Uri("http://calendar.riverbend.example/") };

    [Fact]
    public async Task A_code_is_asked_for_after_the_password_and_leads_to_the_page_that_was_asked_for()
    {
        var (key, _) = await TurnOnAsync("maya");
        using var browser = new PageClient(Server);
        var step = await browser.PostAsync("/sign-in?then=%2Fsettings%2Fsessions", ("login", "maya"), ("password", Password), ("then", "/settings/sessions"));
        Assert.StartsWith("/sign-in/code", step.Path, StringComparison.Ordinal);
        Assert.StartsWith("/sign-in", (await browser.GetAsync("/settings")).Path, StringComparison.Ordinal);
        var after = await browser.PostAsync(step.Path, ("code", Code(key)), ("then", "/settings/sessions"));
        Assert.Equal("/settings/sessions", after.Path);
        Assert.Contains(AuditAction.SecondFactorOn, await AuditAsync());
    }

    [Fact]
    public async Task A_code_is_taken_once()
    {
        var (key, _) = await TurnOnAsync("maya");
        var code = Code(key);
        using var first = await PasswordDoneAsync("maya");
        Assert.Equal("/", (await first.PostAsync("/sign-in/code", ("code", code))).Path[..1]);
        Assert.Equal("/settings", (await first.GetAsync("/settings")).Path);
        using var second = await PasswordDoneAsync("maya");
        Assert.Contains(Problem, (await second.PostAsync("/sign-in/code", ("code", code))).Text, StringComparison.Ordinal);
        _clock.Now += Duration.FromSeconds(30);
        await second.PostAsync("/sign-in/code", ("code", Code(key)));
        Assert.Equal("/settings", (await second.GetAsync("/settings")).Path);
    }

    [Fact]
    public async Task Of_several_browsers_with_the_same_code_one_gets_in()
    {
        var (key, _) = await TurnOnAsync("maya");
        var code = Code(key);
        var all = await Task.WhenAll(Enumerable.Range(0, 4).Select(async _ =>
        {
            using var browser = await PasswordDoneAsync("maya");
            await browser.PostAsync("/sign-in/code", ("code", code));
            return (await browser.GetAsync("/settings")).Path == "/settings";
        }));
        Assert.Single(all, got => got);
    }

    [Fact]
    public async Task The_code_that_turned_it_on_does_not_sign_in()
    {
        using var browser = await SignedInAsync("maya");
        var page = await browser.GetAsync("/settings/two-step");
        var key = KeyIn(page.Text);
        var code = Code(key);
        await browser.PostAsync("/settings/two-step?handler=On", page, ("password", Password), ("code", code));
        using var other = await PasswordDoneAsync("maya");
        Assert.Contains(Problem, (await other.PostAsync("/sign-in/code", ("code", code))).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_recovery_code_opens_once()
    {
        var (_, codes) = await TurnOnAsync("maya");
        Assert.Equal(8, codes.Count);
        using var first = await PasswordDoneAsync("maya");
        await first.PostAsync("/sign-in/code", ("code", codes[2]));
        Assert.Contains("7 of 8 recovery codes", (await first.GetAsync("/settings")).Text, StringComparison.Ordinal);
        using var second = await PasswordDoneAsync("maya");
        Assert.Contains(Problem, (await second.PostAsync("/sign-in/code", ("code", codes[2]))).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Guesses_of_codes_are_slowed_wherever_they_come_from()
    {
        await TurnOnAsync("maya");
        PageAnswer page;
        var tries = 0;
        do
        {
            // each with a sign-in of its own
            using var browser = await PasswordDoneAsync("maya");
            page = await browser.PostAsync("/sign-in/code", ("code", "000000"));
        }
        while (page.Status == HttpStatusCode.OK && ++tries < 20);
        Assert.Equal((HttpStatusCode.TooManyRequests, 5), (page.Status, tries));
    }

    [Fact]
    public async Task The_first_step_alone_is_nothing_and_is_forgotten_with_the_password()
    {
        var (key, _) = await TurnOnAsync("maya");
        using var stranger = new PageClient(Server);
        Assert.Equal("/sign-in", (await stranger.GetAsync("/sign-in/code")).Path);
        using var half = await PasswordDoneAsync("maya");
        await PageClient.GivePasswordAsync(Server, Maya.Id, "another long password");
        Assert.Contains(Problem, (await half.PostAsync("/sign-in/code", ("code", Code(key)))).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_wrong_code_does_not_turn_it_on_and_the_same_picture_stays()
    {
        using var browser = await SignedInAsync("maya");
        var page = await browser.GetAsync("/settings/two-step");
        Assert.Contains("data:image/png;base64,", page.Text, StringComparison.Ordinal);
        var after = await browser.PostAsync("/settings/two-step?handler=On", page, ("password", Password), ("code", "12345"));
        Assert.Contains("This is not the code", after.Text, StringComparison.Ordinal);
        Assert.Equal(KeyIn(page.Text), KeyIn(after.Text));
        using var other = await SignedInAsync("maya");
        Assert.Equal("/settings", (await other.GetAsync("/settings")).Path);
    }

    [Fact]
    public async Task It_is_turned_off_with_the_password_and_a_code_only()
    {
        var (key, codes) = await TurnOnAsync("maya");
        await _mail.NextAsync();
        using var browser = await PasswordDoneAsync("maya");
        await browser.PostAsync("/sign-in/code", ("code", Code(key)));
        Assert.Contains("not right", (await browser.PostAsync("/settings/two-step?handler=Off", ("password", Password), ("code", "000000"))).Text, StringComparison.Ordinal);
        Assert.Contains("not right", (await browser.PostAsync("/settings/two-step?handler=Off", ("password", "wrong"), ("code", codes[0]))).Text, StringComparison.Ordinal);
        Assert.Contains("Two-step sign-in is off", (await browser.PostAsync("/settings/two-step?handler=Off", ("password", Password), ("code", codes[0]))).Text, StringComparison.Ordinal);
        using var other = await SignedInAsync("maya");
        Assert.Equal("/settings", (await other.GetAsync("/settings")).Path);
        Assert.Contains(AuditAction.SecondFactorOff, await AuditAsync());
        Assert.Contains("was turned off", (await _mail.NextAsync()).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_is_turned_on_with_the_password_only_and_an_email_says_so()
    {
        using var browser = await SignedInAsync("maya");
        var page = await browser.GetAsync("/settings/two-step");
        foreach (var wrong in new[] { "", "wrong" })
        {
            var refused = await browser.PostAsync("/settings/two-step?handler=On", page, ("password", wrong), ("code", Code(KeyIn(page.Text))));
            Assert.Contains("This is not your password.", refused.Text, StringComparison.Ordinal);
            Assert.Equal(KeyIn(page.Text), KeyIn(refused.Text));
        }

        using var other = await SignedInAsync("maya");
        Assert.Equal("/settings", (await other.GetAsync("/settings")).Path);
        Assert.Equal(0, _mail.Emails);
        await TurnOnAsync("maya");
        var email = await _mail.NextAsync();
        Assert.Equal("maya@riverbend.example", email.To);
        Assert.Contains("was turned on", email.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("On", 10)]
    [InlineData("Off", 10)]
    [InlineData("Codes", 10)]
    public async Task Guesses_of_the_password_at_an_open_browser_are_slowed(string handler, int most)
    {
        using var browser = await SignedInAsync("maya");
        PageAnswer page;
        var tries = 0;
        var path = $"/settings/two-step?handler={handler}";
        (string, string)[] guess = [("password", "wrong"), ("code", "000000")];
        do page = await (handler == "On" ? browser.PostAsync(path, path, guess) : browser.ForgeAsync(path, guess));
        while (page.Status == HttpStatusCode.OK && ++tries < 30);
        Assert.Equal((HttpStatusCode.TooManyRequests, most), (page.Status, tries));
    }

    [Fact]
    public async Task Guesses_of_the_password_at_an_open_browser_do_not_use_up_the_tries_of_signing_in()
    {
        var (key, _) = await TurnOnAsync("maya");
        using var browser = await PasswordDoneAsync("maya");
        await browser.PostAsync("/sign-in/code", ("code", Code(key)));
        _clock.Now += Duration.FromMinutes(2);
        for (var guess = 0; guess < 6; guess++) await browser.PostAsync("/settings/two-step?handler=Off", ("password", "wrong"), ("code", "000000"));
        using var owner = await PasswordDoneAsync("maya");
        await owner.PostAsync("/sign-in/code", ("code", Code(key)));
        Assert.Equal("/settings", (await owner.GetAsync("/settings")).Path);
    }

    [Fact]
    public async Task Turned_on_it_signs_every_other_browser_out()
    {
        using var stolen = await SignedInAsync("maya");
        using var tom = await SignedInAsync("tom");
        using var browser = await SignedInAsync("maya");
        var page = await browser.GetAsync("/settings/two-step");
        await browser.PostAsync("/settings/two-step?handler=On", page, ("password", Password), ("code", Code(KeyIn(page.Text))));
        Assert.StartsWith("/sign-in", (await stolen.GetAsync("/settings")).Path, StringComparison.Ordinal);
        Assert.Equal("/settings", (await browser.GetAsync("/settings")).Path);
        Assert.Equal("/settings", (await tom.GetAsync("/settings")).Path);
    }

    [Fact]
    public async Task Turned_on_twice_by_a_double_click_it_says_that_it_is_on()
    {
        using var browser = await SignedInAsync("maya");
        var page = await browser.GetAsync("/settings/two-step");
        var code = Code(KeyIn(page.Text));
        await browser.PostAsync("/settings/two-step?handler=On", page, ("password", Password), ("code", code));
        var second = await browser.PostAsync("/settings/two-step?handler=On", page, ("password", Password), ("code", code));
        Assert.Contains("Two-step sign-in is on already.", second.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("picture", second.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task New_recovery_codes_are_made_with_the_password_and_a_code_and_end_the_ones_before()
    {
        var (key, codes) = await TurnOnAsync("maya");
        await _mail.NextAsync();
        using var browser = await PasswordDoneAsync("maya");
        await browser.PostAsync("/sign-in/code", ("code", codes[0]));
        Assert.Contains("not right", (await browser.PostAsync("/settings/two-step?handler=Codes", ("password", "wrong"), ("code", codes[1]))).Text, StringComparison.Ordinal);
        Assert.Contains("not right", (await browser.PostAsync("/settings/two-step?handler=Codes", ("password", Password), ("code", codes[0]))).Text, StringComparison.Ordinal);
        var page = await browser.PostAsync("/settings/two-step?handler=Codes", ("password", Password), ("code", Code(key)));
        var fresh = RecoveryCode().Matches(page.Text).Select(code => code.Groups[1].Value).ToList();
        Assert.Equal((8, 0), (fresh.Count, fresh.Intersect(codes).Count()));
        using var other = await PasswordDoneAsync("maya");
        Assert.Contains(Problem, (await other.PostAsync("/sign-in/code", ("code", codes[1]))).Text, StringComparison.Ordinal);
        await other.PostAsync("/sign-in/code", ("code", fresh[0]));
        Assert.Equal("/settings", (await other.GetAsync("/settings")).Path);
        Assert.Contains("new recovery codes", (await _mail.NextAsync()).Text, StringComparison.OrdinalIgnoreCase);
        Assert.Contains(AuditAction.RecoveryCodesMade, await AuditAsync());
    }

    [Fact]
    public async Task An_administrator_turns_it_off_for_who_lost_the_phone_and_the_audit_log_says_so()
    {
        await TurnOnAsync("maya");
        await _mail.NextAsync();
        using var ruth = await SignedInAsync("ruth");
        var refused = await ruth.PostAsync($"/settings/people/{Maya.Id}?handler=RemoveSecondFactor", ("password", "wrong"));
        Assert.Contains("This is not your password.", refused.Text, StringComparison.Ordinal);
        Assert.DoesNotContain(AuditAction.SecondFactorOff, await AuditAsync());
        var after = await ruth.PostAsync($"/settings/people/{Maya.Id}?handler=RemoveSecondFactor", ("password", Password));
        Assert.Contains("Maya Lindqvist now signs in with the password alone.", after.Text, StringComparison.Ordinal);
        Assert.Equal("maya@riverbend.example", (await _mail.NextAsync()).To);
        using var maya = await SignedInAsync("maya");
        Assert.Equal("/settings", (await maya.GetAsync("/settings")).Path);
        Assert.Contains(AuditAction.SecondFactorOff, await AuditAsync());
    }

    [Fact]
    public async Task The_key_is_nowhere_in_the_store_as_it_is()
    {
        var (key, codes) = await TurnOnAsync("maya");
        using var snapshot = await Server.Store.OpenSnapshotAsync(TestContext.Current.CancellationToken);
        var (account, _) = (await Account.FindAsync(snapshot, Maya.Id))!.Value;
        Assert.DoesNotContain(Convert.ToBase64String(key), account.SecondFactor!.Key, StringComparison.Ordinal);
        Assert.True(Convert.FromBase64String(account.SecondFactor.Key).AsSpan().IndexOf(key) < 0);
        Assert.DoesNotContain(codes[0], string.Join(' ', account.SecondFactor.RecoveryHashes), StringComparison.Ordinal);
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        await _mail.DisposeAsync();
    }

    private async Task<(byte[] Key, IReadOnlyList<string> Codes)> TurnOnAsync(string login)
    {
        using var browser = await SignedInAsync(login);
        var page = await browser.GetAsync("/settings/two-step");
        var key = KeyIn(page.Text);
        var after = await browser.PostAsync("/settings/two-step?handler=On", page, ("password", Password), ("code", Code(key)));
        Assert.Contains("Two-step sign-in is on", after.Text, StringComparison.Ordinal);
        _clock.Now += Duration.FromMinutes(2);
        return (key, [.. RecoveryCode().Matches(after.Text).Select(code => code.Groups[1].Value)]);
    }

    // a browser in which the password has been typed
    private async Task<PageClient> PasswordDoneAsync(string login)
    {
        var browser = new PageClient(Server);
        var page = await browser.PostAsync("/sign-in", ("login", login), ("password", Password));
        Assert.StartsWith("/sign-in/code", page.Path, StringComparison.Ordinal);
        return browser;
    }

    /// <summary>The code that an app shows which has scanned the key of a page.</summary>
    internal static string CodeOn(PageAnswer page, Instant now) => Totp.CodeOf(KeyIn(page.Text), Totp.StepOf(now));

    private string Code(byte[] key) => Totp.CodeOf(key, Totp.StepOf(_clock.Now));

    private static byte[] KeyIn(string page)
    {
        var bits = string.Concat(KeyText().Match(page).Groups[1].Value.Replace(" ", "", StringComparison.Ordinal).Select(email => Convert.ToString("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".IndexOf(email, StringComparison.Ordinal), 2).PadLeft(5, '0')));
        return [.. bits.Chunk(8).Select(next => Convert.ToByte(new string(next), 2))];
    }

    [GeneratedRegex("<code>([A-Z2-7 ]{30,})</code>")]
    private static partial Regex KeyText();

    [GeneratedRegex("<code>([a-z2-7]{4}(?:-[a-z2-7]{4}){3})</code>")]
    private static partial Regex RecoveryCode();
}
