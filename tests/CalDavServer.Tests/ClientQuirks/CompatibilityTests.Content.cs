using System.Diagnostics;
using System.Xml.Linq;
using CalDavServer.Dav.Properties;
using CalDavServer.Tests.Hosting;
using Calendaring.Store;
using Practice;
using Xunit;
using static CalDavServer.Tests.Hosting.Xml;

namespace CalDavServer.Tests.ClientQuirks;

/// <summary>The second half: what is in calendars, and what clients are told of features that are not there.</summary>
public sealed partial class CompatibilityTests
{
    private static readonly XNamespace Push = "https://bitfire.at/webdav-push";

    [Theory]
    [InlineData("DTSTART:20160104T090000Z", "RRULE:FREQ=WEEKLY", "20360107T000000Z", "20360108T000000Z", "20360107T090000Z", 1)]
    [InlineData("DTSTART:20160104T090000Z", "RRULE:FREQ=WEEKLY", "20360104T000000Z", "20360112T000000Z", "20360107T090000Z", 1)]
    [InlineData("DTSTART:20160104T090000Z", "RRULE:FREQ=DAILY", "20960301T000000Z", "20960302T000000Z", "20960301T090000Z", 1)]
    [InlineData("DTSTART;VALUE=DATE:20160229", "RRULE:FREQ=YEARLY", "20480101T000000Z", "20490101T000000Z", "20480229", 1)]
    [InlineData("DTSTART;TZID=Europe/Berlin:20160129T090000", "RRULE:FREQ=MONTHLY;BYDAY=5FR", "20400801T000000Z", "20400901T000000Z", "20400831T070000Z", 1)]
    [InlineData("DTSTART:20160104T090000Z", "RRULE:FREQ=DAILY;COUNT=8000", "20371125T000000Z", "20371127T000000Z", "20371126T090000Z", 2)]
    [InlineData("DTSTART:20160104T090000Z", "RRULE:FREQ=DAILY;COUNT=8000", "20371201T000000Z", "20380101T000000Z", "", 0)]
    [InlineData("DTSTART:20160104T090000Z", "RDATE:20560104T090000Z", "20560104T000000Z", "20560105T000000Z", "20560104T090000Z", 1)]
    public async Task B6_10_A_series_is_found_many_years_after_it_began(string start, string rule, string from, string to, string expected, int count)
    {
        foreach (var calendar in new[] { "home", "hx" })
        {
            var lines = Events.Component("VEVENT", "a", start, "SUMMARY:Series", rule);
            Assert.Equal(201, (await Client.PutAsync(Client.Calendar(calendar) + "a.ics", lines)).Status);
            var answer = await ReportAsync(Client.Calendar(calendar), Query("VEVENT", from, to, expand: true));
            Assert.Equal(count > 0 ? [Client.Calendar(calendar) + "a.ics"] : [], answer.Hrefs);
            if (count == 0) continue;
            var data = answer.Property(C + "calendar-data", Client.Calendar(calendar) + "a.ics")!.Value;
            Assert.Contains(":" + expected, data, StringComparison.Ordinal);
            Assert.Equal(count, data.Split("BEGIN:VEVENT").Length - 1);
        }
    }

    [Theory]
    [InlineData("RRULE:FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30")]
    [InlineData("RRULE:FREQ=DAILY;UNTIL=20200101T000000Z")]
    [InlineData("RRULE:FREQ=DAILY;COUNT=2\r\nEXDATE:20260601T090000Z,20260602T090000Z")]
    [InlineData("RRULE:FREQ=DAILY;COUNT=1\r\nEXDATE:20260601T090000Z")]
    [InlineData("RRULE:FREQ=SECONDLY;BYMONTH=2;BYMONTHDAY=31")]
    public async Task B6_11_A_rule_without_occurrences_fails_nothing_that_the_calendar_is_asked(string rule)
    {
        await Client.PutAsync(Home + "good.ics", Events.Event("good"));
        var put = await Client.PutAsync(Home + "never.ics", Events.Event("never", "Never", rule));
        Assert.True(put.Status is 201 || (put.Status == 403 && put.HasCondition(C + "valid-calendar-object-resource")), $"{put.Status} {put.Text}");
        var range = ("20260101T000000Z", "20270101T000000Z");
        var answers = new[]
        {
            await ReportAsync(Home, Multiget(Home + "good.ics", Home + "never.ics")),
            await ReportAsync(Home, Query("VEVENT", range.Item1, range.Item2)),
            await ReportAsync(Home, Query("VEVENT", range.Item1, range.Item2, expand: true)),
            await ReportAsync(Home, Sync("")),
            await Client.PropFindAsync(Home, "1", D + "getetag"),
        };
        Assert.All(answers, answer => Assert.Equal(207, answer.Status));
        Assert.All(answers, answer => Assert.NotNull(answer.Property(D + "getetag", Home + "good.ics")));
        var busy = await ReportAsync(Home, new XElement(C + "free-busy-query", new XElement(C + "time-range", Range(range.Item1, range.Item2))));
        Assert.Equal(200, busy.Status);
        Assert.Contains("20260601T090000Z", busy.Text, StringComparison.Ordinal);
    }

    // There is no push yet: a client must see nothing of it, or it waits for messages that never come.
    [Fact]
    public async Task B6_12_Push_is_not_there_and_nothing_says_that_it_is()
    {
        Assert.DoesNotContain("push", (await Client.SendAsync("OPTIONS", Client.Calendar("hx"))).Header("DAV"), StringComparison.Ordinal);
        XName[] names = [Push + "transports", Push + "topic", Push + "supported-triggers", CS + "push-transports", CS + "pushkey"];
        foreach (var path in new[] { Client.Principal, Client.Home, Client.Calendar("hx"), Home })
        {
            var answer = await Client.PropFindAsync(path, "0", names);
            Assert.All(names, name => Assert.Equal(404, answer.PropertyStatus(name)));
        }

        var register = await Client.SendAsync("POST", Client.Calendar("hx"), new XElement(Push + "push-register").ToString());
        Assert.Equal(403, register.Status);
        Assert.True(register.HasCondition(C + "supported-calendar-data"));
    }

    [Fact]
    public async Task B6_13_Properties_stand_side_by_side_and_never_one_in_another()
    {
        await Client.PutAsync(Home + "a.ics", Events.Event("a"));
        await Client.SendAsync("PROPPATCH", Home, Set(new XElement(XName.Get("note", "urn:example"), new XElement(D + "displayname", "inner"), new XElement(XName.Get("deep", "urn:other")))));
        XName[] live = [.. PropertyTable.Rows.Select(row => XName.Get(row.Name.Name, row.Name.Namespace)), XName.Get("note", "urn:example"), Push + "topic"];
        foreach (var path in new[] { "/", "/dav/", Client.Principal, Client.Home, Client.Calendar("hx"), Home, Client.Calendar("inbox"), Client.Calendar("outbox"), Home + "a.ics" })
        {
            var asked = await Client.PropFindAsync(path, "0", live);
            var propstats = asked.Root.Element(D + "response")!.Elements(D + "propstat").ToList();
            Assert.All(propstats, propstat => Assert.Equal([D + "prop", D + "status"], propstat.Elements().Select(element => element.Name)));
            Assert.Equal(
                live.Select(name => name.ToString()).Order(),
                propstats.SelectMany(propstat => propstat.Element(D + "prop")!.Elements()).Select(element => element.Name.ToString()).Order());
            Assert.Equal([D + "href", D + "propstat"], asked.Root.Element(D + "response")!.Elements().Select(element => element.Name).Distinct());
        }

        var kept = (await Client.PropFindAsync(Home, "0", XName.Get("note", "urn:example"), D + "displayname")).Property(XName.Get("note", "urn:example"))!;
        Assert.Equal([D + "displayname", XName.Get("deep", "urn:other")], kept.Elements().Select(element => element.Name));
    }

    // There is no directory service; what went wrong elsewhere is a home that was made from the login. Here it hangs on the principal, whatever the login becomes.
    [Theory]
    [InlineData("uid=alice,ou=people")]
    [InlineData("a b%c@example.com")]
    [InlineData("älice")]
    public async Task B6_14_The_home_is_that_of_the_principal_whatever_its_login_looks_like(string login)
    {
        await Client.PutAsync(Home + "a.ics", Events.Event("a"));
        Assert.True((await Server.Store.ApplyAsync(StoreBatch.Of(new UpdatePrincipal(Alice.Principal with { Login = login })))).Succeeded);
        using var renamed = new DavClient(Server.Address, Basic(login, Alice.Secret), Alice.Principal.Id);
        Assert.Equal(await DiscoverAsync(renamed, Client.Home), await DiscoverAsync(renamed, "/.well-known/caldav"));
        Assert.Equal(Events.Event("a"), (await renamed.GetAsync(Home + "a.ics")).Text);
    }

    [Fact]
    public async Task B6_15_The_calendar_that_new_events_go_to_is_in_the_listing_as_any_other()
    {
        var name = C + "schedule-default-calendar-URL";
        var target = (await Client.PropFindAsync(Client.Calendar("inbox"), "0", name)).Property(name)!.Element(D + "href")!.Value;
        var listed = await Client.PropFindAsync(Client.Home, "1", D + "resourcetype", D + "current-user-privilege-set", C + "supported-calendar-component-set");
        Assert.Contains(target, listed.Hrefs);
        Assert.NotNull(listed.Property(D + "resourcetype", target)!.Element(C + "calendar"));
        Assert.Contains(listed.Property(D + "current-user-privilege-set", target)!.Descendants(), privilege => privilege.Name == D + "bind");
        Assert.Equal(201, (await Client.PutAsync(target + "a.ics", Events.Event("a"), ("If-None-Match", "*"))).Status);
        using var admin = Server.Client(await Server.AddPersonAsync("root@example.com", PrincipalRole.Administrator));
        Assert.Equal(404, (await admin.PropFindAsync(admin.Calendar("inbox"), "0", name)).PropertyStatus(name));
    }

    [Theory]
    [InlineData("home", true)]
    [InlineData("home", false)]
    [InlineData("hx", true)]
    [InlineData("hx", false)]
    public async Task B6_16_An_ETag_can_be_given_back_with_or_without_its_quotes_for_ever(string calendar, bool quoted)
    {
        var path = Client.Calendar(calendar) + "a.ics";
        var etag = (await Client.PutAsync(path, Events.Event("a"))).Header("ETag")!;
        for (var round = 0; round < 5; round++)
        {
            var listed = (await Client.PropFindAsync(Client.Calendar(calendar), "1", D + "getetag")).Property(D + "getetag", path)!.Value;
            Assert.Equal(etag, listed);
            var put = await Client.PutAsync(path, Events.Event("a", $"Round {round}"), ("If-Match", quoted ? listed : listed.Trim('"')));
            Assert.Equal(204, put.Status);
            etag = put.Header("ETag")!;
        }

        Assert.Equal(412, (await Client.PutAsync(path, Events.Event("a"), ("If-Match", "\"late\""))).Status);
        Assert.Equal(204, (await Client.DeleteAsync(path, ("If-Match", quoted ? etag : etag.Trim('"')))).Status);
    }

    // No invitation is sent or received: nobody is written to, the object stays as it was sent, and no client is told otherwise.
    [Fact]
    public async Task B6_18_An_event_with_attendees_makes_no_invitation_and_no_second_attendee()
    {
        using var bob = Server.Client(await Server.AddPersonAsync("bob@example.com"));
        var bobs = (await bob.PropFindAsync(bob.Home, "0", CS + "getctag")).Property(CS + "getctag")!.Value;
        var text = Events.Event("a", "Staff", "ORGANIZER:mailto:alice@example.com", "ATTENDEE;PARTSTAT=ACCEPTED:mailto:alice@example.com", "ATTENDEE;RSVP=TRUE:mailto:bob@example.com");
        for (var round = 0; round < 3; round++)
        {
            var put = await Client.PutAsync(Home + "a.ics", text);
            Assert.True(put.Status is 201 or 204);
            Assert.Null(put.Header("Schedule-Tag"));
            Assert.Equal(text, (await Client.GetAsync(Home + "a.ics")).Text);
        }

        Assert.Equal(204, (await Client.DeleteAsync(Home + "a.ics")).Status);
        Assert.Equal(bobs, (await bob.PropFindAsync(bob.Home, "0", CS + "getctag")).Property(CS + "getctag")!.Value);
        Assert.Equal([bob.Calendar("inbox")], (await bob.PropFindAsync(bob.Calendar("inbox"), "1", D + "getetag")).Hrefs);
        Assert.DoesNotContain("schedul", (await Client.SendAsync("OPTIONS", Client.Home)).Header("DAV"), StringComparison.Ordinal);
        var request = text.Replace("VERSION:2.0\r\n", "VERSION:2.0\r\nMETHOD:REQUEST\r\n", StringComparison.Ordinal);
        var posted = await Client.SendAsync("POST", Client.Calendar("outbox"), request, ("Content-Type", "text/calendar; method=REQUEST"));
        Assert.True(posted.HasCondition(C + "valid-scheduling-message"), $"{posted.Status} {posted.Text}");
    }

    [Fact]
    public async Task B6_19_Alarms_are_kept_as_they_are_and_none_keeps_the_server_busy()
    {
        string[] alarms =
        [
            "BEGIN:VALARM", "ACTION:NONE", "TRIGGER;VALUE=DATE-TIME:19760401T005545Z", "END:VALARM",
            "BEGIN:VALARM", "ACTION:DISPLAY", "DESCRIPTION:Often", "TRIGGER:-PT15M", "REPEAT:100000000", "DURATION:PT1S", "END:VALARM",
            "BEGIN:VALARM", "ACTION:AUDIO", "TRIGGER;VALUE=DATE-TIME:20260601T084500Z", "END:VALARM",
        ];
        var text = Events.Event("a", "Alarms", ["RRULE:FREQ=DAILY", .. alarms]);
        var watch = Stopwatch.StartNew();
        for (var round = 0; round < 3; round++) Assert.True((await Client.PutAsync(Home + "a.ics", text)).Status is 201 or 204);
        Assert.Equal(text, (await Client.GetAsync(Home + "a.ics")).Text);
        (string From, string To, bool Found)[] ranges =
        [
            ("19760401T000000Z", "19760402T000000Z", true), ("20260601T084000Z", "20260601T085000Z", true), ("20960601T000000Z", "20960602T000000Z", true),
            ("19000101T000000Z", "19010101T000000Z", false),
        ];
        foreach (var (from, to, found) in ranges)
        {
            var filter = new XElement(
                C + "comp-filter",
                new XAttribute("name", "VCALENDAR"),
                new XElement(
                    C + "comp-filter",
                    new XAttribute("name", "VEVENT"),
                    new XElement(C + "comp-filter", new XAttribute("name", "VALARM"), new XElement(C + "time-range", Range(from, to)))));
            var answer = await ReportAsync(Home, new XElement(C + "calendar-query", new XElement(D + "prop", new XElement(D + "getetag")), new XElement(C + "filter", filter)));
            Assert.Equal(found ? [Home + "a.ics"] : [], answer.Hrefs);
        }

        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(10), $"{watch.Elapsed}");
    }

    [Theory]
    [InlineData("DTSTART;VALUE=DATE:20260325", "DTEND;VALUE=DATE:20260326", "DTSTART;VALUE=DATE:20260328 DTSTART;VALUE=DATE:20260329 DTSTART;VALUE=DATE:20260330")]
    [InlineData("DTSTART:20260325T090000", "DURATION:PT1H", "DTSTART:20260328T090000 DTSTART:20260329T090000 DTSTART:20260330T090000")]
    [InlineData("DTSTART;TZID=Europe/Berlin:20260325T090000", "DURATION:PT1H", "DTSTART:20260328T080000Z DTSTART:20260329T070000Z DTSTART:20260330T070000Z")]
    [InlineData("DTSTART;TZID=Europe/Berlin:20260325T023000", "DURATION:PT1H", "DTSTART:20260328T013000Z DTSTART:20260329T013000Z DTSTART:20260330T003000Z")]
    public async Task B6_20_Occurrences_keep_their_day_and_their_local_time_across_a_change_of_the_clocks(string start, string end, string expected)
    {
        Assert.Equal(201, (await Client.PutAsync(Home + "a.ics", Events.Component("VEVENT", "a", start, end, "RRULE:FREQ=DAILY"))).Status);

        // from midnight to midnight in Berlin, where the clocks change on the 29th
        var zone = new XElement(C + "timezone-id", "Europe/Berlin");
        var answer = await ReportAsync(Home, Query("VEVENT", "20260327T230000Z", "20260330T220000Z", expand: true, zone));
        var data = answer.Property(C + "calendar-data", Home + "a.ics")!.Value;
        Assert.Equal(expected.Split(' '), data.Split('\n').Select(line => line.TrimEnd('\r')).Where(line => line.StartsWith("DTSTART", StringComparison.Ordinal)));
        Assert.DoesNotContain("RRULE", data, StringComparison.Ordinal);
    }
}
