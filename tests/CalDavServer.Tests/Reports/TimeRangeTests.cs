using CalDavServer.Tests.Hosting;
using Xunit;

namespace CalDavServer.Tests.Reports;

/// <summary>CALDAV:time-range (RFC 4791 §9.9) over components.</summary>
public sealed class TimeRangeTests : ReportTest
{
    private Task<string> EventsAsync(string? start, string? end, string extra = "") => FindAsync("VEVENT", Range(start, end), extra);

    [Fact]
    public async Task An_event_is_found_by_its_start_and_end_and_not_by_touching()
    {
        await PutAsync("end", "VEVENT", "DTSTART:20260601T090000Z", "DTEND:20260601T100000Z");
        await PutAsync("duration", "VEVENT", "DTSTART:20260601T090000Z", "DURATION:PT1H");
        Assert.Equal("duration end", await EventsAsync("20260601T093000Z", "20260601T094500Z"));
        Assert.Equal("duration end", await EventsAsync("20260601T080000Z", "20260601T090001Z"));
        Assert.Equal("", await EventsAsync("20260601T080000Z", "20260601T090000Z"));
        Assert.Equal("", await EventsAsync("20260601T100000Z", "20260601T110000Z"));
        Assert.Equal("duration end", await EventsAsync("20260601T095959Z", "20260601T110000Z"));
    }

    [Fact]
    public async Task An_event_without_length_counts_by_its_start()
    {
        await PutAsync("plain", "VEVENT", "DTSTART:20260601T090000Z");
        await PutAsync("zero", "VEVENT", "DTSTART:20260601T090000Z", "DURATION:PT0S");
        Assert.Equal("plain zero", await EventsAsync("20260601T090000Z", "20260601T090001Z"));
        Assert.Equal("", await EventsAsync("20260601T080000Z", "20260601T090000Z"));
        Assert.Equal("", await EventsAsync("20260601T090001Z", "20260601T100000Z"));
    }

    [Fact]
    public async Task A_range_may_be_open_at_one_end()
    {
        await PutAsync("early", "VEVENT", "DTSTART:20250601T090000Z", "DTEND:20250601T100000Z");
        await PutAsync("late", "VEVENT", "DTSTART:20270601T090000Z", "DTEND:20270601T100000Z");
        await PutAsync("forever", "VEVENT", "DTSTART:20250101T090000Z", "DURATION:PT1H", "RRULE:FREQ=YEARLY");
        Assert.Equal("forever late", await EventsAsync("20260601T000000Z", null));
        Assert.Equal("early forever", await EventsAsync(null, "20260601T000000Z"));
    }

    [Fact]
    public async Task A_rule_without_end_is_found_a_century_later()
    {
        await PutAsync("weekly", "VEVENT", "DTSTART;TZID=Australia/Sydney:20260105T090000", "DURATION:PT1H", "RRULE:FREQ=WEEKLY;BYDAY=MO");
        // 4 January 2126 is a Friday: 9:00 in Sydney on Monday the 7th is 22:00 UTC the day before
        Assert.Equal("weekly", await EventsAsync("21260106T220000Z", "21260106T230000Z"));
        Assert.Equal("", await EventsAsync("21260106T230000Z", "21260113T220000Z"));
    }

    [Fact]
    public async Task An_override_is_found_where_it_was_moved_to_and_not_where_it_was()
    {
        await PutTextAsync("series", Series("20260608T090000Z", "20260612T150000Z"));
        Assert.Equal("", await EventsAsync("20260608T080000Z", "20260608T110000Z"));
        Assert.Equal("series", await EventsAsync("20260612T150000Z", "20260612T153000Z"));
        Assert.Equal("series", await EventsAsync("20260615T090000Z", "20260615T093000Z"));
    }

    [Fact]
    public async Task A_condition_on_a_property_and_the_range_are_of_one_component()
    {
        await PutTextAsync("series", Series("20260608T090000Z", "20260612T150000Z"));
        const string Moved = """<C:prop-filter name="SUMMARY"><C:text-match>moved</C:text-match></C:prop-filter>""";
        Assert.Equal("series", await FindAsync("VEVENT", Range("20260612T000000Z", "20260613T000000Z") + Moved));
        Assert.Equal("", await FindAsync("VEVENT", Range("20260615T000000Z", "20260616T000000Z") + Moved));
    }

    [Fact]
    public async Task An_occurrence_taken_out_is_not_found()
    {
        await PutAsync("series", "VEVENT", "DTSTART:20260601T090000Z", "DURATION:PT1H", "RRULE:FREQ=WEEKLY;COUNT=4", "EXDATE:20260608T090000Z", "RDATE:20260610T090000Z");
        Assert.Equal("", await EventsAsync("20260608T000000Z", "20260609T000000Z"));
        Assert.Equal("series", await EventsAsync("20260610T000000Z", "20260611T000000Z"));
        Assert.Equal("", await EventsAsync("20260623T000000Z", null));
    }

    [Theory]
    [InlineData("Australia/Sydney", "20260531T140000Z", "20260531T150000Z", "day")]
    [InlineData("Australia/Sydney", "20260601T140000Z", "20260601T150000Z", "")]
    [InlineData("America/Los_Angeles", "20260602T060000Z", "20260602T065959Z", "day")]
    [InlineData("America/Los_Angeles", "20260601T060000Z", "20260601T065959Z", "")]
    public async Task An_all_day_event_lies_in_the_time_zone_of_the_request(string zone, string start, string end, string expected)
    {
        await PutAsync("day", "VEVENT", "DTSTART;VALUE=DATE:20260601");
        Assert.Equal(expected, await EventsAsync(start, end, $"<C:timezone-id>{zone}</C:timezone-id>"));
    }

    [Fact]
    public async Task Floating_times_lie_in_the_request_s_VTIMEZONE_else_the_calendar_s_else_UTC()
    {
        await PutAsync("floating", "VEVENT", "DTSTART:20260601T090000", "DURATION:PT1H");
        const string East = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//t//EN\r\nBEGIN:VTIMEZONE\r\nTZID:East\r\nBEGIN:STANDARD\r\nDTSTART:19700101T000000\r\nTZOFFSETFROM:{0}\r\nTZOFFSETTO:{0}\r\nEND:STANDARD\r\nEND:VTIMEZONE\r\nEND:VCALENDAR\r\n";
        var nine = East.Replace("{0}", "+0900", StringComparison.Ordinal);
        Assert.Equal("floating", await EventsAsync("20260601T090000Z", "20260601T100000Z"));
        Assert.Equal("floating", await EventsAsync("20260601T000000Z", "20260601T010000Z", $"<C:timezone>{nine}</C:timezone>"));
        Assert.Equal("", await EventsAsync("20260601T090000Z", "20260601T100000Z", $"<C:timezone>{nine}</C:timezone>"));

        var four = East.Replace("{0}", "-0400", StringComparison.Ordinal);
        var set = await Client.SendAsync("PROPPATCH", Home, Xml.Set(new System.Xml.Linq.XElement(Xml.C + "calendar-timezone", four)));
        Assert.Equal(207, set.Status);
        Assert.Equal("floating", await EventsAsync("20260601T130000Z", "20260601T140000Z"));
        Assert.Equal("", await EventsAsync("20260601T090000Z", "20260601T100000Z"));
    }

    [Fact]
    public async Task A_journal_without_start_is_never_in_a_range()
    {
        await PutAsync("none", "VJOURNAL", "SUMMARY:x");
        await PutAsync("day", "VJOURNAL", "DTSTART;VALUE=DATE:20260601");
        await PutAsync("moment", "VJOURNAL", "DTSTART:20260601T090000Z");
        Assert.Equal("day moment", await FindAsync("VJOURNAL", Range("20260601T090000Z", "20260601T100000Z")));
        Assert.Equal("day", await FindAsync("VJOURNAL", Range("20260601T220000Z", "20260602T100000Z")));
        Assert.Equal("day moment", await FindAsync("VJOURNAL", Range("19700101T000000Z", null)));
    }

    [Theory]
    [InlineData("DTSTART", "20260601T090000Z", "20260601T090001Z", "both")]
    [InlineData("DTSTART", "20260601T090001Z", "20260601T100000Z", "")]
    [InlineData("DTEND", "20260601T100000Z", "20260601T100001Z", "both")]
    [InlineData("DTEND", "20260601T090000Z", "20260601T100000Z", "")]
    [InlineData("CREATED", "20260501T000000Z", "20260502T000000Z", "both")]
    [InlineData("LAST-MODIFIED", "20260501T000000Z", "20260502T000000Z", "")]
    [InlineData("DTSTAMP", "20260101T000000Z", "20260101T000001Z", "both")]
    public async Task A_range_on_a_property_is_about_its_value(string property, string start, string end, string expected)
    {
        await PutAsync("both", "VEVENT", "DTSTART:20260601T090000Z", "DURATION:PT1H", "CREATED:20260501T120000Z");
        Assert.Equal(expected, await FindAsync("VEVENT", $"<C:prop-filter name=\"{property}\">{Range(start, end)}</C:prop-filter>"));
    }

    [Fact]
    public async Task A_range_on_DTSTART_looks_at_every_occurrence()
    {
        await PutAsync("series", "VEVENT", "DTSTART:20260601T090000Z", "DTEND:20260601T100000Z", "RRULE:FREQ=DAILY");
        Assert.Equal("series", await FindAsync("VEVENT", $"<C:prop-filter name=\"DTSTART\">{Range("20260901T090000Z", "20260901T090001Z")}</C:prop-filter>"));
        Assert.Equal("", await FindAsync("VEVENT", $"<C:prop-filter name=\"DTSTART\">{Range("20260901T090001Z", "20260902T085959Z")}</C:prop-filter>"));
        Assert.Equal("series", await FindAsync("VEVENT", $"<C:prop-filter name=\"DTEND\">{Range("20260901T100000Z", "20260901T100001Z")}</C:prop-filter>"));
    }

    [Theory]
    [InlineData("", "valid-filter")]
    [InlineData(" start=\"20260602T000000Z\" end=\"20260601T000000Z\"", "valid-filter")]
    [InlineData(" start=\"20260601T000000Z\" end=\"20260601T000000Z\"", "valid-filter")]
    [InlineData(" start=\"20260601T000000\"", "valid-filter")]
    [InlineData(" start=\"20260601\"", "valid-filter")]
    [InlineData(" start=\"20260631T000000Z\"", "valid-filter")]
    [InlineData(" start=\"2026-06-01T00:00:00Z\"", "valid-filter")]
    [InlineData(" start=\"15000101T000000Z\"", "min-date-time")]
    [InlineData(" end=\"99990101T000000Z\"", "max-date-time")]
    public async Task A_range_that_is_none_is_refused(string attributes, string condition)
    {
        var answer = await QueryAsync($"<C:comp-filter name=\"VCALENDAR\"><C:comp-filter name=\"VEVENT\"><C:time-range{attributes}/></C:comp-filter></C:comp-filter>");
        Assert.Equal(403, answer.Status);
        Assert.True(answer.HasCondition(Condition(condition)), answer.Text);
    }

    [Fact]
    public async Task A_rule_of_every_second_is_answered_and_does_not_stop_the_others()
    {
        await PutAsync("plain", "VEVENT", "DTSTART:20260601T090000Z", "DURATION:PT1H");
        await PutAsync("hostile", "VEVENT", "DTSTART:20200101T000000Z", "DURATION:PT1S", "RRULE:FREQ=SECONDLY;BYMONTH=2;BYMONTHDAY=30");
        var watch = System.Diagnostics.Stopwatch.StartNew();
        Assert.Contains("plain", await EventsAsync("20260601T000000Z", "20260602T000000Z"), StringComparison.Ordinal);
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(10));
    }

    [Fact]
    public async Task A_single_event_that_an_override_replaces_is_found_where_it_was_moved_to_alone()
    {
        var alarm = new[] { "BEGIN:VALARM", "ACTION:AUDIO", "TRIGGER:-PT15M", "END:VALARM" };
        await PutTextAsync("moved", Calendar([
            "BEGIN:VEVENT", "UID:moved", "DTSTAMP:20260101T000000Z", "DTSTART:20260601T090000Z", "DURATION:PT1H", .. alarm, "END:VEVENT",
            "BEGIN:VEVENT", "UID:moved", "DTSTAMP:20260101T000000Z", "RECURRENCE-ID:20260601T090000Z", "DTSTART:20260603T090000Z", "DURATION:PT1H", .. alarm, "END:VEVENT",
        ]));
        foreach (var (day, found) in new[] { ("01", ""), ("03", "moved") })
        {
            var range = Range($"202606{day}T080000Z", $"202606{day}T110000Z");
            Assert.Equal(found, await FindAsync("VEVENT", range));
            Assert.Equal(found, await FindAsync("VEVENT", $"<C:prop-filter name=\"DTSTART\">{range}</C:prop-filter>"));
            Assert.Equal(found, await FindAsync("VEVENT", $"<C:prop-filter name=\"DTEND\">{range}</C:prop-filter>"));
            Assert.Equal(found, await FindAsync("VEVENT", $"<C:comp-filter name=\"VALARM\">{range}</C:comp-filter>"));
        }
    }

    private static string Series(string overridden, string movedTo) => Calendar(
        "BEGIN:VEVENT", "UID:series", "DTSTAMP:20260101T000000Z", "DTSTART:20260601T090000Z", "DURATION:PT1H", "RRULE:FREQ=WEEKLY", "SUMMARY:Weekly", "END:VEVENT",
        "BEGIN:VEVENT", "UID:series", "DTSTAMP:20260101T000000Z", $"RECURRENCE-ID:{overridden}", $"DTSTART:{movedTo}", "DURATION:PT1H", "SUMMARY:Moved", "END:VEVENT");
}
