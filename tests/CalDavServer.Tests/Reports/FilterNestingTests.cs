using CalDavServer.Tests.Hosting;
using Xunit;

namespace CalDavServer.Tests.Reports;

/// <summary>comp-filter within comp-filter (RFC 4791 §9.7.1), and is-not-defined, anyof and allof at every level.</summary>
public sealed class FilterNestingTests : ReportTest
{
    private static readonly string[] Zone =
    [
        "BEGIN:VTIMEZONE", "TZID:Europe/Paris",
        "BEGIN:DAYLIGHT", "DTSTART:19810329T020000", "RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3", "TZNAME:CEST", "TZOFFSETFROM:+0100", "TZOFFSETTO:+0200", "END:DAYLIGHT",
        "BEGIN:STANDARD", "DTSTART:19961027T030000", "RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10", "TZNAME:CET", "TZOFFSETFROM:+0200", "TZOFFSETTO:+0100", "END:STANDARD",
        "END:VTIMEZONE",
    ];

    private static string[] Event(string uid, params string[] lines) => ["BEGIN:VEVENT", $"UID:{uid}", "DTSTAMP:20260101T000000Z", "DTSTART:20260601T090000Z", .. lines, "END:VEVENT"];

    private static string[] Alarm(string action, params string[] lines) => ["BEGIN:VALARM", $"ACTION:{action}", "TRIGGER:-PT10M", "DESCRIPTION:x", "SUMMARY:x", "ATTENDEE:mailto:a@example.com", .. lines, "END:VALARM"];

    private static string Comp(string name, string inside = "", string test = "") => $"<C:comp-filter name=\"{name}\"{(test.Length == 0 ? "" : $" test=\"{test}\"")}>{inside}</C:comp-filter>";

    private static string Prop(string name, string inside = "", string test = "") => $"<C:prop-filter name=\"{name}\"{(test.Length == 0 ? "" : $" test=\"{test}\"")}>{inside}</C:prop-filter>";

    private static string Text(string text) => $"<C:text-match>{text}</C:text-match>";

    private const string Absent = "<C:is-not-defined/>";

    private async Task<string> FindAsync(string filter) => NamesOf(await QueryAsync(filter));

    private async Task FillAsync()
    {
        await PutTextAsync("bare", Calendar(Event("bare")));
        await PutTextAsync("zone", Calendar([.. Zone, .. Event("zone", "LOCATION:Paris")]));
        await PutTextAsync("display", Calendar(Event("display", Alarm("DISPLAY"))));
        await PutTextAsync("both", Calendar(Event("both", [.. Alarm("DISPLAY", "X-N:1"), .. Alarm("EMAIL", "X-N:2")])));
        await PutTextAsync("thing", Calendar([.. Event("thing", "BEGIN:X-INNER", "X-A:1", "BEGIN:X-DEEP", "X-B:2", "END:X-DEEP", "END:X-INNER"), "BEGIN:X-OUTER", "X-A:3", "END:X-OUTER"]));
    }

    [Fact]
    public async Task Alarms_are_asked_for_in_events_in_the_calendar()
    {
        await FillAsync();
        string Ask(string inside) => Comp("VCALENDAR", Comp("VEVENT", inside));
        Assert.Equal("both display", await FindAsync(Ask(Comp("VALARM"))));
        Assert.Equal("both", await FindAsync(Ask(Comp("VALARM", Prop("ACTION", Text("email"))))));
        Assert.Equal("bare thing zone", await FindAsync(Ask(Comp("VALARM", Absent))));
        // one alarm must meet both conditions; two comp-filters may be met by two alarms
        Assert.Equal("", await FindAsync(Ask(Comp("VALARM", Prop("ACTION", Text("EMAIL")) + Prop("X-N", Text("1"))))));
        Assert.Equal("both", await FindAsync(Ask(Comp("VALARM", Prop("ACTION", Text("EMAIL"))) + Comp("VALARM", Prop("X-N", Text("1"))))));
        Assert.Equal("both display", await FindAsync(Ask(Comp("VALARM", Prop("ACTION", Text("DISPLAY")) + Prop("X-N", Text("2")), "anyof"))));
        Assert.Equal("display", await FindAsync(Ask(Comp("VALARM", Prop("X-N", Absent)))));
    }

    [Fact]
    public async Task Time_zones_are_asked_for_with_their_parts()
    {
        await FillAsync();
        Assert.Equal("zone", await FindAsync(Comp("VCALENDAR", Comp("VTIMEZONE"))));
        Assert.Equal("bare both display thing", await FindAsync(Comp("VCALENDAR", Comp("VTIMEZONE", Absent))));
        Assert.Equal("zone", await FindAsync(Comp("VCALENDAR", Comp("VTIMEZONE", Comp("STANDARD", Prop("TZNAME", Text("CET")))))));
        Assert.Equal("", await FindAsync(Comp("VCALENDAR", Comp("VTIMEZONE", Comp("STANDARD", Prop("TZNAME", Text("CEST")))))));
        Assert.Equal("zone", await FindAsync(Comp("VCALENDAR", Comp("VTIMEZONE", Prop("TZID", Text("paris")) + Comp("DAYLIGHT", Prop("TZOFFSETTO", Text("+0200")))))));
        Assert.Equal("", await FindAsync(Comp("VCALENDAR", Comp("VTIMEZONE", Comp("STANDARD", Absent)))));
        Assert.Equal("zone", await FindAsync(Comp("VCALENDAR", Comp("VTIMEZONE") + Comp("VEVENT", Prop("LOCATION")))));
        Assert.Equal("", await FindAsync(Comp("VCALENDAR", Comp("VTIMEZONE") + Comp("VTODO"))));
    }

    [Fact]
    public async Task Components_that_nobody_knows_are_found_like_others()
    {
        await FillAsync();
        Assert.Equal("thing", await FindAsync(Comp("VCALENDAR", Comp("X-OUTER"))));
        Assert.Equal("thing", await FindAsync(Comp("vcalendar", Comp("x-outer", Prop("x-a", Text("3"))))));
        Assert.Equal("", await FindAsync(Comp("VCALENDAR", Comp("X-INNER"))));
        Assert.Equal("thing", await FindAsync(Comp("VCALENDAR", Comp("VEVENT", Comp("X-INNER", Comp("X-DEEP", Prop("X-B", Text("2"))))))));
        Assert.Equal("bare both display zone", await FindAsync(Comp("VCALENDAR", Comp("VEVENT", Comp("X-INNER", Absent)))));
        Assert.Equal("", await FindAsync(Comp("VCALENDAR", Comp("VEVENT", Comp("X-INNER", Comp("X-DEEP", Absent))))));
    }

    [Fact]
    public async Task Is_not_defined_at_each_level_is_about_that_level_alone()
    {
        await FillAsync();
        await PutTextAsync("param", Calendar(Event("param", "LOCATION;LANGUAGE=de:Hier")));
        Assert.Equal("", await FindAsync(Comp("VCALENDAR", Absent)));
        Assert.Equal("", await FindAsync(Comp("VCALENDAR", Comp("VEVENT", Absent))));
        Assert.Equal("bare both display param thing zone", await FindAsync(Comp("VCALENDAR", Comp("VTODO", Absent))));
        Assert.Equal("", await FindAsync(Comp("VCALENDAR", Prop("VERSION", Absent))));
        Assert.Equal("bare both display param thing zone", await FindAsync(Comp("VCALENDAR", Prop("METHOD", Absent))));
        Assert.Equal("bare both display thing", await FindAsync(Comp("VCALENDAR", Comp("VEVENT", Prop("LOCATION", Absent)))));
        // a property must be there for its parameter not to be
        Assert.Equal("zone", await FindAsync(Comp("VCALENDAR", Comp("VEVENT", Prop("LOCATION", $"<C:param-filter name=\"LANGUAGE\">{Absent}</C:param-filter>")))));
        // of several components and properties of a name, one that is there is enough to be defined
        Assert.Equal("bare display param thing zone", await FindAsync(Comp("VCALENDAR", Comp("VEVENT", Comp("VALARM", Prop("X-N")) + Comp("VALARM", Absent), "anyof") + Comp("VEVENT"), "allof").Replace(Comp("VALARM", Prop("X-N")), Comp("VALARM", Prop("X-N", Absent)), StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Anyof_and_allof_hold_at_the_level_where_they_stand()
    {
        await FillAsync();
        Assert.Equal("thing zone", await FindAsync(Comp("VCALENDAR", Comp("VTIMEZONE") + Comp("X-OUTER"), "anyof")));
        Assert.Equal("", await FindAsync(Comp("VCALENDAR", Comp("VTIMEZONE") + Comp("X-OUTER"), "allof")));
        Assert.Equal("both display zone", await FindAsync(Comp("VCALENDAR", Comp("VEVENT", Comp("VALARM") + Prop("LOCATION"), "anyof"))));
        Assert.Equal("", await FindAsync(Comp("VCALENDAR", Comp("VEVENT", Comp("VALARM") + Prop("LOCATION"), "allof"), "anyof")));
        Assert.Equal("both thing", await FindAsync(Comp("VCALENDAR", Comp("VEVENT", Comp("X-INNER") + Comp("VALARM", Prop("ACTION", Text("EMAIL"))), "anyof"))));
        Assert.Equal("bare", await FindAsync(Comp("VCALENDAR", Comp("VEVENT", Prop("LOCATION", Absent) + Comp("VALARM", Absent) + Comp("X-INNER", Absent)))));
        Assert.Equal("zone", await FindAsync(Comp("VCALENDAR", Comp("VEVENT", Prop("LOCATION", Text("lond") + Text("par"), "anyof")))));
        Assert.Equal("", await FindAsync(Comp("VCALENDAR", Comp("VEVENT", Prop("LOCATION", Text("lond") + Text("par"), "allof")))));
        Assert.Equal("", await FindAsync(Comp("VCALENDAR", Comp("VEVENT", Prop("LOCATION", Text("lond") + "<C:param-filter name=\"LANGUAGE\"/>", "anyof")))));
        Assert.Equal("zone", await FindAsync(Comp("VCALENDAR", Comp("VEVENT", Prop("LOCATION", Text("lond") + $"<C:param-filter name=\"LANGUAGE\">{Absent}</C:param-filter>", "anyof")))));
    }

    [Fact]
    public async Task A_range_of_an_alarm_and_one_of_its_event_are_two_conditions()
    {
        await FillAsync();
        string Ask(string of, string alarm) => Comp("VCALENDAR", Comp("VEVENT", of + Comp("VALARM", alarm)));
        var hour = Range("20260601T090000Z", "20260601T100000Z");
        var before = Range("20260601T084500Z", "20260601T085500Z");
        Assert.Equal("both display", await FindAsync(Ask(hour, before)));
        Assert.Equal("", await FindAsync(Ask(hour, hour)));
        Assert.Equal("", await FindAsync(Ask(before, before)));
        Assert.Equal("both display", await FindAsync(Ask("", before)));
    }

    [Fact]
    public async Task Whatever_Depth_says_members_are_looked_at_and_an_object_is_asked_by_itself()
    {
        await FillAsync();
        var body = $"<C:calendar-query {CalDav}><D:prop><D:getetag/></D:prop><C:filter>{Comp("VCALENDAR", Comp("VEVENT", Comp("VALARM")))}</C:filter></C:calendar-query>";
        Assert.Equal("both display", NamesOf(await ReportAsync(body)));
        Assert.Equal("both display", NamesOf(await ReportAsync(body, depth: "infinity")));
        Assert.Equal("both display", NamesOf(await ReportAsync(body, depth: "0")));
        Assert.Equal("both display", NamesOf(await ReportAsync(body, depth: null)));
        foreach (var depth in new[] { "0", "1", null })
        {
            Assert.Equal("display", NamesOf(await ReportAsync(body, Home + "display.ics", depth)));
            Assert.Equal("", NamesOf(await ReportAsync(body, Home + "bare.ics", depth)));
        }

        Assert.True((await ReportAsync(body, Client.Principal)).HasCondition(Xml.D + "supported-report"));
        Assert.Equal(404, (await ReportAsync(body, Home + "none.ics")).Status);
    }

    [Fact]
    public async Task Properties_are_asked_for_by_allprop_and_propname_too_or_not_at_all()
    {
        await PutTextAsync("bare", Calendar(Event("bare")));
        Task<DavAnswer> AskAsync(string wanted) => ReportAsync($"<C:calendar-query {CalDav}>{wanted}<C:filter>{Comp("VCALENDAR")}</C:filter></C:calendar-query>");
        var all = await AskAsync("<D:allprop/>");
        Assert.NotNull(all.Property(Xml.D + "getetag"));
        Assert.Null(all.Property(Xml.C + "calendar-data"));
        var named = await AskAsync("<D:propname/>");
        Assert.True(named.Property(Xml.D + "getetag")!.IsEmpty);
        Assert.Equal("bare", NamesOf(await AskAsync("")));
        Assert.Equal(400, (await AskAsync("<D:allprop/><D:propname/>")).Status);
    }
}
