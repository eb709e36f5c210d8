using System.Xml.Linq;
using CalDavServer.Tests.Hosting;
using Xunit;
using static CalDavServer.Tests.Hosting.Xml;

namespace CalDavServer.Tests.ClientQuirks;

/// <summary>What is known to go wrong with Apple's calendars on macOS and iOS: one test for each row that is not among the twenty of <see cref="CompatibilityTests"/>.</summary>
public sealed class AppleQuirkTests : ServerTest
{
    // each switches something on in the client that this server does not do
    private static readonly string[] Switches =
    [
        "calendar-auto-schedule", "calendar-proxy", "calendarserver-sharing", "calendarserver-sharing-no-scheduling", "calendarserver-private-events", "calendarserver-private-comments",
        "calendarserver-clearing-private-comments", "calendarserver-recurrence-split", "inbox-availability", "calendarserver-subscribed", "calendarserver-managed-subscribed",
        "calendarserver-subscribed-mirror", "calendar-role", "calendarserver-principal-property-search", "calendar-managed-attachments",
        "calendar-no-timezone", "calendar-audit", "caldavserver-supports-telephone", "calendar-default-alarms", "calendar-availability", "addressbook", "2", "access-control",
    ];

    [Fact]
    public async Task Apple_is_told_of_no_feature_that_is_not_there()
    {
        foreach (var path in new[] { "/", Client.Principal, Client.Home, Client.Calendar("hx"), Client.Calendar("inbox") })
        {
            var tokens = (await Client.SendAsync("OPTIONS", path)).Header("DAV")!.Split(',', StringSplitOptions.TrimEntries);
            Assert.Contains("calendar-access", tokens);
            Assert.Empty(tokens.Intersect(Switches));
        }
    }

    [Fact]
    public async Task Apple_finds_a_home_that_is_a_container_and_not_a_calendar()
    {
        var listed = await Client.PropFindAsync(Client.Home, "1", D + "resourcetype");
        Assert.Equal([D + "collection"], listed.Property(D + "resourcetype", Client.Home)!.Elements().Select(element => element.Name));
        Assert.All(listed.Hrefs, href => Assert.EndsWith("/", href, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("a b@example.com")]
    [InlineData("50%@example.com")]
    [InlineData("ünal@example.com")]
    public async Task Apple_reaches_the_paths_of_a_person_whose_id_is_odd(string login)
    {
        var odd = await Server.AddPersonAsync(login);
        using var client = Server.Client(odd);
        var principal = (await client.PropFindAsync("/dav/", "0", D + "current-user-principal")).Property(D + "current-user-principal")!.Value;
        Assert.DoesNotContain(' ', principal);
        var home = (await client.PropFindAsync(principal, "0", C + "calendar-home-set")).Property(C + "calendar-home-set")!.Value;
        var listed = await client.PropFindAsync(home, "1", D + "resourcetype");
        Assert.Equal(6, listed.Hrefs.Count);
        foreach (var href in listed.Hrefs) Assert.Equal([href], (await client.PropFindAsync(href, "0", D + "owner")).Hrefs);
        Assert.Equal(201, (await client.PutAsync(home + "home/a.ics", Events.Event("a"))).Status);
    }

    [Theory]
    [InlineData("text/xml")]
    [InlineData("text/xml; charset=\"utf-8\"")]
    [InlineData("application/xml; charset=utf-8")]
    [InlineData("")]
    public async Task Apple_may_call_the_body_of_a_request_what_it_likes(string contentType)
    {
        (string, string)[] headers = [("Depth", "0"), ("Content-Type", contentType), ("Brief", "t"), ("Prefer", "return-minimal")];
        var answer = await Client.SendAsync("PROPFIND", Client.Principal, PropFind(C + "calendar-home-set"), headers);
        Assert.Equal(Client.Home, answer.Property(C + "calendar-home-set")!.Value);
    }

    [Fact]
    public async Task Apple_keeps_new_entries_only_where_a_calendar_is()
    {
        Assert.Equal(409, (await Client.PutAsync(Client.Calendar("refused") + "a.ics", Events.Event("a"))).Status);
        Assert.Equal(201, (await Client.SendAsync("MKCALENDAR", Client.Calendar("made"), MkCalendar(new XElement(D + "displayname", "Made")))).Status);
        Assert.Equal(201, (await Client.PutAsync(Client.Calendar("made") + "a.ics", Events.Event("a"))).Status);
        Assert.Equal(Events.Event("a"), (await Client.GetAsync(Client.Calendar("made") + "a.ics")).Text);
    }

    [Fact]
    public async Task Apple_finds_one_colour_however_often_it_sets_it()
    {
        var color = A + "calendar-color";
        await Client.SendAsync("MKCALENDAR", Client.Calendar("made"), MkCalendar(new XElement(color, "#111111FF")));
        foreach (var value in new[] { "#222222FF", "#333333", "purple" })
        {
            Assert.Equal(200, (await Client.SendAsync("PROPPATCH", Client.Calendar("made"), Set(new XElement(color, new XAttribute("symbolic-color", "custom"), value)))).PropertyStatus(color));
            foreach (var body in new[] { PropFind(color), "<propfind xmlns='DAV:'><allprop/></propfind>" })
                Assert.Equal(value, (await Client.SendAsync("PROPFIND", Client.Calendar("made"), body, ("Depth", "0"))).Root.Descendants(color).Single().Value);
        }

        await Client.SendAsync("PROPPATCH", Client.Calendar("made"), Remove(color));
        Assert.Equal(404, (await Client.PropFindAsync(Client.Calendar("made"), "0", color)).PropertyStatus(color));
    }

    [Fact]
    public async Task Apple_knows_each_calendar_again_after_its_settings_and_members_have_changed()
    {
        var before = await IdentitiesAsync();
        await Client.PutAsync(Client.Calendar("home") + "a.ics", Events.Event("a"));
        await Client.SendAsync("PROPPATCH", Client.Calendar("home"), Set(new XElement(D + "displayname", "Renamed"), new XElement(A + "calendar-order", "9")));
        using var upgraded = Server.Client(await Server.AddPasswordAsync(Alice.Principal));
        Assert.Equal(before, await IdentitiesAsync());

        async Task<IReadOnlyList<string>> IdentitiesAsync()
        {
            var listed = await Client.PropFindAsync(Client.Home, "1", D + "resource-id");
            return [.. listed.Hrefs.Select(href => href + listed.Property(D + "resource-id", href)?.Value)];
        }
    }

    [Theory]
    [InlineData("/dav/principals/id-alice/")]
    [InlineData("mailto:ALICE@example.com")]
    [InlineData("urn:uuid")]
    public async Task Apple_asks_for_busy_times_as_an_organizer_by_path_address_or_id(string organizer)
    {
        await Client.PutAsync(Client.Calendar("home") + "a.ics", Events.Event("a"));
        var addresses = (await Client.PropFindAsync(Client.Principal, "0", C + "calendar-user-address-set")).Property(C + "calendar-user-address-set")!;
        if (organizer == "urn:uuid") organizer = addresses.Elements(D + "href").Single(href => href.Value.StartsWith(organizer, StringComparison.Ordinal)).Value;
        var request = Events.Component("VFREEBUSY", "f", "DTSTART:20260601T000000Z", "DTEND:20260602T000000Z", $"ORGANIZER:{organizer}", $"ATTENDEE:{organizer}")
            .Replace("VERSION:2.0", "VERSION:2.0\r\nMETHOD:REQUEST", StringComparison.Ordinal);
        var answer = await Client.SendAsync("POST", Client.Calendar("outbox"), request, ("Content-Type", "text/calendar"));
        Assert.Equal(200, answer.Status);
        Assert.Contains("20260601T090000Z", answer.Root.Descendants(C + "calendar-data").Single().Value, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Apple_looks_for_delegates_and_finds_none_without_a_fault()
    {
        foreach (var name in new[] { "calendar-proxy-read-for", "calendar-proxy-write-for" })
        {
            var body = new XElement(
                D + "expand-property",
                new XElement(D + "property", new XAttribute("name", name), new XAttribute("namespace", CS.NamespaceName), new XElement(D + "property", new XAttribute("name", "displayname"))));
            var answer = await Client.SendAsync("REPORT", Client.Principal, body.ToString(), ("Depth", "0"));
            Assert.Equal((207, 404), (answer.Status, answer.PropertyStatus(CS + name)));
        }
    }
}
