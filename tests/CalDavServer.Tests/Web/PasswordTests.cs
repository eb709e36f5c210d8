using System.Net;
using System.Text.RegularExpressions;
using CalDavServer.Operations;
using CalDavServer.Operations.Commands;
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

    private protected override ServerOptions? Hosting => new() { Mail = _mail.Settings, PublicAddress = new Uri("https://calendar.riverbend.example/") };

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
        var letter = await _mail.NextAsync();
        Assert.Equal("maya@riverbend.example", letter.To);
        Assert.Equal("calendar.riverbend.example", letter.Link.Host);
        var path = letter.Link.PathAndQuery;

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
        Assert.Contains("does not work any more", again.Text, StringComparison.Ordinal);
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
    public async Task A_link_ends_after_an_hour_with_a_change_of_the_password_and_with_the_next_link()
    {
        using var browser = new PageClient(Server);
        var first = await LinkAsync();
        var second = await LinkAsync();
        Assert.Equal(HttpStatusCode.Gone, (await browser.GetAsync(first)).Status);
        _clock.Now += Duration.FromMinutes(59);
        Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync(second)).Status);
        _clock.Now += Duration.FromMinutes(2);
        Assert.Equal(HttpStatusCode.Gone, (await browser.GetAsync(second)).Status);
        var third = await LinkAsync();
        using var signedIn = await SignedInAsync("maya");
        await signedIn.PostAsync("/settings/password", ("current", Password), ("password", New), ("again", New));
        Assert.Equal(HttpStatusCode.Gone, (await browser.GetAsync(third)).Status);
    }

    [Fact]
    public async Task Whether_somebody_is_known_is_not_told_and_only_the_known_get_a_letter()
    {
        using var browser = new PageClient(Server);
        var unknown = await browser.PostAsync("/forgotten", ("login", "nobody@riverbend.example"));
        var known = await browser.PostAsync("/forgotten", ("login", "tom"));
        Assert.Equal(unknown.Text, known.Text);
        Assert.Equal("tom@riverbend.example", (await _mail.NextAsync()).To);
        Assert.Equal(0, _mail.Letters);
    }

    [Fact]
    public async Task Letters_to_one_person_and_requests_from_one_place_are_limited()
    {
        using var browser = new PageClient(Server);
        for (var request = 0; request < 4; request++) await browser.PostAsync("/forgotten", ("login", "maya"));
        for (var letter = 0; letter < 3; letter++) await _mail.NextAsync();
        for (var request = 4; request < 9; request++) await browser.PostAsync("/forgotten", ("login", "maya"));
        Assert.Equal(HttpStatusCode.OK, (await browser.PostAsync("/forgotten", ("login", "tom"))).Status);
        Assert.Equal("tom@riverbend.example", (await _mail.NextAsync()).To);
        Assert.Equal(HttpStatusCode.TooManyRequests, (await browser.PostAsync("/forgotten", ("login", "tom"))).Status);
        Assert.Equal(0, _mail.Letters);
    }

    [Fact]
    public async Task The_address_in_a_letter_is_never_that_of_the_request()
    {
        using var http = new HttpClient { BaseAddress = Server.Address };
        using var page = new HttpRequestMessage(HttpMethod.Get, "/forgotten") { Headers = { Host = "evil.example" } };
        var form = await http.SendAsync(page, TestContext.Current.CancellationToken);
        var token = Regex.Match(await form.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), "__RequestVerificationToken\" type=\"hidden\" value=\"([^\"]+)").Groups[1].Value;
        using var post = new HttpRequestMessage(HttpMethod.Post, "/forgotten") { Headers = { Host = "evil.example" }, Content = new FormUrlEncodedContent([new("login", "maya"), new("__RequestVerificationToken", token)]) };
        await http.SendAsync(post, TestContext.Current.CancellationToken);
        Assert.Equal("calendar.riverbend.example", (await _mail.NextAsync()).Link.Host);
    }

    [Fact]
    public async Task A_command_prints_a_link_for_who_has_no_mail()
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        Assert.Equal(0, await RunAsync("Maya"));
        var link = new Uri(output.ToString().Split('\n')[0]);
        // the command has the system's clock
        _clock.Now = SystemClock.Instance.GetCurrentInstant();
        using var browser = new PageClient(Server);
        Assert.Equal("/sign-in", (await browser.PostAsync(link.PathAndQuery, ("password", New), ("again", New))).Path);
        Assert.Equal(3, await RunAsync("nobody"));

        Task<int> RunAsync(string login) => CommandLine.RunInServerAsync(
            new ServedFolder(Server.Store, "."), ".", ["page-password", login], new LocalOperator(error), output, error, TestContext.Current.CancellationToken);
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
}
