using Xunit;

namespace CalDavServer.Tests.Reports;

/// <summary>CALDAV:time-range over VALARM (RFC 4791 §9.9).</summary>
public sealed class AlarmTimeRangeTests : ReportTest
{
    private const string Event = "DTSTART:20260601T090000Z|DTEND:20260601T100000Z";

    [Theory]
    [InlineData(Event, "TRIGGER:-PT15M", "20260601T084500Z", "20260601T084501Z", true)]
    [InlineData(Event, "TRIGGER:-PT15M", "20260601T084501Z", "20260601T090000Z", false)]
    [InlineData(Event, "TRIGGER:-PT15M", "20260601T080000Z", "20260601T084500Z", false)]
    [InlineData(Event, "TRIGGER;RELATED=END:PT5M", "20260601T100500Z", "20260601T100501Z", true)]
    [InlineData(Event, "TRIGGER;RELATED=END:PT5M", "20260601T090500Z", "20260601T090501Z", false)]
    [InlineData(Event, "TRIGGER;VALUE=DATE-TIME:20250101T000000Z", "20250101T000000Z", "20250101T000001Z", true)]
    [InlineData(Event, "TRIGGER;VALUE=DATE-TIME:20250101T000000Z", "20260601T000000Z", "20260602T000000Z", false)]
    [InlineData(Event, "TRIGGER:-P1W", "20260525T090000Z", "20260525T090001Z", true)]
    // repeated: at 8:00, 8:10, 8:20, 8:30
    [InlineData(Event, "TRIGGER:-PT1H|REPEAT:3|DURATION:PT10M", "20260601T082500Z", "20260601T083001Z", true)]
    [InlineData(Event, "TRIGGER:-PT1H|REPEAT:3|DURATION:PT10M", "20260601T082001Z", "20260601T083000Z", false)]
    [InlineData(Event, "TRIGGER:-PT1H|REPEAT:3|DURATION:PT10M", "20260601T083001Z", "20260601T090000Z", false)]
    [InlineData(Event, "TRIGGER:-PT1H|REPEAT:2000000000|DURATION:PT10M", "20260701T000000Z", "20260701T001000Z", true)]
    // a series: an alarm for each occurrence, also one that lies outside the range itself
    [InlineData(Event + "|RRULE:FREQ=DAILY", "TRIGGER:-PT15M", "20270601T084500Z", "20270601T084501Z", true)]
    [InlineData(Event + "|RRULE:FREQ=DAILY", "TRIGGER:-PT15M", "20270601T084501Z", "20270602T084500Z", false)]
    [InlineData(Event + "|RRULE:FREQ=WEEKLY", "TRIGGER:-P3D", "20260605T090000Z", "20260605T090001Z", true)]
    [InlineData(Event + "|RRULE:FREQ=DAILY;COUNT=2", "TRIGGER:-PT15M", "20260603T000000Z", null, false)]
    [InlineData(Event + "|RRULE:FREQ=DAILY", "TRIGGER;RELATED=END:-PT5M", "20270601T095500Z", "20270601T095501Z", true)]
    [InlineData("DTSTART:20260601T090000Z|RRULE:FREQ=DAILY", "TRIGGER:-PT1H|REPEAT:3|DURATION:PT10M", "20270601T083000Z", "20270601T083001Z", true)]
    [InlineData("DTSTART:20260601T090000Z|RRULE:FREQ=DAILY", "TRIGGER:-PT1H|REPEAT:3|DURATION:PT10M", "20270601T083001Z", "20270602T080000Z", false)]
    // all-day: from the midnight of the day, here in UTC
    [InlineData("DTSTART;VALUE=DATE:20260601", "TRIGGER:PT9H", "20260601T090000Z", "20260601T090001Z", true)]
    [InlineData("DTSTART;VALUE=DATE:20260601", "TRIGGER;RELATED=END:-PT1H", "20260601T230000Z", "20260601T230001Z", true)]
    // a day before is the same time of day, though the clocks changed (28 March 2026, 9:00 in Berlin is 8:00 UTC)
    [InlineData("DTSTART;TZID=Europe/Berlin:20260329T090000|DURATION:PT1H", "TRIGGER:-P1D", "20260328T080000Z", "20260328T080001Z", true)]
    [InlineData("DTSTART;TZID=Europe/Berlin:20260329T090000|DURATION:PT1H", "TRIGGER:-PT24H", "20260328T070000Z", "20260328T070001Z", true)]
    public async Task A_trigger_counts_where_it_goes_off(string lines, string alarm, string start, string? end, bool expected)
    {
        await PutAsync("alarm", "VEVENT", [.. lines.Split('|'), "BEGIN:VALARM", "ACTION:DISPLAY", "DESCRIPTION:x", .. alarm.Split('|'), "END:VALARM"]);
        Assert.Equal(expected ? "alarm" : "", await FindAsync("VEVENT", $"<C:comp-filter name=\"VALARM\">{Range(start, end)}</C:comp-filter>"));
    }

    [Fact]
    public async Task An_alarm_of_an_override_goes_off_by_the_override()
    {
        await PutTextAsync("series", Calendar(
            "BEGIN:VEVENT", "UID:series", "DTSTAMP:20260101T000000Z", "DTSTART:20260601T090000Z", "DURATION:PT1H", "RRULE:FREQ=DAILY", "END:VEVENT",
            "BEGIN:VEVENT", "UID:series", "DTSTAMP:20260101T000000Z", "RECURRENCE-ID:20260603T090000Z", "DTSTART:20260603T150000Z", "DURATION:PT1H",
            "BEGIN:VALARM", "ACTION:DISPLAY", "DESCRIPTION:x", "TRIGGER:-PT10M", "END:VALARM", "END:VEVENT"));
        Assert.Equal("series", await AlarmsAsync("20260603T145000Z", "20260603T145001Z"));
        Assert.Equal("", await AlarmsAsync("20260603T085000Z", "20260603T085001Z"));
        Assert.Equal("", await AlarmsAsync("20260604T000000Z", null));
    }

    [Fact]
    public async Task An_alarm_goes_off_for_the_occurrences_of_its_own_component_only()
    {
        await PutTextAsync("series", Calendar([
            "BEGIN:VEVENT", "UID:series", "DTSTAMP:20260101T000000Z", "DTSTART:20260601T090000Z", "DURATION:PT1H", "RRULE:FREQ=DAILY", "EXDATE:20260602T090000Z", .. Alarm("TRIGGER:-PT10M"), "END:VEVENT",
            "BEGIN:VEVENT", "UID:series", "DTSTAMP:20260101T000000Z", "RECURRENCE-ID:20260603T090000Z", "DTSTART:20260603T150000Z", "DURATION:PT1H", "END:VEVENT",
            "BEGIN:VEVENT", "UID:series", "DTSTAMP:20260101T000000Z", "RECURRENCE-ID;RANGE=THISANDFUTURE:20260605T090000Z", "DTSTART:20260605T110000Z", "DURATION:PT1H", "END:VEVENT",
            "BEGIN:VEVENT", "UID:series", "DTSTAMP:20260101T000000Z", "RECURRENCE-ID;RANGE=THISANDFUTURE:20260608T090000Z", "DTSTART:20260608T130000Z", "DURATION:PT1H", .. Alarm("TRIGGER;RELATED=END:PT0S"), "END:VEVENT"]));
        Assert.Equal("series", await AlarmsAsync("20260601T085000Z", "20260601T085001Z"));
        Assert.Equal("", await AlarmsAsync("20260602T000000Z", "20260604T000000Z"));
        Assert.Equal("series", await AlarmsAsync("20260604T085000Z", "20260604T085001Z"));
        Assert.Equal("", await AlarmsAsync("20260604T085001Z", "20260608T140000Z"));
        Assert.Equal("series", await AlarmsAsync("20280608T140000Z", "20280608T140001Z"));
        Assert.Equal("", await AlarmsAsync("20280608T140001Z", "20280609T140000Z"));
    }

    [Fact]
    public async Task An_alarm_of_occurrences_that_are_past_is_not_looked_for_among_those_that_never_end()
    {
        await PutTextAsync("series", Calendar([
            "BEGIN:VEVENT", "UID:series", "DTSTAMP:20260101T000000Z", "DTSTART:20260601T090000Z", "DURATION:PT1H", "RRULE:FREQ=DAILY", .. Alarm("TRIGGER:-PT10M"), "END:VEVENT",
            "BEGIN:VEVENT", "UID:series", "DTSTAMP:20260101T000000Z", "RECURRENCE-ID;RANGE=THISANDFUTURE:20260602T090000Z", "DTSTART:20260602T090000Z", "DURATION:PT1H", "END:VEVENT"]));
        Assert.Equal("series", await AlarmsAsync("20260601T000000Z", null));
        Assert.Equal("", await AlarmsAsync("20260602T000000Z", null));
    }

    [Fact]
    public async Task Repeated_and_absolute_triggers_of_masters_and_overrides_go_off_where_they_say()
    {
        await PutTextAsync("series", Calendar([
            "BEGIN:VEVENT", "UID:series", "DTSTAMP:20260101T000000Z", "DTSTART:20260601T090000Z", "DURATION:PT1H", "RRULE:FREQ=WEEKLY",
            .. Alarm("TRIGGER:-PT1H", "REPEAT:2", "DURATION:PT20M"), .. Alarm("TRIGGER;VALUE=DATE-TIME:20250101T000000Z", "REPEAT:1", "DURATION:PT1H"), "END:VEVENT",
            "BEGIN:VEVENT", "UID:series", "DTSTAMP:20260101T000000Z", "RECURRENCE-ID:20260608T090000Z", "DTSTART:20260610T090000Z", "DURATION:PT1H",
            .. Alarm("TRIGGER;RELATED=END:PT1H", "REPEAT:1", "DURATION:P1D"), .. Alarm("TRIGGER;VALUE=DATE-TIME:20250301T000000Z"), "END:VEVENT"]));
        foreach (var (moment, goesOff) in new[]
        {
            ("20260615T080000Z", true), ("20260615T082000Z", true), ("20260615T084000Z", true), ("20260615T090000Z", false), ("20260608T080000Z", false),
            ("20260610T110000Z", true), ("20260611T110000Z", true), ("20260612T110000Z", false), ("20260610T080000Z", false),
            ("20250101T000000Z", true), ("20250101T010000Z", true), ("20250101T020000Z", false), ("20250301T000000Z", true),
        })
        {
            Assert.True((await AlarmsAsync(moment, moment[..^2] + "1Z") == "series") == goesOff, moment);
        }
    }

    [Fact]
    public async Task Alarms_of_to_dos_are_reckoned_from_their_start_or_due_time()
    {
        await PutAsync("todo", "VTODO", ["DTSTART:20260601T090000Z", "DUE:20260601T120000Z", .. Alarm("TRIGGER;RELATED=END:-PT30M"), .. Alarm("TRIGGER;RELATED=START:PT30M")]);
        await PutAsync("due", "VTODO", ["DUE:20260602T120000Z", .. Alarm("TRIGGER;RELATED=END:-PT30M")]);
        await PutAsync("lasting", "VTODO", ["DTSTART:20260603T090000Z", "DURATION:PT3H", .. Alarm("TRIGGER;RELATED=END:-PT30M")]);
        foreach (var (moment, expected) in new[] { ("20260601T113000Z", "todo"), ("20260601T093000Z", "todo"), ("20260602T113000Z", "due"), ("20260603T113000Z", "lasting"), ("20260601T120000Z", "") })
            Assert.Equal(expected, await FindAsync("VTODO", $"<C:comp-filter name=\"VALARM\">{Range(moment, moment[..^2] + "1Z")}</C:comp-filter>"));
    }

    private static string[] Alarm(params string[] lines) => ["BEGIN:VALARM", "ACTION:DISPLAY", "DESCRIPTION:x", .. lines, "END:VALARM"];

    [Fact]
    public async Task Components_without_an_alarm_are_asked_for_with_is_not_defined()
    {
        await PutAsync("with", "VEVENT", [.. Event.Split('|'), "BEGIN:VALARM", "ACTION:DISPLAY", "DESCRIPTION:x", "TRIGGER:-PT10M", "END:VALARM"]);
        await PutAsync("without", "VEVENT", Event.Split('|'));
        Assert.Equal("without", await FindAsync("VEVENT", "<C:comp-filter name=\"VALARM\"><C:is-not-defined/></C:comp-filter>"));
        Assert.Equal("with", await FindAsync("VEVENT", "<C:comp-filter name=\"VALARM\"/>"));
        Assert.Equal("with", await FindAsync("VEVENT", "<C:comp-filter name=\"VALARM\"><C:prop-filter name=\"ACTION\"><C:text-match>display</C:text-match></C:prop-filter></C:comp-filter>"));
    }

    private Task<string> AlarmsAsync(string start, string? end) => FindAsync("VEVENT", $"<C:comp-filter name=\"VALARM\">{Range(start, end)}</C:comp-filter>");
}
