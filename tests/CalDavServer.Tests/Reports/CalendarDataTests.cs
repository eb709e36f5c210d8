using CalDavServer.Tests.Hosting;
using Xunit;

namespace CalDavServer.Tests.Reports;

/// <summary>calendar-data (RFC 4791 §9.6): partial retrieval, expand, limit-recurrence-set.</summary>
public sealed class CalendarDataTests : ReportTest
{
    private Task<DavAnswer> GetDataAsync(string calendarData, string name = "a") =>
        ReportAsync($"<C:calendar-multiget {CalDav}><D:prop>{calendarData}</D:prop><D:href>{Home}{name}.ics</D:href></C:calendar-multiget>");

    private async Task<IReadOnlyList<string>> LinesAsync(string parts, string name = "a")
    {
        var answer = await GetDataAsync($"<C:calendar-data>{parts}</C:calendar-data>", name);
        Assert.Equal(207, answer.Status);
        return DataOf(answer);
    }

    private Task<IReadOnlyList<string>> ExpandAsync(string start, string end, string name = "a") => LinesAsync($"<C:expand start=\"{start}\" end=\"{end}\"/>", name);

    private static IEnumerable<string> Starting(IReadOnlyList<string> lines, params string[] names) =>
        lines.Where(line => names.Any(name => line.StartsWith(name + ":", StringComparison.Ordinal) || line.StartsWith(name + ";", StringComparison.Ordinal)));

    private static string[] Component(params string[] lines) => ["BEGIN:VEVENT", "UID:a", "DTSTAMP:20260101T000000Z", .. lines, "END:VEVENT"];

    [Fact]
    public async Task Without_parts_the_bytes_are_returned_as_they_were_sent()
    {
        var text = Events.Event("a", "Fold & <tags>", "X-ODD;X-P=\"a;b\":" + new string('x', 60) + "\r\n " + new string('y', 70));
        await PutTextAsync("a", text);
        var answer = await GetDataAsync("<C:calendar-data/>");
        Assert.Equal(text, answer.Property(Xml.C + "calendar-data")!.Value);
    }

    [Fact]
    public async Task Values_can_be_left_out_and_parameters_stay()
    {
        await PutAsync("a", "VEVENT", "DTSTART;VALUE=DATE:20260601", "SUMMARY;LANGUAGE=en:Secret");
        var lines = await LinesAsync("""<C:comp name="vcalendar"><C:comp name="VEVENT"><C:prop name="summary" novalue="yes"/><C:prop name="UID" novalue="no"/></C:comp></C:comp>""");
        Assert.Equal(["BEGIN:VCALENDAR", "BEGIN:VEVENT", "UID:a", "SUMMARY;LANGUAGE=en:", "END:VEVENT", "END:VCALENDAR"], lines);
    }

    [Fact]
    public async Task All_properties_and_all_components_can_be_asked_for_at_any_level()
    {
        await PutAsync("a", "VEVENT", "DTSTART:20260601T090000Z", "SUMMARY:x", "BEGIN:VALARM", "ACTION:DISPLAY", "DESCRIPTION:y", "TRIGGER:-PT5M", "END:VALARM");
        var all = await LinesAsync("""<C:comp name="VCALENDAR"><C:allprop/><C:comp name="VEVENT"><C:prop name="UID"/><C:allcomp/></C:comp></C:comp>""");
        Assert.Equal(
            ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//test//EN", "BEGIN:VEVENT", "UID:a", "BEGIN:VALARM", "ACTION:DISPLAY", "DESCRIPTION:y", "TRIGGER:-PT5M", "END:VALARM", "END:VEVENT", "END:VCALENDAR"],
            all);
        var events = await LinesAsync("""<C:comp name="VCALENDAR"><C:allcomp/></C:comp>""");
        Assert.DoesNotContain("VERSION:2.0", events);
        Assert.Contains("SUMMARY:x", events);
        Assert.Contains("BEGIN:VALARM", events);
        var properties = await LinesAsync("""<C:comp name="VCALENDAR"><C:comp name="VEVENT"><C:allprop/></C:comp></C:comp>""");
        Assert.Contains("SUMMARY:x", properties);
        Assert.DoesNotContain("BEGIN:VALARM", properties);
    }

    [Theory]
    [InlineData("<C:calendar-data content-type=\"application/calendar+json\"/>")]
    [InlineData("<C:calendar-data version=\"1.0\"/>")]
    public async Task Another_format_is_refused(string calendarData)
    {
        await PutAsync("a", "VEVENT", "DTSTART:20260601T090000Z");
        var answer = await GetDataAsync(calendarData);
        Assert.Equal(403, answer.Status);
        Assert.True(answer.HasCondition(Condition("supported-calendar-data")), answer.Text);
    }

    [Theory]
    [InlineData("<C:expand/>", 400)]
    [InlineData("<C:expand start=\"20260601T000000Z\"/>", 400)]
    [InlineData("<C:expand start=\"20260602T000000Z\" end=\"20260601T000000Z\"/>", 400)]
    [InlineData("<C:limit-recurrence-set start=\"20260601\" end=\"20260602\"/>", 400)]
    [InlineData("<C:comp/>", 400)]
    [InlineData("<C:comp name=\"VEVENT\"/>", 400)]
    [InlineData("<C:expand start=\"15000601T000000Z\" end=\"20260601T000000Z\"/>", 403)]
    public async Task Parts_that_are_wrong_are_refused(string parts, int status)
    {
        await PutAsync("a", "VEVENT", "DTSTART:20260601T090000Z");
        Assert.Equal(status, (await GetDataAsync($"<C:calendar-data>{parts}</C:calendar-data>")).Status);
    }

    [Fact]
    public async Task Expanded_occurrences_are_in_UTC_across_a_change_of_the_clocks()
    {
        await PutAsync("a", "VEVENT", "DTSTART;TZID=Europe/Berlin:20260327T090000", "DTEND;TZID=Europe/Berlin:20260327T100000", "RRULE:FREQ=DAILY", "EXDATE;TZID=Europe/Berlin:20260329T090000");
        var lines = await ExpandAsync("20260328T000000Z", "20260331T000000Z");
        Assert.Equal(
            [
                "DTSTART:20260328T080000Z", "RECURRENCE-ID:20260328T080000Z", "DTEND:20260328T090000Z",
                "DTSTART:20260330T070000Z", "RECURRENCE-ID:20260330T070000Z", "DTEND:20260330T080000Z",
            ],
            Starting(lines, "DTSTART", "RECURRENCE-ID", "DTEND"));
        Assert.Empty(Starting(lines, "RRULE", "EXDATE", "RDATE"));
    }

    [Fact]
    public async Task Overrides_moved_into_the_window_are_expanded_and_those_moved_out_are_not()
    {
        await PutTextAsync("a", Calendar([
            .. Component("DTSTART:20260601T090000Z", "DURATION:PT1H", "RRULE:FREQ=DAILY;COUNT=10", "SUMMARY:series"),
            .. Component("RECURRENCE-ID:20260602T090000Z", "DTSTART:20260620T090000Z", "DURATION:PT1H", "SUMMARY:out"),
            .. Component("RECURRENCE-ID:20260609T090000Z", "DTSTART:20260603T120000Z", "DURATION:PT1H", "SUMMARY:in"),
        ]));
        var lines = await ExpandAsync("20260602T000000Z", "20260604T000000Z");
        Assert.Equal(
            ["DTSTART:20260603T090000Z", "RECURRENCE-ID:20260603T090000Z", "SUMMARY:series", "DTSTART:20260603T120000Z", "RECURRENCE-ID:20260609T090000Z", "SUMMARY:in"],
            Starting(lines, "DTSTART", "RECURRENCE-ID", "SUMMARY"));
    }

    // RFC 5545 §3.8.4.4: an override takes the place of what it names, be it the only occurrence there is
    [Theory]
    [InlineData("20260602T090000Z", "DTSTART:20260602T120000Z RECURRENCE-ID:20260602T090000Z SUMMARY:moved")]
    [InlineData("20260603T090000Z", "DTSTART:20260602T090000Z SUMMARY:single DTSTART:20260602T120000Z RECURRENCE-ID:20260603T090000Z SUMMARY:moved")]
    public async Task A_master_without_a_rule_beside_an_override_is_expanded_once_or_replaced(string overridden, string expected)
    {
        await PutTextAsync("a", Calendar([
            .. Component("DTSTART:20260602T090000Z", "DURATION:PT1H", "SUMMARY:single"),
            .. Component($"RECURRENCE-ID:{overridden}", "DTSTART:20260602T120000Z", "DURATION:PT1H", "SUMMARY:moved"),
        ]));
        Assert.Equal(expected, string.Join(' ', Starting(await ExpandAsync("20260602T000000Z", "20260604T000000Z"), "DTSTART", "RECURRENCE-ID", "SUMMARY")));
    }

    [Fact]
    public async Task Limit_recurrence_set_keeps_overrides_that_are_or_were_in_the_range()
    {
        await PutTextAsync("a", Calendar([
            .. Component("DTSTART:20260601T090000Z", "DURATION:PT1H", "RRULE:FREQ=DAILY;COUNT=10", "SUMMARY:series"),
            .. Component("RECURRENCE-ID:20260602T090000Z", "DTSTART:20260620T090000Z", "DURATION:PT1H", "SUMMARY:out"),
            .. Component("RECURRENCE-ID:20260609T090000Z", "DTSTART:20260603T120000Z", "DURATION:PT1H", "SUMMARY:in"),
            .. Component("RECURRENCE-ID:20260608T090000Z", "DTSTART:20260608T120000Z", "DURATION:PT1H", "SUMMARY:elsewhere"),
        ]));
        var lines = await LinesAsync("<C:limit-recurrence-set start=\"20260602T000000Z\" end=\"20260604T000000Z\"/>");
        Assert.Equal(["SUMMARY:series", "SUMMARY:out", "SUMMARY:in"], Starting(lines, "SUMMARY"));
        Assert.Contains("RRULE:FREQ=DAILY;COUNT=10", lines);
    }

    [Fact]
    public async Task Limit_recurrence_set_keeps_what_changes_or_moves_later_occurrences_into_the_range()
    {
        await PutTextAsync("a", Calendar([
            .. Component("DTSTART:20260601T090000Z", "DURATION:PT1H", "RRULE:FREQ=DAILY;COUNT=30", "SUMMARY:series"),
            .. Component("RECURRENCE-ID;RANGE=THISANDFUTURE:20260605T090000Z", "DTSTART:20260605T110000Z", "DURATION:PT1H", "SUMMARY:before"),
            .. Component("RECURRENCE-ID;RANGE=THISANDFUTURE:20260620T090000Z", "DTSTART:20260612T090000Z", "DURATION:PT1H", "SUMMARY:moved ahead"),
            .. Component("RECURRENCE-ID;RANGE=THISANDFUTURE:20260625T090000Z", "DTSTART:20260625T090000Z", "DURATION:PT1H", "SUMMARY:after"),
        ]));
        var lines = await LinesAsync("<C:limit-recurrence-set start=\"20260612T000000Z\" end=\"20260614T000000Z\"/>");
        Assert.Equal(["SUMMARY:series", "SUMMARY:before", "SUMMARY:moved ahead"], Starting(lines, "SUMMARY"));
    }

    [Fact]
    public async Task All_day_and_floating_occurrences_stay_what_they_are()
    {
        await PutAsync("a", "VEVENT", "DTSTART;VALUE=DATE:20260601", "DTEND;VALUE=DATE:20260603", "RRULE:FREQ=WEEKLY");
        await PutAsync("f", "VEVENT", "DTSTART:20260601T090000", "DTEND:20260601T100000", "RRULE:FREQ=WEEKLY");
        Assert.Equal(
            ["DTSTART;VALUE=DATE:20260608", "RECURRENCE-ID;VALUE=DATE:20260608", "DTEND;VALUE=DATE:20260610"],
            Starting(await ExpandAsync("20260609T000000Z", "20260610T000000Z"), "DTSTART", "RECURRENCE-ID", "DTEND"));
        Assert.Equal(
            ["DTSTART:20260608T090000", "RECURRENCE-ID:20260608T090000", "DTEND:20260608T100000"],
            Starting(await ExpandAsync("20260608T000000Z", "20260609T000000Z", "f"), "DTSTART", "RECURRENCE-ID", "DTEND"));
    }

    [Fact]
    public async Task Days_of_a_duration_become_an_end_when_the_zone_goes()
    {
        await PutAsync("a", "VEVENT", "DTSTART;TZID=Europe/Berlin:20260328T120000", "DURATION:P1D", "RRULE:FREQ=DAILY;COUNT=2");
        var lines = await ExpandAsync("20260328T000000Z", "20260329T000000Z");
        Assert.Equal(["DTSTART:20260328T110000Z", "DTEND:20260329T100000Z"], Starting(lines, "DTSTART", "DTEND", "DURATION"));
    }

    [Theory]
    [InlineData("DTSTART:20260601T090000Z", "DURATION:PT1H", "RDATE;VALUE=PERIOD:20260605T090000Z/PT3H", "DTEND:20260605T120000Z")]
    [InlineData("DTSTART:20260601T090000Z", "DURATION:PT1H", "RDATE;VALUE=PERIOD:20260605T090000Z/PT1H", "DURATION:PT1H")]
    [InlineData("DTSTART:20260601T090000Z", "DTEND:20260601T100000Z", "RDATE;VALUE=PERIOD:20260605T090000Z/20260605T093000Z", "DTEND:20260605T093000Z")]
    [InlineData("DTSTART:20260601T090000Z", "SUMMARY:no end", "RDATE;VALUE=PERIOD:20260605T090000Z/20260605T093000Z", "DTEND:20260605T093000Z")]
    [InlineData("DTSTART:20260601T090000", "SUMMARY:no end", "RDATE;VALUE=PERIOD:20260605T090000/20260605T093000", "DTEND:20260605T093000")]
    [InlineData("DTSTART;TZID=Europe/Berlin:20260601T090000", "DURATION:PT1H", "RDATE;TZID=Europe/Berlin;VALUE=PERIOD:20260605T090000/PT2H", "DTEND:20260605T090000Z")]
    public async Task Expanded_periods_of_RDATE_keep_their_own_length(string start, string length, string dates, string expected)
    {
        await PutAsync("a", "VEVENT", start, length, dates);
        var lines = await ExpandAsync("20260605T000000Z", "20260606T000000Z");
        Assert.Equal([expected], Starting(lines, "DTEND", "DURATION"));
        Assert.Single(lines, "BEGIN:VEVENT");
    }

    [Fact]
    public async Task To_dos_are_expanded_with_their_due_times()
    {
        await PutAsync("a", "VTODO", "DTSTART;TZID=Europe/Berlin:20260601T090000", "DUE;TZID=Europe/Berlin:20260601T170000", "RRULE:FREQ=DAILY");
        Assert.Equal(
            ["DTSTART:20260605T070000Z", "RECURRENCE-ID:20260605T070000Z", "DUE:20260605T150000Z"],
            Starting(await ExpandAsync("20260605T060000Z", "20260605T180000Z"), "DTSTART", "RECURRENCE-ID", "DUE"));
    }

    [Fact]
    public async Task Too_many_occurrences_are_507_for_that_object_and_the_others_are_answered()
    {
        await PutAsync("a", "VEVENT", "DTSTART:20200101T000000Z", "DURATION:PT1S", "RRULE:FREQ=SECONDLY");
        await PutAsync("b", "VEVENT", "DTSTART:20260601T090000Z");
        var answer = await ReportAsync(
            $"<C:calendar-multiget {CalDav}><D:prop><C:calendar-data><C:expand start=\"20260601T000000Z\" end=\"20260602T000000Z\"/></C:calendar-data></D:prop><D:href>{Home}a.ics</D:href><D:href>{Home}b.ics</D:href></C:calendar-multiget>");
        Assert.Equal(207, answer.Status);
        Assert.Contains("507", answer.Response(Home + "a.ics").Element(Xml.D + "status")!.Value, StringComparison.Ordinal);
        Assert.NotNull(answer.Response(Home + "a.ics").Element(Xml.D + "error")!.Element(Xml.D + "number-of-matches-within-limits"));
        Assert.Contains("DTSTART:20260601T090000Z", DataOf(answer, Home + "b.ics"));
    }
}
