using System.Diagnostics;
using System.Net;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Sandbox.Tests.Product;

/// <summary>The program that a newcomer starts: product and stand-ins wired together. By what it prints an account is connected and filled, and both end together.</summary>
public sealed partial class StartTests : IDisposable
{
    private readonly string _data = Directory.CreateTempSubdirectory("sandbox-start-").FullName;
    private readonly HttpClient _http = new(new SocketsHttpHandler { CookieContainer = new CookieContainer() }) { Timeout = TimeSpan.FromSeconds(60) };

    public StartTests() => _http.DefaultRequestHeaders.Accept.ParseAdd("text/html");

    public void Dispose()
    {
        _http.Dispose();
        Directory.Delete(_data, recursive: true);
    }

    [Fact]
    public async Task A_newcomer_connects_Google_by_what_is_printed_and_both_end_together()
    {
        using var program = Process.Start(new ProcessStartInfo("dotnet", [typeof(SandboxHost).Assembly.Location, "--port", "0", "--product-port", "0", "--data", _data]) { RedirectStandardOutput = true })!;
        try
        {
            var (practice, login, password, sandbox) = await ReadAsync(program);
            await PostAsync(await GetAsync(practice + "sign-in"), "sign-in", ("login", login), ("password", password));
            var onward = await PostAsync(await GetAsync(practice + "settings/integrations/add/google"), "/connect");
            var choice = await AllowAsync(WebUtility.HtmlDecode(Onward().Match(onward.Text).Groups[1].Value));
            await PostAsync(choice, null, ("level", "Initials"), ("existing", "true"));
            Assert.True(await SeesAsync(sandbox) > 10);

            using var ask = Process.Start("kill", [$"{program.Id}"]);
            await program.WaitForExitAsync(TestContext.Current.CancellationToken);
            await Assert.ThrowsAsync<HttpRequestException>(() => _http.GetAsync(practice, TestContext.Current.CancellationToken));
            await Assert.ThrowsAsync<HttpRequestException>(() => _http.GetAsync(sandbox, TestContext.Current.CancellationToken));
        }
        finally
        {
            if (!program.HasExited) program.Kill(entireProcessTree: true);
        }
    }

    [Fact]
    public async Task A_newcomer_connects_Google_and_Outlook_within_two_minutes_and_sees_the_other_side_of_each()
    {
        var since = Stopwatch.StartNew();
        using var program = Process.Start(new ProcessStartInfo("dotnet", [typeof(SandboxHost).Assembly.Location, "--port", "0", "--product-port", "0", "--data", _data]) { RedirectStandardOutput = true })!;
        try
        {
            var (practice, login, password, sandbox) = await ReadAsync(program);
            await PostAsync(await GetAsync(practice + "sign-in"), "sign-in", ("login", login), ("password", password));
            foreach (var (way, email, scope) in (IEnumerable<(string, string, string)>)[("google", "sam@gmail.com", Scene.AppCreated), ("outlook", "sam@outlook.com", "Calendars.ReadWrite")])
            {
                var onward = await PostAsync(await GetAsync($"{practice}settings/integrations/add/{way}"), "/connect");
                var choice = await AllowAsync(WebUtility.HtmlDecode(Onward().Match(onward.Text).Groups[1].Value), email, scope);
                await PostAsync(choice, null, ("level", "Initials"), ("existing", "true"));
            }

            Assert.True(await SeesAsync(sandbox) > 10 && await SeesAsync(sandbox, "microsoft:sam@outlook.com") > 10);
            Assert.True(since.Elapsed < TimeSpan.FromMinutes(2), $"it took {since.Elapsed}");
            // with names for both calendars, and a line for each appointment
            var page = (await GetAsync(sandbox)).Text;
            Assert.All(["Google: sam@gmail.com", "Microsoft: sam@outlook.com"], account => Assert.Contains(account, page, StringComparison.Ordinal));
            Assert.True(page.Split("<tr id=").Length > 20);
        }
        finally
        {
            if (!program.HasExited) program.Kill(entireProcessTree: true);
        }
    }

    [Fact]
    public async Task A_newcomer_connects_Halaxy_by_what_is_printed()
    {
        using var program = Process.Start(new ProcessStartInfo("dotnet", [typeof(SandboxHost).Assembly.Location, "--port", "0", "--product-port", "0", "--data", _data]) { RedirectStandardOutput = true })!;
        try
        {
            var printed = await PrintedAsync(program, "client secret");
            var (page, login, password) = printed.Select(line => TheHalaxy().Match(line)).First(one => one.Success) is var found ? (found.Groups[1].Value, found.Groups[2].Value, found.Groups[3].Value) : default;
            string After(string words) => printed.First(line => line.Contains(words, StringComparison.Ordinal)).Split(' ')[^1];
            await PostAsync(await GetAsync(new Uri(new Uri(page), "/sign-in").AbsoluteUri), "sign-in", ("login", login), ("password", password));
            var matching = await PostAsync(await GetAsync(page), "/key", ("clientId", After("client id ")), ("clientSecret", After("client secret ")));
            var chosen = Chosen().Matches(matching.Text).Select(one => (one.Groups[1].Value, one.Groups[2].Value)).ToArray();
            Assert.Equal(2, chosen.Length);
            var counted = await PostAsync(matching, "/match", chosen);
            await PostAsync(counted, "/connect");
            for (var tries = 0; tries < 120 && !(await GetAsync(page)).Text.Contains("The diaries agree with Halaxy: 6 appointments.", StringComparison.Ordinal); tries++) await Task.Delay(500, TestContext.Current.CancellationToken);
            Assert.Contains("The diaries agree with Halaxy: 6 appointments.", (await GetAsync(page)).Text, StringComparison.Ordinal);
        }
        finally
        {
            if (!program.HasExited) program.Kill(entireProcessTree: true);
        }
    }

    [Fact]
    public void An_option_without_its_value_is_said() => Assert.Contains("--alone", Assert.Throws<ArgumentException>(() => SandboxOptions.Parse(["--port"])).Message, StringComparison.Ordinal);

    private static async Task<(string Practice, string Login, string Password, string Sandbox)> ReadAsync(Process program)
    {
        var printed = await PrintedAsync(program, "3. The other side");
        var (practice, other) = (printed.Select(one => ThePractice().Match(one)).First(one => one.Success), OtherSide().Match(printed[^1]));
        return (practice.Groups[1].Value, practice.Groups[2].Value, practice.Groups[3].Value, other.Groups[1].Value);
    }

    /// <summary>What it prints, up to a line with some words.</summary>
    private static async Task<IReadOnlyList<string>> PrintedAsync(Process program, string words)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(3));
        List<string> printed = [];
        while (await program.StandardOutput.ReadLineAsync(limit.Token) is { } line)
        {
            printed.Add(line);
            if (line.Contains(words, StringComparison.Ordinal)) return printed;
        }

        throw new InvalidOperationException(string.Join('\n', printed));
    }

    private async Task<(Uri Address, string Text)> GetAsync(string address)
    {
        using var answer = await _http.GetAsync(address);
        return (answer.RequestMessage!.RequestUri!, await answer.Content.ReadAsStringAsync());
    }

    /// <summary>Sends the form of a page that posts there; to the page itself when that is not said.</summary>
    private async Task<(Uri Address, string Text)> PostAsync((Uri Address, string Text) page, string? action, params (string Name, string Value)[] fields)
    {
        var target = action is null ? page.Address : new Uri(page.Address, Action().Matches(page.Text).Select(form => WebUtility.HtmlDecode(form.Groups[1].Value)).FirstOrDefault(one => one.EndsWith(action, StringComparison.Ordinal)) ?? action);
        using var form = new FormUrlEncodedContent([.. fields.Select(one => KeyValuePair.Create(one.Name, one.Value)), KeyValuePair.Create("__RequestVerificationToken", Token().Match(page.Text).Groups[1].Value)]);
        using var answer = await _http.PostAsync(target, form);
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.IsSuccessStatusCode, $"{target}: {answer.StatusCode}\n{text}");
        return (answer.RequestMessage!.RequestUri!, text);
    }

    /// <summary>Makes an account on the page of the stand-in, ticks the box and allows it.</summary>
    private async Task<(Uri Address, string Text)> AllowAsync(string address, string email = "sam@gmail.com", string scope = Scene.AppCreated)
    {
        var page = await GetAsync(address);
        var fields = Hidden().Matches(page.Text).Select(one => KeyValuePair.Create(WebUtility.HtmlDecode(one.Groups[1].Value), WebUtility.HtmlDecode(one.Groups[2].Value))).ToList();
        foreach (var (name, value) in (IEnumerable<(string, string)>)[("sandbox_new", email), ("sandbox_zone", "Australia/Melbourne"), ("sandbox_choice", "allow"), ("sandbox_scope", scope)]) fields.Add(KeyValuePair.Create(name, value));
        using var form = new FormUrlEncodedContent(fields);
        using var answer = await _http.PostAsync(new Uri(page.Address, WebUtility.HtmlDecode(Action().Match(page.Text).Groups[1].Value)), form);
        return (answer.RequestMessage!.RequestUri!, await answer.Content.ReadAsStringAsync());
    }

    /// <summary>How many appointments the person sees at the service, once there are any.</summary>
    private async Task<int> SeesAsync(string sandbox, string of = "google:sam@gmail.com")
    {
        var account = $"{sandbox}user/{Uri.EscapeDataString(of)}/calendars";
        for (var tries = 0; tries < 120; tries++)
        {
            var calendars = JsonNode.Parse(await _http.GetStringAsync(account))!.AsArray().Where(one => (string?)one!["madeBy"] is not null).ToList();
            var seen = calendars.Count == 0 ? 0 : JsonNode.Parse(await _http.GetStringAsync($"{account}/{Uri.EscapeDataString((string)calendars[0]!["id"]!)}/events"))!.AsArray().Count;
            if (seen > 10) return seen;
            await Task.Delay(500);
        }

        return 0;
    }

    [GeneratedRegex(@"1\. The practice: +(\S+) +sign in with +(\S+) +and +(\S+)")]
    private static partial Regex ThePractice();

    [GeneratedRegex(@"4\. Or connect Halaxy: +(\S+) +sign in with +(\S+) +and +(\S+)")]
    private static partial Regex TheHalaxy();

    [GeneratedRegex("<select[^>]* name=\"(match-[^\"]+)\">(?:(?!</select>).)*<option value=\"([^\"]+)\" selected", RegexOptions.Singleline)]
    private static partial Regex Chosen();

    [GeneratedRegex(@"3\. The other side: +(\S+)")]
    private static partial Regex OtherSide();

    [GeneratedRegex("content=\"0;url=([^\"]*)\"")]
    private static partial Regex Onward();

    [GeneratedRegex("name=\"__RequestVerificationToken\" type=\"hidden\" value=\"([^\"]*)\"")]
    private static partial Regex Token();

    [GeneratedRegex("<input type=\"hidden\" name=\"([^\"]*)\" value=\"([^\"]*)\">")]
    private static partial Regex Hidden();

    [GeneratedRegex("action=\"([^\"]*)\"")]
    private static partial Regex Action();
}
