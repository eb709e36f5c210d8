using System.Xml.Linq;
using CalDavServer.Tests.Hosting;
using Xunit;
using static CalDavServer.Tests.Hosting.Xml;

namespace CalDavServer.Tests.ClientQuirks;

/// <summary>What Thunderbird makes of answers, and what it must therefore not get.</summary>
public sealed class ThunderbirdQuirkTests : ServerTest
{
    private string Home => Client.Calendar("home");

    // A 403 whose body is an empty DAV:error is taken for "too many requests": the calendar is asked again and again, and the person is told nothing.
    [Fact]
    public async Task Thunderbird_takes_no_refusal_for_a_rate_limit()
    {
        await Client.PutAsync(Home + "a.ics", Events.Event("a"));
        using var reader = Server.Client(await Server.AddPasswordAsync(Alice.Principal, readOnly: true));
        var refusals = new List<DavAnswer>
        {
            await reader.PutAsync(Home + "a.ics", Events.Event("a")),
            await reader.DeleteAsync(Home + "a.ics"),
            await Client.PutAsync(Client.Calendar("hx") + "t.ics", Events.Task("t")),
            await Client.PutAsync(Home + "b.ics", "BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n"),
            await Client.PutAsync(Home + "b.ics", Events.Event("a")),
            await Client.PutAsync(Home + "b.ics", Events.Event("b"), ("Content-Type", "text/plain")),
            await Client.PutAsync(Client.Calendar("inbox") + "a.ics", Events.Event("a")),
            await Client.DeleteAsync(Client.Calendar("hx")),
            await Client.SendAsync("MKCALENDAR", Client.Home + "x/y/"),
            await Client.SendAsync("MKCALENDAR", Home),
            await Client.SendAsync("MOVE", Client.Calendar("hx"), null, ("Destination", Client.Calendar("elsewhere"))),
            await Client.SendAsync("PROPFIND", Home, null, ("Depth", "infinity")),
            await Client.SendAsync("REPORT", Home, SyncOf("data:,other/1"), ("Depth", "1")),
            await Client.SendAsync("REPORT", Home, "<unknown xmlns='urn:example'/>", ("Depth", "1")),
            await Client.SendAsync("REPORT", Home, $"<C:calendar-query xmlns:C='{C.NamespaceName}'><C:filter/></C:calendar-query>", ("Depth", "1")),
        };
        foreach (var answer in refusals)
        {
            Assert.Equal(403, answer.Status);
            Assert.NotEmpty(answer.Bytes);
            if (answer.Text.StartsWith('<')) Assert.NotEmpty(answer.Root.Elements());
        }
    }

    [Fact]
    public async Task Thunderbird_is_asked_to_wait_by_429_and_never_by_403()
    {
        var last = 401;
        for (var n = 0; n < 100 && last == 401; n++)
        {
            using var guesser = new DavClient(Server.Address, $"Basic {Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes($"alice@example.com:{n}"))}", "x");
            last = (await guesser.PropFindAsync(Home, "0", D + "resourcetype")).Status;
        }

        Assert.Equal(429, last);
        Assert.Equal(207, (await Client.PropFindAsync(Home, "0", D + "resourcetype")).Status);
    }

    [Fact]
    public async Task Thunderbird_shows_a_calendar_as_read_only_exactly_when_it_is()
    {
        XName[] writing = [D + "write", D + "write-content", D + "write-properties", D + "all"];
        using var reader = Server.Client(await Server.AddPasswordAsync(Alice.Principal, readOnly: true));
        foreach (var (client, writes) in new[] { (Client, true), (reader, false) })
        {
            var set = (await client.PropFindAsync(Home, "0", D + "current-user-privilege-set")).Property(D + "current-user-privilege-set")!;
            Assert.Equal(writes, set.Descendants().Any(element => writing.Contains(element.Name)));
            Assert.Equal(writes ? 201 : 403, (await client.PutAsync(Home + "a.ics", Events.Event("a"))).Status);
        }
    }

    // a 4xx on a calendar that is set up disables it
    [Fact]
    public async Task Thunderbird_keeps_a_calendar_in_which_one_object_is_damaged()
    {
        await Client.PutAsync(Home + "good.ics", Events.Event("good"));
        await Client.PutAsync(Home + "bad.ics", Events.Event("bad"));
        await Server.DamageAsync("bad.ics");
        Assert.Equal(207, (await Client.PropFindAsync(Home, "0", D + "resourcetype", D + "supported-report-set", CS + "getctag")).Status);
        var sync = await Client.SendAsync("REPORT", Home, SyncOf(""), ("Depth", "1"));
        Assert.StartsWith("text/calendar", sync.Property(D + "getcontenttype", Home + "good.ics")!.Value, StringComparison.Ordinal);
        var body = new XElement(
            C + "calendar-multiget",
            new XElement(D + "prop", new XElement(D + "getetag"), new XElement(C + "calendar-data")),
            new XElement(D + "href", Home + "bad.ics"),
            new XElement(D + "href", Home + "good.ics"));
        var fetched = await Client.SendAsync("REPORT", Home, body.ToString(), ("Depth", "1"));
        Assert.Equal(207, fetched.Status);
        Assert.NotNull(fetched.Property(C + "calendar-data", Home + "good.ics"));
    }

    [Fact]
    public async Task Thunderbird_goes_on_after_507_until_it_has_everything()
    {
        for (var n = 0; n < 5; n++) await Client.PutAsync(Home + $"{n}.ics", Events.Event($"{n}"));
        var (token, seen, rounds) = ("", new List<string>(), 0);
        while (true)
        {
            Assert.True(++rounds < 10);
            var page = await Client.SendAsync("REPORT", Home, SyncOf(token, 2), ("Depth", "1"));
            token = page.Root.Element(D + "sync-token")!.Value;
            seen.AddRange(page.Hrefs.Where(href => href != Home));
            if (!page.Hrefs.Contains(Home)) break;
            Assert.Contains(" 507 ", page.Response(Home).Element(D + "status")!.Value, StringComparison.Ordinal);
        }

        Assert.Equal(Enumerable.Range(0, 5).Select(n => Home + $"{n}.ics"), seen.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Thunderbird_may_set_a_colour_with_alpha_and_reads_it_back()
    {
        var color = A + "calendar-color";
        await Client.SendAsync("PROPPATCH", Home, Set(new XElement(color, "#AABBCC80")));
        Assert.Equal("#AABBCC80", (await Client.PropFindAsync(Client.Home, "1", color)).Property(color, Home)!.Value);
    }

    [Fact]
    public async Task Thunderbird_is_redirected_nowhere_but_from_the_well_known_address()
    {
        foreach (var path in new[] { "/", "/dav", "/dav/", Client.Principal.TrimEnd('/'), Client.Home.TrimEnd('/'), Home.TrimEnd('/'), Home })
            Assert.Equal(207, (await Client.PropFindAsync(path, "0", D + "resourcetype")).Status);
    }

    private static string SyncOf(string token, int limit = 0) => new XElement(
        D + "sync-collection",
        new XElement(D + "sync-token", token),
        new XElement(D + "sync-level", "1"),
        limit == 0 ? null : new XElement(D + "limit", new XElement(D + "nresults", limit)),
        new XElement(D + "prop", new XElement(D + "getcontenttype"), new XElement(D + "getetag"))).ToString();
}
