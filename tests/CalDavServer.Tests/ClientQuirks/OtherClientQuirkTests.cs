using System.Xml.Linq;
using CalDavServer.Tests.Hosting;
using Xunit;
using static CalDavServer.Tests.Hosting.Xml;

namespace CalDavServer.Tests.ClientQuirks;

/// <summary>What Evolution, KDE, Outlook CalDav Synchronizer, BusyCal, Mailspring, Home Assistant, vdirsyncer and tsdav need beyond their sessions.</summary>
public sealed class OtherClientQuirkTests : ServerTest
{
    private string Home => Client.Calendar("home");

    [Fact]
    public async Task Evolution_gets_a_sync_token_that_is_a_URI_and_204_with_an_ETag_for_an_update()
    {
        Assert.Equal(201, (await Client.PutAsync(Home + "a.ics", Events.Event("a"), ("If-None-Match", "*"))).Status);
        var update = await Client.PutAsync(Home + "a.ics", Events.Event("a", "Two"));
        Assert.Equal(204, update.Status);
        Assert.NotNull(update.Header("ETag"));
        var token = (await Client.PropFindAsync(Home, "0", D + "sync-token")).Property(D + "sync-token")!.Value;
        Assert.True(Uri.IsWellFormedUriString(token, UriKind.Absolute), token);
    }

    // RFC 7809 is not advertised: zones come with the objects that name them, whatever the client says of them
    [Fact]
    public async Task Evolution_may_ask_for_objects_without_zones_and_gets_them_with_theirs()
    {
        var zoned = Events.Component("VEVENT", "a", "DTSTART;TZID=Europe/Berlin:20260601T090000", "DURATION:PT1H", "SUMMARY:Zoned");
        var zone = "BEGIN:VTIMEZONE\r\nTZID:Europe/Berlin\r\nBEGIN:STANDARD\r\nDTSTART:19700101T000000\r\nTZOFFSETFROM:+0100\r\nTZOFFSETTO:+0100\r\nEND:STANDARD\r\nEND:VTIMEZONE\r\n";
        var text = zoned.Replace("BEGIN:VEVENT", zone + "BEGIN:VEVENT", StringComparison.Ordinal);
        Assert.Equal(201, (await Client.PutAsync(Home + "a.ics", text)).Status);
        Assert.Equal(text, (await Client.GetAsync(Home + "a.ics", ("CalDAV-Timezones", "F"))).Text);
        Assert.Equal(201, (await Client.PutAsync(Home + "b.ics", zoned.Replace("UID:a", "UID:b", StringComparison.Ordinal))).Status);
    }

    [Theory]
    [InlineData("0")]
    [InlineData("1")]
    [InlineData("infinity")]
    [InlineData(null)]
    public async Task KDE_and_others_send_a_multiget_with_any_Depth(string? depth)
    {
        await Client.PutAsync(Home + "a.ics", Events.Event("a"));
        var body = new XElement(C + "calendar-multiget", new XElement(D + "prop", new XElement(D + "getetag")), new XElement(D + "href", Home + "a.ics"));
        var answer = await Client.SendAsync("REPORT", Home, body.ToString(), depth is null ? [] : [("Depth", depth)]);
        Assert.NotNull(answer.Property(D + "getetag", Home + "a.ics"));
    }

    [Fact]
    public async Task BusyCal_and_Mailspring_find_plain_privileges_on_every_calendar()
    {
        var listed = await Client.PropFindAsync(Client.Home, "1", D + "current-user-privilege-set", D + "supported-privilege-set", D + "acl", D + "owner");
        foreach (var href in listed.Hrefs)
        {
            var privileges = listed.Property(D + "current-user-privilege-set", href)!.Elements().ToList();
            Assert.All(privileges, privilege => Assert.Equal(D + "privilege", privilege.Name));
            Assert.All(privileges, privilege => Assert.Single(privilege.Elements()));
            var names = privileges.Select(privilege => privilege.Elements().Single().Name).ToList();
            foreach (var name in new[] { "read", "write", "write-content", "write-properties", "bind", "unbind" }) Assert.Contains(D + name, names);
            Assert.Equal(names.Count, names.Distinct().Count());
            var supported = listed.Property(D + "supported-privilege-set", href)!.Descendants(D + "privilege").Select(privilege => privilege.Elements().Single().Name);
            Assert.Empty(names.Except(supported));
        }
    }

    [Fact]
    public async Task Outlook_needs_bind_unbind_and_write_content_and_the_right_to_them()
    {
        var set = (await Client.PropFindAsync(Client.Calendar("hx"), "0", D + "current-user-privilege-set")).Property(D + "current-user-privilege-set")!;
        foreach (var name in new[] { "write-content", "bind", "unbind" }) Assert.NotNull(set.Elements(D + "privilege").Elements(D + name).SingleOrDefault());
        var made = await Client.PutAsync(Client.Calendar("hx") + "a.ics", Events.Event("a"));
        Assert.Equal(204, (await Client.PutAsync(Client.Calendar("hx") + "a.ics", Events.Event("a", "Two"), ("If-Match", made.Header("ETag")!.Trim('"')))).Status);
        Assert.Equal(204, (await Client.DeleteAsync(Client.Calendar("hx") + "a.ics")).Status);
    }

    [Theory]
    [InlineData("a+b.ics", "a%2Bb.ics")]
    [InlineData("a@b.ics", "a%40b.ics")]
    [InlineData("a%20b.ics", "a%20b.ics")]
    [InlineData("50%25.ics", "50%25.ics")]
    [InlineData("%C3%A9.ics", "%c3%a9.ics")]
    [InlineData("a(b)'c,d;e=f!$*.ics", "a%28b%29%27c%2Cd%3Be%3Df%21%24%2A.ics")]
    [InlineData("%23%3F%26.ics", "%23%3f%26.ics")]
    [InlineData("no-extension", "no-extension")]
    public async Task Vdirsyncer_finds_an_object_by_any_encoding_of_its_name(string served, string encoded)
    {
        Assert.Equal(201, (await Client.PutAsync(Home + encoded, Events.Event("a"), ("If-None-Match", "*"))).Status);
        Assert.Equal(412, (await Client.PutAsync(Home + served, Events.Event("a"), ("If-None-Match", "*"))).Status);
        Assert.Equal([Home, Home + served], (await Client.PropFindAsync(Home, "1", D + "getetag", D + "getcontenttype")).Hrefs);
        foreach (var name in new[] { served, encoded })
        {
            var body = new XElement(C + "calendar-multiget", new XElement(D + "prop", new XElement(C + "calendar-data")), new XElement(D + "href", Home + name));
            Assert.NotNull((await Client.SendAsync("REPORT", Home, body.ToString(), ("Depth", "1"))).Root.Descendants(C + "calendar-data").SingleOrDefault());
        }

        Assert.Equal(204, (await Client.DeleteAsync(Home + encoded)).Status);
    }

    [Fact]
    public async Task Vdirsyncer_gets_ETag_and_type_of_each_object_and_of_no_collection()
    {
        await Client.PutAsync(Home + "a.ics", Events.Event("a"));
        var listed = await Client.PropFindAsync(Home, "1", D + "resourcetype", D + "getcontenttype", D + "getetag");
        Assert.Equal(404, listed.PropertyStatus(D + "getetag", Home));
        Assert.StartsWith("text/calendar", listed.Property(D + "getcontenttype", Home + "a.ics")!.Value, StringComparison.Ordinal);
        Assert.Empty(listed.Property(D + "resourcetype", Home + "a.ics")!.Elements());
    }

    [Fact]
    public async Task HomeAssistant_sees_each_day_of_a_holiday_on_that_day()
    {
        await Client.PutAsync(Home + "a.ics", Events.Component("VEVENT", "a", "DTSTART;VALUE=DATE:20260601", "DTEND;VALUE=DATE:20260603", "SUMMARY:Away", "RRULE:FREQ=YEARLY"));
        foreach (var (day, found) in new[] { ("20270531", false), ("20270601", true), ("20270602", true), ("20270603", false) })
        {
            var next = int.Parse(day, System.Globalization.CultureInfo.InvariantCulture) == 20270531 ? "20270601" : $"{int.Parse(day, System.Globalization.CultureInfo.InvariantCulture) + 1}";
            var answer = await QueryAsync($"{day}T000000Z", $"{next}T000000Z");
            Assert.Equal((day, found), (day, answer.Hrefs.Count == 1));
            if (found) Assert.Contains("DTSTART;VALUE=DATE:20270601", answer.Property(C + "calendar-data", Home + "a.ics")!.Value, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Tsdav_gets_each_occurrence_once_with_its_override_in_its_place()
    {
        var later = Events.Component("VEVENT", "a", "RECURRENCE-ID:20260603T090000Z", "DTSTART:20260603T150000Z", "DTEND:20260603T160000Z", "SUMMARY:Later");
        var text = Events.Event("a", "Daily", "RRULE:FREQ=DAILY;COUNT=5")
            .Replace("END:VCALENDAR\r\n", later[later.IndexOf("BEGIN:VEVENT", StringComparison.Ordinal)..], StringComparison.Ordinal);
        await Client.PutAsync(Home + "a.ics", text);
        var data = (await QueryAsync("20260601T000000Z", "20260630T000000Z")).Property(C + "calendar-data", Home + "a.ics")!.Value;
        var starts = data.Split('\n').Where(line => line.StartsWith("DTSTART", StringComparison.Ordinal)).Select(line => line.Trim()["DTSTART:".Length..]).Order(StringComparer.Ordinal);
        Assert.Equal(["20260601T090000Z", "20260602T090000Z", "20260603T150000Z", "20260604T090000Z", "20260605T090000Z"], starts);
    }

    [Theory]
    [InlineData("GET")]
    [InlineData("PROPFIND")]
    [InlineData("OPTIONS")]
    public async Task Tsdav_follows_the_well_known_address_by_hand(string method)
    {
        var answer = await Client.SendAsync(method, "/.well-known/caldav");
        Assert.Equal((301, "/dav/"), (answer.Status, answer.Header("Location")));
        Assert.Contains((await Client.SendAsync(method, "/dav/", null, ("Depth", "0"))).Status, (int[])[200, 207]);
    }

    private Task<DavAnswer> QueryAsync(string start, string end)
    {
        var range = new[] { new XAttribute("start", start), new XAttribute("end", end) };
        var filter = new XElement(
            C + "comp-filter", new XAttribute("name", "VCALENDAR"), new XElement(C + "comp-filter", new XAttribute("name", "VEVENT"), new XElement(C + "time-range", range)));
        var body = new XElement(C + "calendar-query", new XElement(D + "prop", new XElement(C + "calendar-data", new XElement(C + "expand", range))), new XElement(C + "filter", filter));
        return Client.SendAsync("REPORT", Home, body.ToString(), ("Depth", "1"));
    }
}
