using System.Xml.Linq;
using CalDavServer.Tests.Hosting;
using Xunit;
using static CalDavServer.Tests.Hosting.Xml;

namespace CalDavServer.Tests.ClientQuirks;

/// <summary>What DAVx5 makes of answers beyond its session.</summary>
public sealed class Davx5QuirkTests : ServerTest
{
    private string Home => Client.Calendar("home");

    [Fact]
    public async Task Davx5_takes_only_a_principal_that_has_calendar_access() =>
        Assert.Contains("calendar-access", (await Client.SendAsync("OPTIONS", Client.Principal)).Header("DAV"), StringComparison.Ordinal);

    [Fact]
    public async Task Davx5_finds_no_calendar_twice_though_it_follows_every_home_and_group()
    {
        var principal = await Client.PropFindAsync(Client.Principal, "0", C + "calendar-home-set", D + "group-membership");
        Assert.Single(principal.Property(C + "calendar-home-set")!.Elements());
        Assert.Empty(principal.Property(D + "group-membership")!.Elements());
        var hrefs = (await Client.PropFindAsync(Client.Home, "1", D + "resourcetype")).Hrefs;
        Assert.Equal(hrefs.Count, hrefs.Distinct().Count());
    }

    [Fact]
    public async Task Davx5_finds_the_same_calendars_at_each_refresh()
    {
        var first = (await Client.PropFindAsync(Client.Home, "1", D + "resourcetype")).Hrefs;
        await Client.PutAsync(Home + "a.ics", Events.Event("a"));
        for (var refresh = 0; refresh < 3; refresh++) Assert.Equal(first, (await Client.PropFindAsync(Client.Home, "1", D + "resourcetype", D + "displayname")).Hrefs);
    }

    [Fact]
    public async Task Davx5_gets_an_ETag_with_each_object_of_a_multiget_that_names_a_type_and_version()
    {
        string[] paths = [Home + "a.ics", Home + "b.ics"];
        foreach (var path in paths) await Client.PutAsync(path, Events.Event(path[^5..]));
        var body = new XElement(
            C + "calendar-multiget",
            new XElement(
                D + "prop",
                new XElement(D + "getcontenttype"),
                new XElement(D + "getetag"),
                new XElement(C + "schedule-tag"),
                new XElement(C + "calendar-data", new XAttribute("content-type", "text/calendar"), new XAttribute("version", "2.0"))),
            paths.Select(path => new XElement(D + "href", path)));
        var answer = await Client.SendAsync("REPORT", Home, body.ToString());
        foreach (var path in paths)
        {
            Assert.Equal((await Client.GetAsync(path)).Header("ETag"), answer.Property(D + "getetag", path)!.Value);
            Assert.Equal(Events.Event(path[^5..]), answer.Property(C + "calendar-data", path)!.Value.ReplaceLineEndings("\r\n"));
        }
    }

    [Fact]
    public async Task Davx5_stores_one_UID_in_one_resource()
    {
        var two = Events.Event("a").Replace("END:VCALENDAR\r\n", Events.Event("b")[Events.Event("b").IndexOf("BEGIN:VEVENT", StringComparison.Ordinal)..], StringComparison.Ordinal);
        Assert.True((await Client.PutAsync(Home + "a.ics", two)).HasCondition(C + "valid-calendar-object-resource"));
        Assert.Equal(201, (await Client.PutAsync(Home + "a.ics", Events.Event("a"))).Status);
        Assert.True((await Client.PutAsync(Home + "a.ics", Events.Event("b"))).HasCondition(C + "no-uid-conflict"));
    }

    // what is gone at an update is uploaded anew without If-Match
    [Fact]
    public async Task Davx5_uploads_again_what_was_removed_elsewhere()
    {
        var etag = (await Client.PutAsync(Home + "a.ics", Events.Event("a"))).Header("ETag")!;
        await Client.DeleteAsync(Home + "a.ics");
        Assert.Equal(412, (await Client.PutAsync(Home + "a.ics", Events.Event("a"), ("If-Match", etag))).Status);
        Assert.Equal(201, (await Client.PutAsync(Home + "a.ics", Events.Event("a"), ("If-None-Match", "*"))).Status);
    }

    [Fact]
    public async Task Davx5_gives_a_schedule_tag_preference_and_none_is_there_to_give()
    {
        var put = await Client.PutAsync(Home + "a.ics", Events.Event("a"));
        Assert.Null(put.Header("Schedule-Tag"));
        Assert.Equal(404, (await Client.PropFindAsync(Home + "a.ics", "0", C + "schedule-tag")).PropertyStatus(C + "schedule-tag"));
        Assert.Equal(412, (await Client.PutAsync(Home + "a.ics", Events.Event("a"), ("If-Schedule-Tag-Match", "\"1\""))).Status);
    }

    [Fact]
    public async Task Davx5_makes_a_calendar_with_its_type_in_the_properties_and_no_other_type()
    {
        XElement Type(params XName[] names) => new(D + "resourcetype", names.Select(name => new XElement(name)));
        Assert.Equal(201, (await Client.SendAsync("MKCALENDAR", Client.Calendar("one"), MkCalendar(Type(D + "collection", C + "calendar"), new XElement(D + "displayname", "One")))).Status);
        Assert.Equal("One", (await Client.PropFindAsync(Client.Calendar("one"), "0", D + "displayname")).Property(D + "displayname")!.Value);
        var refused = await Client.SendAsync("MKCALENDAR", Client.Calendar("two"), MkCalendar(Type(D + "collection", XName.Get("addressbook", "urn:ietf:params:xml:ns:carddav"))));
        Assert.Equal(207, refused.Status);
        Assert.Single(refused.Root.Descendants(D + "valid-resourcetype"));
        Assert.Equal(404, (await Client.PropFindAsync(Client.Calendar("two"), "0", D + "displayname")).Status);
    }

    [Fact]
    public async Task Davx5_reads_a_zone_by_its_name_once_one_is_set()
    {
        var name = C + "calendar-timezone-id";
        Assert.Contains((await Client.PropFindAsync(Home, "0", name)).PropertyStatus(name), (int[])[200, 404]);
        await Client.SendAsync("PROPPATCH", Home, Set(new XElement(name, "Australia/Sydney")));
        var read = await Client.PropFindAsync(Home, "0", name, C + "calendar-timezone");
        Assert.Equal("Australia/Sydney", read.Property(name)!.Value);
        if (read.Property(C + "calendar-timezone") is { } zone) Assert.Contains("Australia/Sydney", zone.Value, StringComparison.Ordinal);
    }
}
