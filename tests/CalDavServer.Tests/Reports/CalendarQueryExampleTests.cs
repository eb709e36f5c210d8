using CalDavServer.Tests.Hosting;
using Xunit;

namespace CalDavServer.Tests.Reports;

/// <summary>Every example of RFC 4791 §7.8, §7.9.1 and §7.10.1 on the calendar of its Appendix B.</summary>
public sealed class CalendarQueryExampleTests : ReportTest
{
    private string Work => Client.Calendar("work");

    private async Task FillAsync()
    {
        var calendar = await MakeCalendarAsync("work", "VEVENT", "VTODO", "VFREEBUSY");
        foreach (var (name, text) in AppendixB.Objects) await StoreAsync(calendar, name, text);
    }

    private Task<DavAnswer> AskAsync(string body) => ReportAsync(body, Work);

    private static string Query(string prop, string filter) => $"<C:calendar-query {CalDav}><D:prop>{prop}</D:prop><C:filter><C:comp-filter name=\"VCALENDAR\">{filter}</C:comp-filter></C:filter></C:calendar-query>";

    [Fact]
    public async Task Section_7_8_1_partial_retrieval_of_events_by_time_range()
    {
        await FillAsync();
        var answer = await AskAsync(Query(
            """
            <D:getetag/>
            <C:calendar-data><C:comp name="VCALENDAR"><C:prop name="VERSION"/>
              <C:comp name="VEVENT"><C:prop name="SUMMARY"/><C:prop name="UID"/><C:prop name="DTSTART"/><C:prop name="DTEND"/><C:prop name="DURATION"/><C:prop name="RRULE"/>
                <C:prop name="RDATE"/><C:prop name="EXRULE"/><C:prop name="EXDATE"/><C:prop name="RECURRENCE-ID"/></C:comp>
              <C:comp name="VTIMEZONE"/></C:comp></C:calendar-data>
            """,
            """<C:comp-filter name="VEVENT"><C:time-range start="20060104T000000Z" end="20060105T000000Z"/></C:comp-filter>"""));

        Assert.Equal("abcd2 abcd3", NamesOf(answer));
        Assert.NotNull(answer.Property(Xml.D + "getetag", Work + "abcd2.ics"));
        var lines = DataOf(answer, Work + "abcd3.ics");
        Assert.Equal(["BEGIN:VCALENDAR", "VERSION:2.0", "BEGIN:VTIMEZONE"], lines.Take(3));
        Assert.Contains("TZOFFSETTO:-0400", lines);
        Assert.Equal(
            ["BEGIN:VEVENT", "DTSTART;TZID=US/Eastern:20060104T100000", "DURATION:PT1H", "SUMMARY:Event #3", "UID:DC6C50A017428C5216A2F1CD@example.com", "END:VEVENT", "END:VCALENDAR"],
            lines.SkipWhile(line => line != "BEGIN:VEVENT"));
        Assert.Equal(3, DataOf(answer, Work + "abcd2.ics").Count(line => line == "BEGIN:VEVENT"));
        Assert.DoesNotContain(DataOf(answer, Work + "abcd2.ics"), line => line.StartsWith("DTSTAMP", StringComparison.Ordinal) || line.StartsWith("PRODID", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Section_7_8_2_partial_retrieval_of_recurring_events()
    {
        await FillAsync();
        var answer = await AskAsync(Query(
            """<C:calendar-data><C:limit-recurrence-set start="20060103T000000Z" end="20060105T000000Z"/></C:calendar-data>""",
            """<C:comp-filter name="VEVENT"><C:time-range start="20060103T000000Z" end="20060105T000000Z"/></C:comp-filter>"""));

        Assert.Equal("abcd2 abcd3", NamesOf(answer));
        var lines = DataOf(answer, Work + "abcd2.ics");
        Assert.Equal(["SUMMARY:Event #2", "SUMMARY:Event #2 bis"], lines.Where(line => line.StartsWith("SUMMARY", StringComparison.Ordinal)));
        Assert.Contains("RRULE:FREQ=DAILY;COUNT=5", lines);
        Assert.Contains("BEGIN:VTIMEZONE", lines);
    }

    [Fact]
    public async Task Section_7_8_3_expanded_retrieval_of_recurring_events()
    {
        await FillAsync();
        var answer = await AskAsync(Query(
            """<C:calendar-data><C:expand start="20060103T000000Z" end="20060105T000000Z"/></C:calendar-data>""",
            """<C:comp-filter name="VEVENT"><C:time-range start="20060103T000000Z" end="20060105T000000Z"/></C:comp-filter>"""));

        Assert.Equal("abcd2 abcd3", NamesOf(answer));
        // the RFC prints the times without the Z that its text asks for
        Assert.Equal(
            [
                "BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Example Corp.//CalDAV Client//EN",
                "BEGIN:VEVENT", "DTSTAMP:20060206T001121Z", "DTSTART:20060103T170000Z", "RECURRENCE-ID:20060103T170000Z", "DURATION:PT1H", "SUMMARY:Event #2",
                "UID:00959BC664CA650E933C892C@example.com", "END:VEVENT",
                "BEGIN:VEVENT", "DTSTAMP:20060206T001121Z", "DTSTART:20060104T190000Z", "RECURRENCE-ID:20060104T170000Z", "DURATION:PT1H", "SUMMARY:Event #2 bis",
                "UID:00959BC664CA650E933C892C@example.com", "END:VEVENT", "END:VCALENDAR",
            ],
            DataOf(answer, Work + "abcd2.ics"));
        var single = DataOf(answer, Work + "abcd3.ics");
        Assert.Contains("DTSTART:20060104T150000Z", single);
        Assert.DoesNotContain("BEGIN:VTIMEZONE", single);
        Assert.DoesNotContain(single, line => line.StartsWith("RECURRENCE-ID", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Section_7_8_4_partial_retrieval_of_stored_free_busy_components()
    {
        await FillAsync();
        var answer = await AskAsync(Query(
            """<C:calendar-data><C:limit-freebusy-set start="20060102T000000Z" end="20060103T000000Z"/></C:calendar-data>""",
            """<C:comp-filter name="VFREEBUSY"><C:time-range start="20060102T000000Z" end="20060103T000000Z"/></C:comp-filter>"""));

        Assert.Equal("abcd8", NamesOf(answer));
        Assert.Equal("FREEBUSY;FBTYPE=BUSY-TENTATIVE:20060102T100000Z/20060102T120000Z", Assert.Single(DataOf(answer), line => line.StartsWith("FREEBUSY", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Section_7_8_5_to_dos_by_alarm_time_range()
    {
        await FillAsync();
        const string Filter = """<C:comp-filter name="VTODO"><C:comp-filter name="VALARM"><C:time-range start="20060106T100000Z" end="20060107T100000Z"/></C:comp-filter></C:comp-filter>""";
        // as the appendix has it, due on a date, the alarm goes off ten minutes before that day
        Assert.Equal("", NamesOf(await AskAsync(Query("<D:getetag/>", Filter))));

        var snapshot = await Server.Store.OpenSnapshotAsync(TestContext.Current.CancellationToken);
        var work = await snapshot.FindCollectionAsync(Alice.Principal.Id, "work");
        snapshot.Dispose();
        await StoreAsync(work!.Id, "abcd5", AppendixB.Task2("DUE;TZID=US/Eastern:20060106T120000"));
        Assert.Equal("abcd5", NamesOf(await AskAsync(Query("<D:getetag/>", Filter))));
    }

    [Fact]
    public async Task Section_7_8_6_event_by_uid()
    {
        await FillAsync();
        var answer = await AskAsync(Query(
            "<D:getetag/><C:calendar-data/>",
            """<C:comp-filter name="VEVENT"><C:prop-filter name="UID"><C:text-match collation="i;octet">DC6C50A017428C5216A2F1CD@example.com</C:text-match></C:prop-filter></C:comp-filter>"""));
        Assert.Equal("abcd3", NamesOf(answer));
        Assert.Equal(AppendixB.Objects[2].Text, answer.Property(Xml.C + "calendar-data")!.Value);
    }

    [Fact]
    public async Task Section_7_8_7_events_by_partstat()
    {
        await FillAsync();
        const string Filter = """
            <C:comp-filter name="VEVENT"><C:prop-filter name="ATTENDEE"><C:text-match collation="i;ascii-casemap">mailto:{0}@example.com</C:text-match>
              <C:param-filter name="PARTSTAT"><C:text-match collation="i;ascii-casemap">needs-action</C:text-match></C:param-filter></C:prop-filter></C:comp-filter>
            """;
        Assert.Equal("abcd3", NamesOf(await AskAsync(Query("<D:getetag/>", Filter.Replace("{0}", "LISA", StringComparison.Ordinal)))));
        // both conditions are of one attendee: cyrus has accepted
        Assert.Equal("", NamesOf(await AskAsync(Query("<D:getetag/>", Filter.Replace("{0}", "cyrus", StringComparison.Ordinal)))));
    }

    [Fact]
    public async Task Section_7_8_8_events_only()
    {
        await FillAsync();
        Assert.Equal("abcd1 abcd2 abcd3", NamesOf(await AskAsync(Query("<D:getetag/><C:calendar-data/>", """<C:comp-filter name="VEVENT"/>"""))));
        Assert.Equal("abcd1 abcd2 abcd3", NamesOf(await AskAsync(Query("<D:getetag/>", """<C:comp-filter name="VEVENT"/>"""))));
    }

    [Fact]
    public async Task Section_7_8_9_all_pending_to_dos()
    {
        await FillAsync();
        Assert.Equal("abcd4 abcd5", NamesOf(await AskAsync(Query(
            "<D:getetag/>",
            """
            <C:comp-filter name="VTODO"><C:prop-filter name="COMPLETED"><C:is-not-defined/></C:prop-filter>
              <C:prop-filter name="STATUS"><C:text-match negate-condition="yes">CANCELLED</C:text-match></C:prop-filter></C:comp-filter>
            """))));
    }

    [Fact]
    public async Task Section_7_8_10_any_property_can_be_queried()
    {
        await FillAsync();
        // the RFC's server supports fewer and answers supported-filter
        const string Filter = """<C:comp-filter name="VEVENT"><C:prop-filter name="X-ABC-GUID"><C:text-match>{0}</C:text-match></C:prop-filter></C:comp-filter>""";
        Assert.Equal("", NamesOf(await AskAsync(Query("<D:getetag/>", Filter.Replace("{0}", "ABC", StringComparison.Ordinal)))));
        Assert.Equal("abcd3", NamesOf(await AskAsync(Query("<D:getetag/>", Filter.Replace("{0}", "e1cx5dr", StringComparison.Ordinal)))));
    }

    [Fact]
    public async Task Appendix_B_a_filter_of_vcalendar_alone_finds_all()
    {
        await FillAsync();
        Assert.Equal("abcd1 abcd2 abcd3 abcd4 abcd5 abcd6 abcd7 abcd8", NamesOf(await AskAsync(Query("<D:getetag/><C:calendar-data/>", ""))));
    }

    [Fact]
    public async Task Section_7_9_1_multiget_answers_what_is_there_and_what_is_not()
    {
        await FillAsync();
        var answer = await AskAsync($"<C:calendar-multiget {CalDav}><D:prop><D:getetag/><C:calendar-data/></D:prop><D:href>{Work}abcd1.ics</D:href><D:href>{Work}mtg1.ics</D:href></C:calendar-multiget>");
        Assert.Equal([Work + "abcd1.ics", Work + "mtg1.ics"], answer.Hrefs);
        Assert.Equal(AppendixB.Objects[0].Text, answer.Property(Xml.C + "calendar-data", Work + "abcd1.ics")!.Value);
        Assert.Equal("HTTP/1.1 404 Not Found", answer.Response(Work + "mtg1.ics").Element(Xml.D + "status")!.Value);
    }

    [Fact]
    public async Task Section_7_10_1_free_busy_of_a_day_and_of_the_range_as_printed()
    {
        await FillAsync();
        // "between 2:00 P.M. and 10:00 P.M. UTC on the January 4, 2006" says the text
        var day = await AskAsync($"<C:free-busy-query {CalDav}>{Range("20060104T140000Z", "20060104T220000Z")}</C:free-busy-query>");
        Assert.Equal(200, day.Status);
        Assert.StartsWith("text/calendar", day.Header("Content-Type"), StringComparison.Ordinal);
        Assert.Equal(
            ["DTSTART:20060104T140000Z", "DTEND:20060104T220000Z", "FREEBUSY;FBTYPE=BUSY-TENTATIVE:20060104T150000Z/20060104T160000Z", "FREEBUSY:20060104T190000Z/20060104T200000Z"],
            day.Text.Split("\r\n").Where(line => line.StartsWith("DTSTART", StringComparison.Ordinal) || line.StartsWith("DTEND", StringComparison.Ordinal) || line.StartsWith("FREEBUSY", StringComparison.Ordinal)));

        // its request goes on to the evening of the fifth, where the data has two more
        var printed = await AskAsync($"<C:free-busy-query {CalDav}>{Range("20060104T140000Z", "20060105T220000Z")}</C:free-busy-query>");
        Assert.Equal(
            [
                "FREEBUSY;FBTYPE=BUSY-TENTATIVE:20060104T150000Z/20060104T160000Z", "FREEBUSY:20060104T190000Z/20060104T200000Z",
                "FREEBUSY;FBTYPE=BUSY-UNAVAILABLE:20060105T100000Z/20060105T120000Z", "FREEBUSY:20060105T170000Z/20060105T180000Z",
            ],
            printed.Text.Split("\r\n").Where(line => line.StartsWith("FREEBUSY", StringComparison.Ordinal)));
    }
}
