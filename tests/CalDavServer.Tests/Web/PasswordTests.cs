using System.Net;
using System.Text.RegularExpressions;
using CalDavServer.Commands;
using CalDavServer.Hosting;
using CalDavServer.Options;
using CalDavServer.Storage;
using CalDavServer.Tests.Access;
using CalDavServer.Tests.Hosting;
using Calendaring.Store;
using NodaTime;
using Practice.Audit;
using Xunit;

namespace CalDavServer.Tests.Web;

/// <summary>Passwords for the pages: changed, forgotten, reset by a one-time link.</summary>
public sealed class PasswordTests : PageTest
{
    private const string New = "three blue herons";
    private readonly MailStandIn _mail = new();
    private readonly ManualClock _clock = new();

    private protected override IClock Clock => _clock;

    private protected override ServerOptions? Hosting => new() { Mail = _mail.Settings, PublicAddress = new Uri("http://calendar.riverbend.example/"), Proxies = [IPNetwork.Parse("127.0.0.0/8")], AllowHttp = true, AllowedHosts = ["also.riverbend.example"] };

    [Fact]
    public async Task A_changed_password_is_the_one_that_opens_and_every_other_browser_is_out()
    {
        using var browser = await SignedInAsync("maya");
        using var other = await SignedInAsync("maya");
        var page = await browser.PostAsync("/settings/password", ("current", Password), ("password", New), ("again", New));
        Assert.Contains("Your password is changed", page.Text, StringComparison.Ordinal);
        Assert.Equal("/settings", (await browser.GetAsync("/settings")).Path);
        Assert.StartsWith("/sign-in", (await other.GetAsync("/settings")).Path, StringComparison.Ordinal);
        Assert.Contains("not right", (await other.PostAsync("/sign-in", ("login", "maya"), ("password", Password))).Text, StringComparison.Ordinal);
        await other.SignInAsync("maya", New);
        Assert.Contains("was changed", (await _mail.NextAsync()).Text, StringComparison.Ordinal);
        Assert.Contains(AuditAction.PasswordChanged, await AuditAsync());
    }

    [Theory]
    [InlineData("wrong", New, New, "This is not your current password.")]
    [InlineData(Password, "short", "short", "Use at least 10 characters.")]
    [InlineData(Password, New, "three blue heron", "The two passwords are not the same.")]
    [InlineData(Password, "password123", "password123", "guessed first")]
    public async Task A_change_that_is_not_right_is_refused_with_a_sentence(string current, string password, string again, string sentence)
    {
        using var browser = await SignedInAsync("maya");
        var page = await browser.PostAsync("/settings/password", ("current", current), ("password", password), ("again", again));
        Assert.Contains(sentence, page.Text, StringComparison.Ordinal);
        using var other = await SignedInAsync("maya");
    }

    [Fact]
    public async Task Guesses_of_the_current_password_at_an_open_browser_are_slowed()
    {
        using var browser = await SignedInAsync("maya");
        PageAnswer page;
        var tries = 0;
        do page = await browser.PostAsync("/settings/password", ("current", "wrong"), ("password", New), ("again", New));
        while (page.Status == HttpStatusCode.OK && ++tries < 30);
        Assert.Equal((HttpStatusCode.TooManyRequests, 10), (page.Status, tries));
        Assert.Contains("too many attempts", page.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("maya")]
    [InlineData(" Maya@Riverbend.example")]
    public async Task A_forgotten_password_is_reset_by_a_link_that_works_once_and_signs_every_browser_out(string login)
    {
        using var before = await SignedInAsync("maya");
        using var browser = new PageClient(Server);
        var asked = await browser.PostAsync("/forgotten", ("login", login));
        Assert.Contains("a link is on its way", asked.Text, StringComparison.Ordinal);
        var email = await _mail.NextAsync();
        Assert.Equal("maya@riverbend.example", email.To);
        Assert.Equal("calendar.riverbend.example", email.Link.Host);
        var path = email.Link.PathAndQuery;

        // looking does not use it up
        Assert.Contains("Choose a new password", (await browser.GetAsync(path)).Text, StringComparison.Ordinal);
        Assert.Contains("at least 10", (await browser.PostAsync(path, ("password", "short"), ("again", "short"))).Text, StringComparison.Ordinal);
        var after = await browser.PostAsync(path, ("password", New), ("again", New));
        Assert.Equal("/sign-in", after.Path);
        Assert.Contains("Your password is set", after.Text, StringComparison.Ordinal);
        Assert.StartsWith("/sign-in", (await before.GetAsync("/settings")).Path, StringComparison.Ordinal);
        await browser.SignInAsync("maya", New);

        var again = await browser.GetAsync(path);
        Assert.Equal(HttpStatusCode.Gone, again.Status);
        Assert.Contains("no longer works", again.Text, StringComparison.Ordinal);
        Assert.Superset(new HashSet<AuditAction> { AuditAction.PasswordResetRequested, AuditAction.PasswordReset }, (await AuditAsync()).ToHashSet());
    }

    [Fact]
    public async Task Of_two_who_use_a_link_at_the_same_time_one_sets_the_password()
    {
        var path = await LinkAsync();
        var all = await Task.WhenAll(Enumerable.Range(0, 4).Select(async number =>
        {
            using var browser = new PageClient(Server);
            return (await browser.PostAsync(path, ("password", $"{New} {number}"), ("again", $"{New} {number}"))).Path == "/sign-in";
        }));
        Assert.Single(all, won => won);
    }

    [Fact]
    public async Task A_link_ends_after_an_hour_and_with_a_change_of_the_password()
    {
        using var browser = new PageClient(Server);
        var first = await LinkAsync();
        _clock.Now += Duration.FromMinutes(59);
        Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync(first)).Status);
        _clock.Now += Duration.FromMinutes(2);
        Assert.Equal(HttpStatusCode.Gone, (await browser.GetAsync(first)).Status);
        var second = await LinkAsync();
        using var signedIn = await SignedInAsync("maya");
        await signedIn.PostAsync("/settings/password", ("current", Password), ("password", New), ("again", New));
        Assert.Equal(HttpStatusCode.Gone, (await browser.GetAsync(second)).Status);
    }

    [Fact]
    public async Task A_new_request_leaves_earlier_links_and_the_operators_and_the_first_that_is_used_ends_all()
    {
        // the command has the system's clock
        _clock.Now = SystemClock.Instance.GetCurrentInstant();
        var printed = (await PrintLinkAsync()).PathAndQuery;
        var first = await LinkAsync();
        var second = await LinkAsync();
        using var browser = new PageClient(Server);
        foreach (var link in new[] { printed, first, second }) Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync(link)).Status);
        Assert.Equal("/sign-in", (await browser.PostAsync(first, ("password", New), ("again", New))).Path);
        foreach (var link in new[] { printed, first, second }) Assert.Equal(HttpStatusCode.Gone, (await browser.GetAsync(link)).Status);
    }

    [Fact]
    public async Task A_stranger_does_not_use_up_the_emails_of_an_account()
    {
        for (var request = 0; request < 5; request++) Assert.Equal(HttpStatusCode.OK, await AskAsync("maya", "203.0.113.9"));
        var links = new List<ReceivedEmail> { await _mail.NextAsync(), await _mail.NextAsync() };
        await AskAsync("maya", "198.51.100.1");
        links.Add(await _mail.NextAsync());

        // from however many places: no more e-mails than these, but all of their links work, and soon there is another
        for (var place = 1; place < 6; place++) await AskAsync("maya", $"192.0.2.{place}");
        await AskAsync("tom", "198.51.100.1");
        Assert.Equal("tom@riverbend.example", (await _mail.NextAsync()).To);
        Assert.Equal(0, _mail.Emails);
        using var browser = new PageClient(Server);
        foreach (var email in links) Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync(email.Link.PathAndQuery)).Status);
        _clock.Now += Duration.FromMinutes(10);
        await AskAsync("maya", "198.51.100.1");
        Assert.Equal("maya@riverbend.example", (await _mail.NextAsync()).To);
    }

    [Fact]
    public async Task The_links_of_a_person_are_not_without_number()
    {
        _clock.Now = SystemClock.Instance.GetCurrentInstant();
        for (var link = 0; link < 20; link++) await PrintLinkAsync();
        using var output = new StringWriter();
        Assert.NotEqual(0, await PagePasswordAsync("maya", output));
        await AskAsync("maya", "198.51.100.1");
        await AskAsync("tom", "198.51.100.1");
        Assert.Equal("tom@riverbend.example", (await _mail.NextAsync()).To);
        _clock.Now += Duration.FromMinutes(61);
        await LinkAsync();
    }

    [Fact]
    public async Task Whether_somebody_is_known_is_not_told_and_only_the_known_get_an_email()
    {
        using var browser = new PageClient(Server);
        var unknown = await browser.PostAsync("/forgotten", ("login", "nobody@riverbend.example"));
        var known = await browser.PostAsync("/forgotten", ("login", "tom"));
        Assert.Equal(unknown.Text, known.Text);
        Assert.Equal("tom@riverbend.example", (await _mail.NextAsync()).To);
        Assert.Equal(0, _mail.Emails);
    }

    [Fact]
    public async Task Requests_from_one_place_are_limited_whomever_they_are_for()
    {
        for (var request = 0; request < 10; request++) Assert.Equal(HttpStatusCode.OK, await AskAsync($"nobody-{request}", "203.0.113.9"));
        Assert.Equal(HttpStatusCode.TooManyRequests, await AskAsync("tom", "203.0.113.9"));
        Assert.Equal(HttpStatusCode.OK, await AskAsync("tom", "198.51.100.1"));
        Assert.Equal("tom@riverbend.example", (await _mail.NextAsync()).To);
        Assert.Equal(0, _mail.Emails);
    }

    [Fact]
    public async Task The_address_in_an_email_is_never_that_of_the_request()
    {
        await AskAsync("maya", "203.0.113.9", host: "also.riverbend.example");
        Assert.Equal("calendar.riverbend.example", (await _mail.NextAsync()).Link.Host);
    }

    [Fact]
    public async Task A_command_prints_a_link_for_who_has_no_mail()
    {
        var link = await PrintLinkAsync("Maya");
        // the command has the system's clock
        _clock.Now = SystemClock.Instance.GetCurrentInstant();
        using var browser = new PageClient(Server);
        Assert.Equal("/sign-in", (await browser.PostAsync(link.PathAndQuery, ("password", New), ("again", New))).Path);
        using var output = new StringWriter();
        Assert.Equal(3, await PagePasswordAsync("nobody", output));
    }

    [Fact]
    public async Task Without_a_mail_server_the_page_says_so()
    {
        await using var silent = await TestServer.StartAsync();
        using var browser = new PageClient(silent);
        var page = await browser.GetAsync("/forgotten");
        Assert.Contains("This server does not send e-mail", page.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("<form", page.Text, StringComparison.Ordinal);
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        await _mail.DisposeAsync();
    }

    private async Task<string> LinkAsync()
    {
        using var browser = new PageClient(Server);
        await browser.PostAsync("/forgotten", ("login", "maya"));
        return (await _mail.NextAsync()).Link.PathAndQuery;
    }

    // somebody who comes through the proxy
    private async Task<HttpStatusCode> AskAsync(string login, string from, string? host = null)
    {
        using var http = new HttpClient { BaseAddress = Server.Address };
        http.DefaultRequestHeaders.Add("X-Forwarded-For", from);
        http.DefaultRequestHeaders.Host = host;
        var form = await http.GetStringAsync("/forgotten", TestContext.Current.CancellationToken);
        var token = Regex.Match(form, "__RequestVerificationToken\" type=\"hidden\" value=\"([^\"]+)").Groups[1].Value;
        using var fields = new FormUrlEncodedContent([new("login", login), new("__RequestVerificationToken", token)]);
        using var answer = await http.PostAsync("/forgotten", fields, TestContext.Current.CancellationToken);
        return answer.StatusCode;
    }

    private async Task<Uri> PrintLinkAsync(string login = "maya")
    {
        using var output = new StringWriter();
        Assert.Equal(0, await PagePasswordAsync(login, output));
        return new Uri(output.ToString().Split('\n')[0]);
    }

    private async Task<int> PagePasswordAsync(string login, StringWriter output)
    {
        using var error = new StringWriter();
        return await CommandLine.RunInServerAsync(
            new ServedFolder(Server.Store, ".", Server.Address), ".", ["page-password", login], new LocalOperator(error), output, error, TestContext.Current.CancellationToken);
    }
}
