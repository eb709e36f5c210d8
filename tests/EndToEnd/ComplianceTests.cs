using System.Xml.Linq;
using Xunit;

namespace EndToEnd;

/// <summary>docs/compliance.md says nothing that no test shows, and leaves out nothing that the server claims.</summary>
public sealed class ComplianceTests
{
    private const string Login = "alice";
    private const string Password = "a-password-of-the-test";

    [Fact]
    public void Every_row_names_tests_that_exist()
    {
        var rows = ComplianceTable.Read();
        var tests = ComplianceTable.TestsInSources();
        Assert.True(rows.Count > 20, "the table was not found");
        var without = rows.Where(row => row.Tests.Count == 0).Select(row => $"{row.Document} {row.Section}: no test");
        var missing = from row in rows from test in row.Tests where !tests.Contains(test) select $"{row.Document} {row.Section}: {test} does not exist";
        Assert.Empty(without.Concat(missing));
    }

    [Fact]
    public async Task Every_token_method_and_report_that_is_advertised_has_a_row()
    {
        await using var server = await ServerProcess.StartWithUserAsync(Login, Password);
        using var client = server.CreateClient(Login, Password);
        var calendar = new Uri(server.Url, $"dav/calendars/{Login}/tasks/");
        using var options = new HttpRequestMessage(HttpMethod.Options, calendar);
        using var answer = await client.SendAsync(options, TestContext.Current.CancellationToken);
        Assert.True(answer.IsSuccessStatusCode);
        var advertised = answer.Headers.GetValues("DAV").SelectMany(value => value.Split(',', StringSplitOptions.TrimEntries))
            .Concat(answer.Content.Headers.Allow)
            .Concat(await ReportsAsync(client, calendar))
            .ToHashSet(StringComparer.Ordinal);
        Assert.Superset(new HashSet<string> { "calendar-access", "PUT", "sync-collection" }, advertised);

        var described = ComplianceTable.Read().SelectMany(row => ComplianceTable.CodeSpan().Matches(row.What)).Select(match => match.Groups[1].Value).ToHashSet();
        Assert.Empty(advertised.Except(described).Order());
    }

    private static async Task<IEnumerable<string>> ReportsAsync(HttpClient client, Uri calendar)
    {
        using var request = new HttpRequestMessage(new HttpMethod("PROPFIND"), calendar)
        {
            Content = new StringContent("<propfind xmlns='DAV:'><prop><supported-report-set/></prop></propfind>", null, "application/xml"),
            Headers = { { "Depth", "0" } },
        };
        using var answer = await client.SendAsync(request, TestContext.Current.CancellationToken);
        var body = XDocument.Parse(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        return body.Descendants(XName.Get("report", "DAV:")).Where(report => report.HasElements).Select(report => report.Elements().First().Name.LocalName);
    }
}
