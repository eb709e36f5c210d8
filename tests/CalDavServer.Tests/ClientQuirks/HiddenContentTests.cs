using System.Text.RegularExpressions;
using System.Xml.Linq;
using CalDavServer.Tests.Hosting;
using FsCheck;
using FsCheck.Fluent;
using NodaTime;
using Practice;
using Xunit;
using static CalDavServer.Tests.Hosting.Xml;

namespace CalDavServer.Tests.ClientQuirks;

/// <summary>
/// docs/rules.md P3, P6 to P8 over CalDAV: a history is played by two people, and the two differ only in what a full-name device hides in objects and properties, their names and lengths among it. An attacker
/// at a lower level puts, copies, moves, removes and sets properties too. All that it is told must be the same: texts, sizes, ETags, properties and their names, quota, presence and order.
/// </summary>
public sealed partial class Hidden_content_changes_nothing_that_a_lower_level_reads : IAsyncLifetime
{
    private static readonly string[] Calendars = ["hx", "own", "second"];
    private static readonly string[] Names = ["a", "b", "c"];
    private TestServer _server = null!;
    private int _people;

    public async ValueTask InitializeAsync() => _server = await TestServer.StartAsync(new Standing());

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task Whatever_is_hidden_an_attacker_who_writes_is_told_the_same()
    {
        var (told, hidden) = (0, 0);
        foreach (var steps in Gen.Choose(0, 9_999).ListOf(9).Sample(24, 40))
        {
            var level = (PrivacyLevel)(steps[0] % 4);
            var first = await PlayAsync(level, [.. steps.Skip(1)], world: 1);
            var second = await PlayAsync(level, [.. steps.Skip(1)], world: 2);
            Assert.Equal(first.Told, second.Told);
            told += first.Told.Count;
            hidden += first.Whole == second.Whole ? 0 : 1;
        }

        Assert.True(told > 200, $"only {told} answers were compared");
        Assert.True(hidden > 6, $"only in {hidden} histories was anything hidden at the end");
    }

    private async Task<(List<string> Told, string Whole)> PlayAsync(PrivacyLevel level, int[] steps, int world)
    {
        var person = await _server.AddPersonAsync($"p{_people++:000}@example.com", practiceId: null);
        using var full = _server.Client(person);
        using var attacker = _server.Client(await _server.AddPasswordAsync(person.Principal, level: level));
        string Plain(string text) => Changing().Replace(text.Replace(person.Principal.Id, "id", StringComparison.Ordinal), "-");
        foreach (var calendar in Calendars.Skip(1)) await attacker.SendAsync("MKCALENDAR", full.Calendar(calendar));
        List<string> told = [];
        foreach (var step in steps)
        {
            var random = new Random(step);
            var path = full.Calendar(Calendars[random.Next(3)]) + Names[random.Next(3)] + ".ics";
            var other = full.Calendar(Calendars[random.Next(3)]) + Names[random.Next(3)] + ".ics";
            var resource = new[] { path, path[..(path.LastIndexOf('/') + 1)], full.Home, full.Principal, full.Home + "inbox/" }[random.Next(5)];
            var secret = new string((char)('a' + new Random(step + world).Next(26)), 1 + (new Random(step * world).Next(3) * 700));
            switch (step % 10)
            {
                case 0 or 1 or 2:
                    await full.PutAsync(path, Events.Event(Uid(path), secret, $"DESCRIPTION:{secret}", $"X-{secret[0]}:{world}", $"CATEGORIES:{secret}"));
                    break;
                case 3 or 4:
                    await full.SendAsync("PROPPATCH", resource, Set([.. Enumerable.Range(0, 1 + new Random(step * world).Next(3)).Select(n => new XElement(XName.Get(n == 0 ? "note" : $"{secret[0]}{n}", "urn:x"), secret))]));
                    break;
                case 5:
                    told.Add($"{(await attacker.PutAsync(path, Events.Event(Uid(path), "mine", "X-MINE:1"))).Status}");
                    break;
                case 6 or 7:
                    var name = XName.Get(random.Next(2) == 0 ? "note" : "a1", "urn:x");
                    var patch = random.Next(3) == 0 ? Remove(name) : Set(new XElement(name, "mine"));
                    told.Add((await attacker.SendAsync("PROPPATCH", resource, patch)).Text);
                    break;
                default:
                    var answer = await attacker.SendAsync(step % 3 == 0 ? "DELETE" : step % 2 == 0 ? "COPY" : "MOVE", path, null, step % 3 == 0 ? [] : [("Destination", other)]);
                    told.Add($"{answer.Status} {answer.Text}");
                    break;
            }

            told.Add(Plain(await ReadAsync(attacker)));
        }

        return ([.. told.Select(Plain)], Plain(await ReadAsync(full)));
    }

    // an object keeps its UID under each name, and the same object may be in two calendars
    private static string Uid(string path) => path[^5..^4];

    private static async Task<string> ReadAsync(DavClient client)
    {
        List<string> texts = [];
        foreach (var path in Calendars.Select(client.Calendar).Append(client.Home).Append(client.Principal).Append(client.Home + "inbox/"))
        {
            foreach (var asked in new XElement[] { new(D + "allprop"), new(D + "propname"), Asked })
                texts.Add((await client.SendAsync("PROPFIND", path, new XElement(D + "propfind", asked).ToString(), ("Depth", "1"))).Text);
        }

        foreach (var calendar in Calendars.Select(client.Calendar))
        {
            var whole = await client.GetAsync(calendar);
            texts.Add($"{whole.Header("ETag")} {whole.Text}");
            texts.Add((await client.SendAsync("REPORT", calendar, new XElement(C + "calendar-query", new XElement(D + "prop", new XElement(C + "calendar-data")), new XElement(C + "filter", new XElement(C + "comp-filter", new XAttribute("name", "VCALENDAR")))).ToString(), ("Depth", "1"))).Text);
        }

        return string.Join("\n", texts);
    }

    private static XElement Asked => new(D + "prop", new[] { D + "getetag", D + "getcontentlength", D + "displayname", CS + "getctag", D + "sync-token", D + "quota-used-bytes", D + "quota-available-bytes", XName.Get("note", "urn:x"), XName.Get("a1", "urn:x") }.Select(name => new XElement(name)));

    // what is random in each home, and nothing else
    [GeneratedRegex("[0-9a-f]{16}(?=\\.[0-4][-/])|id-p[0-9]{3}|p[0-9]{3}@example\\.com|\\bp[0-9]{3}\\b")]
    private static partial Regex Changing();

    private sealed class Standing : IClock
    {
        public Instant GetCurrentInstant() => Instant.FromUtc(2026, 5, 1, 9, 0);
    }
}
