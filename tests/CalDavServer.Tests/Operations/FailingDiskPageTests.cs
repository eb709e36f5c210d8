using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;
using CalDavServer.Tests.Hosting;
using Xunit;

namespace CalDavServer.Tests.Operations;

/// <summary>A disk that takes no writes, as people see it on the pages: each says that nothing was done, and nothing was.</summary>
public sealed partial class FailingDiskPageTests
{
    private const string Password = "a fine long password";
    private const string New = "three blue herons";
    private const string FeedPage = "/settings/integrations/feed";
    private const string Sentence = "The server&#x27;s disk cannot be used at the moment, so nothing was changed. Try again later.";

    [Fact]
    public async Task What_cannot_be_written_is_503_with_a_sentence_and_changes_nothing_and_pages_are_read_on()
    {
        await using var mail = new MailStandIn();
        await using var program = new ServerProgram();
        var server = await StartAsync(program, mail);
        using var browser = new PageClient(server.Url);
        using var other = new PageClient(server.Url);
        using var stranger = new PageClient(server.Url);
        await browser.PostAsync(await LinkAsync(program), ("password", Password), ("again", Password));
        await browser.SignInAsync("maya", Password);
        await other.SignInAsync("maya", Password);
        var address = AddressIn(await browser.PostAsync($"{FeedPage}?handler=On", ("Level", "Busy")));
        var link = await LinkAsync(program);
        var pages = new Dictionary<string, PageAnswer>();
        foreach (var page in new[] { "/settings/sessions", FeedPage, "/settings/password" }) pages[page] = await browser.GetAsync(page);
        var session = SessionId().Match(pages["/settings/sessions"].Text).Groups[1].Value;
        var emails = mail.Emails;

        FailingDiskTests.LimitFiles(server, "0");
        AssertRefused(await browser.PostAsync("/sign-out", pages[FeedPage]));
        AssertRefused(await browser.PostAsync("/settings/sessions?handler=End", pages["/settings/sessions"], ("id", session)));
        AssertRefused(await browser.PostAsync("/settings/sessions?handler=EndOthers", pages["/settings/sessions"]));
        AssertRefused(await browser.PostAsync($"{FeedPage}?handler=Level", pages[FeedPage], ("Level", "Type")));
        AssertRefused(await browser.PostAsync($"{FeedPage}?handler=Renew", pages[FeedPage]));
        AssertRefused(await browser.PostAsync($"{FeedPage}?handler=Send", pages[FeedPage]));
        AssertRefused(await browser.PostAsync($"{FeedPage}?handler=Off", pages[FeedPage]));
        AssertRefused(await browser.ForgeAsync("/settings/security", pages[FeedPage]));
        AssertRefused(await browser.PostAsync("/settings/password", pages["/settings/password"], ("current", Password), ("password", New), ("again", New)));
        AssertRefused(await stranger.PostAsync("/sign-in", ("login", "maya"), ("password", Password)));
        AssertRefused(await stranger.PostAsync("/forgotten", ("login", "maya")));
        AssertRefused(await stranger.PostAsync("/forgotten", ("login", "nobody")));
        AssertRefused(await stranger.PostAsync(link, ("password", New), ("again", New)));
        var command = await program.RunAsync("page-password", "maya", "--data", program.Data);
        Assert.Equal((1, "", "The disk cannot be written to: nothing was changed."), (command.Code, command.Output, command.Error.Trim()));
        Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync("/settings/sessions")).Status);

        FailingDiskTests.LimitFiles(server, "unlimited");
        Assert.Equal("/settings", (await browser.GetAsync("/settings")).Path);
        Assert.Equal("/settings", (await other.GetAsync("/settings")).Path);
        Assert.Equal(address, AddressIn(await browser.GetAsync(FeedPage)));
        await stranger.SignInAsync("maya", Password);
        Assert.Contains("Your password is set", (await stranger.PostAsync(link, ("password", New), ("again", New))).Text, StringComparison.Ordinal);
        Assert.Equal(["PasswordResetRequested", "PasswordReset", "SignedIn", "SignedIn", "FeedMade", "PasswordResetRequested", "SignedIn", "PasswordReset"], await EndAsync(program, server));
        // that it was set by the link
        Assert.Equal(emails + 1, mail.Emails);
    }

    private static async Task<RunningServer> StartAsync(ServerProgram program, MailStandIn mail)
    {
        Assert.Equal(0, (await program.RunAsync("add-practice", "Riverbend", "--zone", "Australia/Melbourne", "--data", program.Data)).Code);
        Assert.Equal(0, (await program.RunAsync("add-user", "maya", "--email", "maya@riverbend.example", "--role", "practitioner", "--practice", "Riverbend", "--data", program.Data)).Code);
        var settings = new Dictionary<string, string>
        {
            ["CALENDARSYNC_PUBLICADDRESS"] = "http://calendar.riverbend.example",
            ["CALENDARSYNC_SMTPHOST"] = mail.Settings.Host,
            ["CALENDARSYNC_SMTPPORT"] = $"{mail.Settings.Port}",
            ["CALENDARSYNC_SMTPTLS"] = "none",
            ["CALENDARSYNC_SMTPFROM"] = "calendar@riverbend.example",
        };
        return await program.ServeAsync(settings, "--data", program.Data, "--urls", "http://127.0.0.1:0", "--no-demo");
    }

    private static async Task<string> LinkAsync(ServerProgram program)
    {
        var made = await program.RunAsync("page-password", "maya", "--data", program.Data);
        Assert.True(made.Code == 0, made.Error);
        return new Uri(made.Output.Split('\n')[0]).AbsolutePath;
    }

    private static void AssertRefused(PageAnswer answer)
    {
        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.Status);
        Assert.Contains(Sentence, answer.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("class=\"notice\"", answer.Text, StringComparison.Ordinal);
        Assert.True(int.TryParse(answer.Headers.GetValueOrDefault("Retry-After"), out var seconds) && seconds is > 0 and < 600);
    }

    private static string AddressIn(PageAnswer page) => FeedAddress().Match(page.Text) is { Success: true } match ? match.Value : throw new InvalidOperationException("There is no address.");

    private static async Task<IReadOnlyList<string?>> EndAsync(ServerProgram program, RunningServer server)
    {
        Assert.Equal(0, await ServerProgram.StopAsync(server));
        var check = await program.RunAsync("check", "--data", program.Data);
        Assert.True(check.Code == 0, check.Output + check.Error);
        var file = Path.Combine(program.Folder, "audit.jsonl");
        var exported = await program.RunAsync("audit", "export", "Riverbend", "--output", file, "--data", program.Data);
        Assert.True(exported.Code == 0, exported.Error);
        var lines = await File.ReadAllLinesAsync(file, TestContext.Current.CancellationToken);
        return [.. lines.Select(line => JsonDocument.Parse(line).RootElement.GetProperty("entry").GetProperty("action").GetString()).Where(action => action != "AuditExported")];
    }

    [GeneratedRegex("name=\"id\" value=\"([0-9a-f]+)\"")]
    private static partial Regex SessionId();

    [GeneratedRegex(@"http://[a-z.]+/feeds/[A-Za-z0-9_-]+\.ics")]
    private static partial Regex FeedAddress();
}
