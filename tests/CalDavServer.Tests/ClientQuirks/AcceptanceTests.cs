using System.Text;
using System.Xml.Linq;
using CalDavServer.Tests.Hosting;
using Calendaring.Store;
using Xunit;
using static CalDavServer.Tests.Hosting.Xml;

namespace CalDavServer.Tests.ClientQuirks;

/// <summary>What calendar clients need to work at all: one test for each point of the acceptance list.</summary>
public sealed class AcceptanceTests : ServerTest
{
    private static readonly string[] DiscoveryPaths = ["/", "/dav/", "/dav/principals/", "/dav/calendars/"];

    [Theory]
    [InlineData("GET")]
    [InlineData("PROPFIND")]
    [InlineData("OPTIONS")]
    [InlineData("REPORT")]
    public async Task B5_01_The_well_known_address_leads_to_the_tree_by_a_relative_Location(string method)
    {
        foreach (var path in new[] { "/.well-known/caldav", "/.well-known/caldav/" })
        {
            var answer = await Client.SendAsync(method, path);
            Assert.Equal(301, answer.Status);
            Assert.Equal("/dav/", answer.Header("Location"));
        }
    }

    [Fact]
    public async Task B5_02_Every_DAV_answer_has_the_DAV_header_and_every_path_asks_for_a_login()
    {
        using var stranger = Server.Anonymous();
        foreach (var path in (string[])[.. DiscoveryPaths, Client.Principal, Client.Home, Client.Calendar("hx"), "/.well-known/caldav"])
        {
            var refused = await stranger.PropFindAsync(path, "0", D + "current-user-principal");
            Assert.Equal(401, refused.Status);
            Assert.StartsWith("Basic realm=", refused.Header("WWW-Authenticate"), StringComparison.Ordinal);
            Assert.EndsWith("charset=\"UTF-8\"", refused.Header("WWW-Authenticate"), StringComparison.Ordinal);
            Assert.NotNull((await Client.PropFindAsync(path, "0", D + "current-user-principal")).Header("DAV"));
        }

        Assert.NotNull((await Client.PropFindAsync(Client.Calendar("none"), "0", D + "displayname")).Header("DAV"));
        var options = await Client.SendAsync("OPTIONS", Client.Principal);
        Assert.Contains("calendar-access", options.Header("DAV"), StringComparison.Ordinal);
        Assert.Contains("PROPFIND", options.Header("Allow"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task B5_03_Every_resource_knows_the_current_user_principal()
    {
        await Client.PutAsync(Client.Calendar("home") + "a.ics", Events.Event("a"));
        string[] paths = [.. DiscoveryPaths, Client.Principal, Client.Home, Client.Calendar("hx"), Client.Calendar("inbox"), Client.Calendar("outbox"), Client.Calendar("home") + "a.ics"];
        foreach (var path in paths)
        {
            var answer = await Client.PropFindAsync(path, "0", D + "current-user-principal");
            Assert.Equal(Client.Principal, answer.Property(D + "current-user-principal")!.Element(D + "href")!.Value);
        }
    }

    [Fact]
    public async Task B5_04_The_home_is_one_container_with_slashed_hrefs_that_are_served()
    {
        var principal = await Client.PropFindAsync(Client.Principal, "0", C + "calendar-home-set");
        Assert.Equal([Client.Home], principal.Property(C + "calendar-home-set")!.Elements(D + "href").Select(href => href.Value));
        var listed = await Client.PropFindAsync(Client.Home, "1", D + "resourcetype");
        Assert.Null(listed.Property(D + "resourcetype", Client.Home)!.Element(C + "calendar"));
        Assert.Equal(listed.Hrefs.Distinct(), listed.Hrefs);
        foreach (var href in listed.Hrefs)
        {
            Assert.EndsWith("/", href, StringComparison.Ordinal);
            Assert.Equal(207, (await Client.PropFindAsync(href, "0", D + "resourcetype")).Status);
            Assert.Equal(207, (await Client.PropFindAsync(href.TrimEnd('/'), "0", D + "resourcetype")).Status);
        }
    }

    [Theory]
    [InlineData("alice@example.com")]
    [InlineData("alice%40example.com")]
    [InlineData("ALICE@Example.COM")]
    public async Task B5_05_Logins_come_in_several_spellings_and_no_path_has_an_address(string login)
    {
        var header = "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes($"{login}:{Alice.Secret}"));
        using var client = new DavClient(Server.Address, header, Alice.Principal.Id);
        var answer = await client.PropFindAsync("/dav/", "0", D + "current-user-principal");
        Assert.Equal(207, answer.Status);
        Assert.DoesNotContain("@", answer.Property(D + "current-user-principal")!.Value, StringComparison.Ordinal);
    }

    [Fact]
    public async Task B5_06_Calendars_and_objects_have_the_properties_that_clients_ask_for()
    {
        await Client.PutAsync(Client.Calendar("hx") + "a.ics", Events.Event("a"));
        await Client.SendAsync("PROPPATCH", Client.Calendar("hx"), Set(new XElement(A + "calendar-color", "#112233"), new XElement(A + "calendar-order", "1")));
        XName[] ofCalendar =
        [
            CS + "getctag", D + "sync-token", D + "supported-report-set", D + "current-user-privilege-set", C + "supported-calendar-component-set", A + "calendar-color",
            A + "calendar-order", D + "owner", D + "resource-id", D + "displayname", D + "resourcetype", C + "schedule-calendar-transp", C + "supported-calendar-data",
            C + "max-resource-size", C + "min-date-time", C + "max-date-time", C + "max-attendees-per-instance", C + "supported-collation-set", D + "creationdate",
            D + "quota-used-bytes",
        ];
        var calendar = await Client.PropFindAsync(Client.Calendar("hx"), "0", ofCalendar);
        Assert.All(ofCalendar, name => Assert.Equal((name, 200), (name, calendar.PropertyStatus(name))));
        Assert.StartsWith("urn:uuid:", calendar.Property(D + "resource-id")!.Element(D + "href")!.Value, StringComparison.Ordinal);
        Assert.True(Uri.IsWellFormedUriString(calendar.Property(D + "sync-token")!.Value, UriKind.Absolute));

        var member = await Client.PropFindAsync(
            Client.Calendar("hx") + "a.ics", "0", D + "getetag", D + "getcontenttype", D + "getcontentlength", D + "getlastmodified", D + "creationdate");
        Assert.Matches("^\"[^\"]+\"$", member.Property(D + "getetag")!.Value);
        Assert.Equal("text/calendar; charset=utf-8; component=vevent", member.Property(D + "getcontenttype")!.Value);
        Assert.Equal(Events.Event("a").Length.ToString(System.Globalization.CultureInfo.InvariantCulture), member.Property(D + "getcontentlength")!.Value);
        Assert.EndsWith("GMT", member.Property(D + "getlastmodified")!.Value, StringComparison.Ordinal);
    }

    [Fact]
    public async Task B5_07_The_practice_calendar_takes_events_only_and_a_task_list_can_be_made()
    {
        var name = C + "supported-calendar-component-set";
        var listed = await Client.PropFindAsync(Client.Home, "1", name);
        Assert.Equal(["VEVENT"], listed.Property(name, Client.Calendar("hx"))!.Elements().Select(comp => (string)comp.Attribute("name")!));
        Assert.Equal(["VTODO"], listed.Property(name, Client.Calendar("tasks"))!.Elements().Select(comp => (string)comp.Attribute("name")!));
        var body = MkCalendar(new XElement(D + "displayname", "Reminders"), new XElement(name, new XElement(C + "comp", new XAttribute("name", "VTODO"))));
        Assert.Equal(201, (await Client.SendAsync("MKCALENDAR", Client.Calendar("0B5C"), body)).Status);
        Assert.Equal(201, (await Client.PutAsync(Client.Calendar("0B5C") + "t.ics", Events.Task("t"), ("If-None-Match", "*"))).Status);
        Assert.Equal("Reminders", (await Client.PropFindAsync(Client.Home, "1", D + "displayname")).Property(D + "displayname", Client.Calendar("0B5C"))!.Value);
    }

    [Fact]
    public async Task B5_08_PUT_takes_each_conditional_header_and_gives_the_ETag_of_what_was_sent()
    {
        var path = Client.Calendar("home") + "a.ics";
        var made = await Client.PutAsync(path, Events.Event("a"), ("If-None-Match", "*"));
        Assert.Equal(201, made.Status);
        Assert.Equal((await Client.GetAsync(path)).Header("ETag"), made.Header("ETag"));
        Assert.Equal(204, (await Client.PutAsync(path, Events.Event("a", "Two"), ("If-Match", made.Header("ETag")!.Trim('"')))).Status);
        var late = await Client.PutAsync(path, Events.Event("a", "Three"), ("If-Match", made.Header("ETag")!));
        Assert.Equal(412, late.Status);
        Assert.NotEmpty(late.Bytes);

        // no object has a schedule tag, so one that a client knows is not the present one
        Assert.Equal(412, (await Client.PutAsync(path, Events.Event("a", "Four"), ("If-Schedule-Tag-Match", "\"x\""))).Status);
        Assert.Contains("SUMMARY:Two", (await Client.GetAsync(path)).Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("0", "1")]
    [InlineData("1", "1")]
    [InlineData("0", "infinite")]
    [InlineData("1", "infinite")]
    public async Task B5_09_Sync_takes_each_depth_and_level_and_shows_removals(string depth, string level)
    {
        var calendar = Client.Calendar("home");
        await Client.PutAsync(calendar + "a.ics", Events.Event("a"));
        var first = await Client.SendAsync("REPORT", calendar, Sync("", level), ("Depth", depth));
        Assert.Equal([calendar + "a.ics"], first.Hrefs);
        await Client.DeleteAsync(calendar + "a.ics");
        var second = await Client.SendAsync("REPORT", calendar, Sync(first.Root.Element(D + "sync-token")!.Value, level), ("Depth", depth));
        Assert.Contains("404", second.Response(calendar + "a.ics").Element(D + "status")!.Value, StringComparison.Ordinal);
        var foreign = await Client.SendAsync("REPORT", calendar, Sync("data:,other/1", level), ("Depth", depth));
        Assert.Equal(403, foreign.Status);
        Assert.True(foreign.HasCondition(D + "valid-sync-token"));
    }

    [Fact]
    public async Task B5_10_Inbox_outbox_and_addresses_let_Apple_show_invitees()
    {
        var answer = await Client.PropFindAsync(
            Client.Principal, "0", C + "schedule-inbox-URL", C + "schedule-outbox-URL", C + "calendar-user-address-set", CS + "email-address-set", C + "calendar-user-type");
        foreach (var name in new[] { "inbox", "outbox" })
        {
            var href = answer.Property(C + $"schedule-{name}-URL")!.Element(D + "href")!.Value;
            var box = await Client.PropFindAsync(href, "0", D + "resourcetype", C + "schedule-default-calendar-URL");
            Assert.NotNull(box.Property(D + "resourcetype")!.Element(C + $"schedule-{name}"));
            if (name == "inbox") Assert.Equal(Client.Calendar("hx"), box.Property(C + "schedule-default-calendar-URL")!.Element(D + "href")!.Value);
        }

        var addresses = answer.Property(C + "calendar-user-address-set")!.Elements(D + "href").Select(href => href.Value).ToList();
        Assert.Contains("mailto:alice@example.com", addresses);
        Assert.Contains(Client.Principal, addresses);
        Assert.Contains(addresses, address => address.StartsWith("urn:uuid:", StringComparison.Ordinal));
        Assert.Equal("alice@example.com", answer.Property(CS + "email-address-set")!.Value);
    }

    [Fact]
    public async Task B5_11_Properties_that_only_clients_understand_are_kept()
    {
        var name = C + "default-alarm-vevent-datetime";
        foreach (var path in new[] { Client.Home, Client.Calendar("hx"), Client.Calendar("tasks") })
        {
            Assert.Equal(200, (await Client.SendAsync("PROPPATCH", path, Set(new XElement(name, "BEGIN:VALARM\r\nEND:VALARM\r\n")))).PropertyStatus(name));
            Assert.StartsWith("BEGIN:VALARM", (await Client.PropFindAsync(path, "0", name)).Property(name)!.Value, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task B5_12_One_object_that_is_not_there_or_odd_fails_no_multiget()
    {
        var calendar = Client.Calendar("home");
        await Client.PutAsync(calendar + "a.ics", Events.Event("a"));
        await Client.PutAsync(calendar + "never.ics", Events.Event("never", "Never", "RRULE:FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30"));
        var body = new XElement(
            C + "calendar-multiget",
            new XElement(D + "prop", new XElement(D + "getetag"), new XElement(C + "calendar-data")),
            new XElement(D + "href", calendar + "a.ics"),
            new XElement(D + "href", calendar + "missing.ics"),
            new XElement(D + "href", "http://elsewhere.example/%zz"),
            new XElement(D + "href", calendar + "never.ics"));
        var answer = await Client.SendAsync("REPORT", calendar, body.ToString(), ("Depth", "1"));
        Assert.Equal(207, answer.Status);
        Assert.NotNull(answer.Property(C + "calendar-data", calendar + "a.ics"));
        Assert.NotNull(answer.Property(C + "calendar-data", calendar + "never.ics"));
        Assert.Contains("404", answer.Response(calendar + "missing.ics").Element(D + "status")!.Value, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Prefer", "return=minimal")]
    [InlineData("Prefer", "return-minimal")]
    [InlineData("Prefer", "handling=lenient, return=minimal; x=1")]
    [InlineData("Brief", "t")]
    public async Task B5_13_What_is_absent_is_left_out_when_the_client_prefers_so(string header, string value)
    {
        var body = PropFind(D + "displayname", XName.Get("unknown", "urn:example"));
        var answer = await Client.SendAsync("PROPFIND", Client.Calendar("home"), body, ("Depth", "0"), (header, value));
        Assert.Equal(0, answer.PropertyStatus(XName.Get("unknown", "urn:example")));
        Assert.Equal(200, answer.PropertyStatus(D + "displayname"));
        Assert.Equal("return=minimal", answer.Header("Preference-Applied"));
        Assert.Contains("Prefer", answer.Header("Vary"), StringComparison.Ordinal);

        var nothing = await Client.SendAsync("PROPFIND", Client.Calendar("home"), PropFind(XName.Get("unknown", "urn:example")), ("Depth", "0"), (header, value));
        Assert.Contains("200", nothing.Root.Descendants(D + "status").Single().Value, StringComparison.Ordinal);
        var patched = await Client.SendAsync("PROPPATCH", Client.Calendar("home"), Set(new XElement(D + "displayname", "x")), (header, value));
        Assert.Equal(200, patched.Status);
        Assert.Empty(patched.Bytes);
    }

    [Fact]
    public async Task B5_14_Too_many_failed_logins_are_429_with_Retry_After_and_never_403()
    {
        DavAnswer? last = null;
        for (var n = 0; n < 200 && last is null or { Status: 401 }; n++)
        {
            using var guesser = new DavClient(Server.Address, "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes($"nobody@example.com:guess{n}")), "x");
            last = await guesser.PropFindAsync("/dav/", "0", D + "current-user-principal");
        }

        Assert.Equal(429, last!.Status);
        Assert.NotNull(last.Header("Retry-After"));
    }

    [Fact]
    public async Task B5_15_An_unknown_report_is_refused_with_supported_report_and_the_known_ones_are_listed()
    {
        foreach (var path in new[] { "/", "/dav/", Client.Principal, Client.Home, Client.Calendar("hx") })
        {
            var answer = await Client.SendAsync("REPORT", path, "<x:unknown xmlns:x='urn:example'/>", ("Depth", "0"));
            Assert.Equal(403, answer.Status);
            Assert.True(answer.HasCondition(D + "supported-report"));
        }

        Assert.Equal(400, (await Client.SendAsync("REPORT", Client.Home)).Status);
        var listed = (await Client.PropFindAsync(Client.Calendar("hx"), "0", D + "supported-report-set")).Property(D + "supported-report-set")!;
        foreach (var name in new[] { C + "calendar-query", C + "calendar-multiget", D + "sync-collection" }) Assert.Contains(listed.Descendants(), element => element.Name == name);
        var search = await Client.SendAsync("REPORT", "/dav/principals/", "<principal-search-property-set xmlns='DAV:'/>", ("Depth", "0"));
        Assert.Equal(200, search.Status);
    }

    private static string Sync(string token, string level) => new XElement(
        D + "sync-collection",
        new XElement(D + "sync-token", token),
        new XElement(D + "sync-level", level),
        new XElement(D + "prop", new XElement(D + "getetag"), new XElement(D + "getcontenttype"))).ToString();
}
