using System.Xml.Linq;
using CalDavServer.Tests.Hosting;
using Xunit;
using static CalDavServer.Tests.Hosting.Xml;

namespace CalDavServer.Tests.Rfc4791;

/// <summary>MKCALENDAR (RFC 4791 §5.3.1) and DELETE of calendars.</summary>
public sealed class MkCalendarTests : ServerTest
{
    private const string Zone =
        "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//x//EN\r\nBEGIN:VTIMEZONE\r\nTZID:Fixed\r\nBEGIN:STANDARD\r\nDTSTART:19700101T000000\r\nTZOFFSETFROM:+1000\r\nTZOFFSETTO:+1000\r\nEND:STANDARD\r\nEND:VTIMEZONE\r\nEND:VCALENDAR\r\n";

    private static XElement Components(params string[] names) =>
        new(C + "supported-calendar-component-set", names.Select(name => new XElement(C + "comp", new XAttribute("name", name))));

    [Fact]
    public async Task A_calendar_is_made_with_its_properties()
    {
        var body = MkCalendar(
            new XElement(D + "displayname", "Surgery"),
            new XElement(C + "calendar-description", new XAttribute(XNamespace.Xml + "lang", "en"), "What is cut"),
            new XElement(C + "calendar-timezone", Zone),
            new XElement(A + "calendar-color", "#FF0000FF"),
            new XElement(XName.Get("note", "urn:example"), "x"),
            Components("VTODO"));
        Assert.Equal(201, (await Client.SendAsync("MKCALENDAR", Client.Calendar("new"), body)).Status);

        var found = await Client.PropFindAsync(
            Client.Calendar("new"), "0",
            D + "displayname", C + "calendar-description", C + "calendar-timezone", A + "calendar-color", C + "supported-calendar-component-set", XName.Get("note", "urn:example"));
        Assert.Equal("Surgery", found.Property(D + "displayname")!.Value);
        Assert.Equal("en", (string?)found.Property(C + "calendar-description")!.Attribute(XNamespace.Xml + "lang"));
        Assert.Contains("TZID:Fixed", found.Property(C + "calendar-timezone")!.Value, StringComparison.Ordinal);
        Assert.Equal("#FF0000FF", found.Property(A + "calendar-color")!.Value);
        Assert.Equal("x", found.Property(XName.Get("note", "urn:example"))!.Value);
        Assert.Equal(["VTODO"], found.Property(C + "supported-calendar-component-set")!.Elements().Select(comp => (string)comp.Attribute("name")!));
    }

    [Fact]
    public async Task Without_a_body_a_calendar_takes_every_component()
    {
        Assert.Equal(201, (await Client.SendAsync("MKCALENDAR", Client.Calendar("new"))).Status);
        foreach (var component in new[] { "VEVENT", "VTODO", "VJOURNAL" })
            Assert.Equal(201, (await Client.PutAsync($"{Client.Calendar("new")}{component}.ics", Events.Component(component, component, "DTSTART:20260101T000000Z"))).Status);
    }

    [Fact]
    public async Task Where_something_is_no_calendar_is_made()
    {
        foreach (var path in new[] { Client.Calendar("home"), Client.Calendar("hx"), Client.Calendar("inbox"), Client.Home, Client.Principal })
        {
            var answer = await Client.SendAsync("MKCALENDAR", path);
            Assert.Equal(403, answer.Status);
            Assert.True(answer.HasCondition(D + "resource-must-be-null"), path);
        }
    }

    [Fact]
    public async Task A_calendar_in_a_calendar_is_refused_with_calendar_collection_location_ok() =>
        Assert.True((await Client.SendAsync("MKCALENDAR", Client.Calendar("home") + "inner/")).HasCondition(C + "calendar-collection-location-ok"));

    [Fact]
    public async Task When_a_property_cannot_be_set_nothing_is_made()
    {
        var answer = await Client.SendAsync("MKCALENDAR", Client.Calendar("new"), MkCalendar(new XElement(D + "displayname", "x"), new XElement(D + "getetag", "y")));
        Assert.Equal(207, answer.Status);
        Assert.Equal(D + "multistatus", answer.Root.Name);
        Assert.Equal([Client.Calendar("new")], answer.Hrefs);
        Assert.Contains("424", answer.Root.Descendants(D + "propstat").First().Element(D + "status")!.Value, StringComparison.Ordinal);
        Assert.NotNull(answer.Root.Descendants(D + "cannot-modify-protected-property").Single());
        Assert.Equal(404, (await Client.PropFindAsync(Client.Calendar("new"), "0", D + "displayname")).Status);
    }

    [Theory]
    [InlineData("BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n")]
    [InlineData("Europe/Paris")]
    public async Task A_time_zone_that_is_none_is_refused_with_valid_calendar_data(string zone)
    {
        var answer = await Client.SendAsync("MKCALENDAR", Client.Calendar("new"), MkCalendar(new XElement(C + "calendar-timezone", zone)));
        Assert.Equal(403, answer.Status);
        Assert.True(answer.HasCondition(C + "valid-calendar-data"));
    }

    [Fact]
    public async Task Components_that_are_not_known_are_refused() =>
        Assert.NotNull((await Client.SendAsync("MKCALENDAR", Client.Calendar("new"), MkCalendar(Components("VPOLL")))).Root.Descendants(C + "supported-calendar-component").Single());

    [Fact]
    public async Task A_home_holds_a_limited_number_of_calendars()
    {
        DavAnswer? last = null;
        for (var n = 0; n < 201 && last is null or { Status: 201 }; n++) last = await Client.SendAsync("MKCALENDAR", Client.Calendar($"c{n}"));
        Assert.Equal(507, last!.Status);
        Assert.True(last.HasCondition(D + "quota-not-exceeded"));
    }

    [Fact]
    public async Task An_ordinary_calendar_is_deleted_with_its_members_and_can_be_made_again()
    {
        await Client.PutAsync(Client.Calendar("home") + "a.ics", Events.Event("a"));
        Assert.Equal(400, (await Client.DeleteAsync(Client.Calendar("home"), ("Depth", "0"))).Status);
        Assert.Equal(204, (await Client.DeleteAsync(Client.Calendar("home"), ("Depth", "infinity"))).Status);
        Assert.Equal(404, (await Client.GetAsync(Client.Calendar("home") + "a.ics")).Status);
        Assert.Equal(404, (await Client.DeleteAsync(Client.Calendar("home"))).Status);
        Assert.Equal(201, (await Client.SendAsync("MKCALENDAR", Client.Calendar("home"))).Status);
        Assert.Single((await Client.PropFindAsync(Client.Calendar("home"), "1", D + "getetag")).Hrefs);
    }

    [Fact]
    public async Task An_object_is_deleted()
    {
        await Client.PutAsync(Client.Calendar("home") + "a.ics", Events.Event("a"));
        Assert.Equal(204, (await Client.DeleteAsync(Client.Calendar("home") + "a.ics")).Status);
        Assert.Equal(404, (await Client.DeleteAsync(Client.Calendar("home") + "a.ics")).Status);
    }
}
