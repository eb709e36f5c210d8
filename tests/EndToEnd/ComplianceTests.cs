using System.Xml.Linq;
using Xunit;

namespace EndToEnd;

/// <summary>docs/compliance.md says nothing that no test shows, and leaves out nothing that the server claims.</summary>
public sealed class ComplianceTests
{
    private const string Login = "alice";
    private const string Password = "a-password-of-the-test";
    private static readonly XNamespace Dav = "DAV:";

    [Fact]
    public void Every_row_names_tests_that_exist()
    {
        var rows = ComplianceTable.Read();
        var tests = ComplianceTable.TestsInSources();
        Assert.True(rows.Count > 20, "the table was not found");
        var without = rows.Where(row => row.Tests.Count == 0).Select(row => $"{row.Document} {row.Section}: no test");
        var missing = from row in rows from test in row.Tests where !tests.Contains(test) select $"{row.Document} {row.Section}: {test} does not exist";
        AssertNone(without.Concat(missing));
    }

    [Fact]
    public async Task Everything_that_is_advertised_has_a_row()
    {
        await using var server = await ServerProcess.StartWithUserAsync(Login, Password);
        using var client = server.CreateClient(Login, Password);
        var advertised = new HashSet<string>(StringComparer.Ordinal);
        string[] paths = ["", $"dav/principals/{Login}/", $"dav/calendars/{Login}/", $"dav/calendars/{Login}/tasks/", $"dav/calendars/{Login}/tasks/new.ics", $"dav/calendars/{Login}/new/"];
        foreach (var path in paths)
        {
            using var options = new HttpRequestMessage(HttpMethod.Options, path);
            using var answer = await client.SendAsync(options, TestContext.Current.CancellationToken);
            Assert.True(answer.IsSuccessStatusCode, path);
            advertised.UnionWith(answer.Headers.GetValues("DAV").SelectMany(value => value.Split(',', StringSplitOptions.TrimEntries)));
            advertised.UnionWith(answer.Content.Headers.Allow);
            if (path.Contains("new", StringComparison.Ordinal)) continue;
            var properties = await PropFindAsync(client, path, "<propname/>");
            advertised.UnionWith(properties.Descendants(Dav + "prop").Elements().Select(property => property.Name.LocalName));
            var reports = await PropFindAsync(client, path, "<prop><supported-report-set/></prop>");
            advertised.UnionWith(reports.Descendants(Dav + "report").Elements().Select(report => report.Name.LocalName));
        }

        Assert.Superset(new HashSet<string> { "calendar-access", "PUT", "MKCALENDAR", "sync-collection", "getctag" }, advertised);
        var described = ComplianceTable.Read().SelectMany(row => ComplianceTable.CodeSpan().Matches(row.What)).Select(match => match.Groups[1].Value);
        AssertNone(advertised.Except(described).Order());
    }

    private static void AssertNone(IEnumerable<string> faults)
    {
        var all = string.Join('\n', faults);
        Assert.True(all.Length == 0, $"not in docs/compliance.md, or not as it says:\n{all}");
    }

    private static async Task<XDocument> PropFindAsync(HttpClient client, string path, string asked)
    {
        using var request = new HttpRequestMessage(new HttpMethod("PROPFIND"), path)
        {
            Content = new StringContent($"<propfind xmlns='DAV:'>{asked}</propfind>", null, "application/xml"),
            Headers = { { "Depth", "0" } },
        };
        using var answer = await client.SendAsync(request, TestContext.Current.CancellationToken);
        return XDocument.Parse(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }
}
