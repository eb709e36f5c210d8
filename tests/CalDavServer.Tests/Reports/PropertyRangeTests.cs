using Xunit;

namespace CalDavServer.Tests.Reports;

/// <summary>time-range in a prop-filter (RFC 4791 §9.7.2, §9.9): of values that are a DATE, a DATE-TIME or a PERIOD, of each occurrence, and of an end that is not written.</summary>
public sealed class PropertyRangeTests : ReportTest
{
    private static string Ranged(string property, string start, string end) => $"<C:prop-filter name=\"{property}\">{Range(start, end)}</C:prop-filter>";

    [Fact]
    public async Task Each_form_of_a_value_lies_where_it_is()
    {
        await PutAsync("utc", "VEVENT", "DTSTART:20260601T090000Z", "CREATED:20260501T090000Z", "LAST-MODIFIED:20260502T090000Z");
        await PutAsync("zone", "VEVENT", "DTSTART;TZID=Europe/Berlin:20260601T090000", "DTEND;TZID=America/New_York:20260601T090000");
        await PutAsync("day", "VEVENT", "DTSTART;VALUE=DATE:20260601", "DTEND;VALUE=DATE:20260603");
        await PutAsync("floating", "VEVENT", "DTSTART:20260601T090000");
        foreach (var (property, moment, expected) in new[]
        {
            ("DTSTART", "20260601T090000Z", "floating utc"), ("DTSTART", "20260601T070000Z", "zone"), ("DTSTART", "20260601T000000Z", "day"),
            ("DTEND", "20260601T130000Z", "zone"), ("DTEND", "20260603T000000Z", "day"), ("CREATED", "20260501T090000Z", "utc"),
            ("LAST-MODIFIED", "20260502T090000Z", "utc"), ("DTSTAMP", "20260101T000000Z", "day floating utc zone"),
        })
        {
            Assert.Equal(expected, await FindAsync("VEVENT", Ranged(property, moment, moment[..^2] + "1Z")));
            var before = moment[..^3] == "20260101T0000" ? "20251231T235959Z" : "20260101T000001Z";
            Assert.Equal("", string.Join(' ', (await FindAsync("VEVENT", Ranged(property, before, moment))).Split(' ').Intersect(expected.Split(' '))));
        }
    }

    [Fact]
    public async Task To_dos_are_found_by_when_they_are_due_and_were_done()
    {
        await PutAsync("due", "VTODO", "DUE:20260601T120000Z");
        await PutAsync("lasting", "VTODO", "DTSTART:20260601T100000Z", "DURATION:PT2H");
        await PutAsync("day", "VTODO", "DUE;VALUE=DATE:20260601", "COMPLETED:20260601T120000Z");
        await PutAsync("daily", "VTODO", "DTSTART:20260101T100000Z", "DUE:20260101T120000Z", "RRULE:FREQ=DAILY");
        Assert.Equal("daily due lasting", await FindAsync("VTODO", Ranged("DUE", "20260601T120000Z", "20260601T120001Z")));
        Assert.Equal("day", await FindAsync("VTODO", Ranged("DUE", "20260601T000000Z", "20260601T000001Z")));
        Assert.Equal("", await FindAsync("VTODO", Ranged("DUE", "20260601T120001Z", "20260602T110000Z")));
        Assert.Equal("day", await FindAsync("VTODO", Ranged("COMPLETED", "20260601T120000Z", "20260601T120001Z")));
        Assert.Equal("", await FindAsync("VTODO", Ranged("DTEND", "19700101T000000Z", "20990101T000000Z")));
    }

    [Fact]
    public async Task Values_that_are_lists_or_periods_lie_where_one_of_them_does()
    {
        await PutAsync("series", "VEVENT", "DTSTART:20260601T090000Z", "DURATION:PT1H", "RRULE:FREQ=DAILY", "EXDATE:20260603T090000Z,20260605T090000Z", "RDATE;VALUE=PERIOD:20260610T150000Z/PT2H");
        Assert.Equal("series", await FindAsync("VEVENT", Ranged("EXDATE", "20260605T090000Z", "20260605T090001Z")));
        Assert.Equal("", await FindAsync("VEVENT", Ranged("EXDATE", "20260605T090001Z", "20260606T090001Z")));
        Assert.Equal("series", await FindAsync("VEVENT", Ranged("RDATE", "20260610T165959Z", "20260610T180000Z")));
        Assert.Equal("", await FindAsync("VEVENT", Ranged("RDATE", "20260610T170000Z", "20260610T180000Z")));

        var calendar = await MakeCalendarAsync("busy", "VFREEBUSY");
        await StoreAsync(calendar, "busy", Hosting.Events.Component("VFREEBUSY", "busy", "FREEBUSY:20260601T090000Z/PT1H,20260602T090000Z/20260602T100000Z"));
        async Task<string> BusyAsync(string start, string end) =>
            NamesOf(await QueryAsync($"<C:comp-filter name=\"VCALENDAR\"><C:comp-filter name=\"VFREEBUSY\">{Ranged("FREEBUSY", start, end)}</C:comp-filter></C:comp-filter>", path: Client.Calendar("busy")));
        Assert.Equal("busy", await BusyAsync("20260602T095959Z", "20260603T000000Z"));
        Assert.Equal("", await BusyAsync("20260601T100000Z", "20260602T090000Z"));
    }

    [Fact]
    public async Task An_override_is_found_by_the_occurrence_it_overrides()
    {
        await PutTextAsync("series", Calendar(
            "BEGIN:VEVENT", "UID:series", "DTSTAMP:20260101T000000Z", "DTSTART:20260601T090000Z", "DURATION:PT1H", "RRULE:FREQ=DAILY;COUNT=5", "END:VEVENT",
            "BEGIN:VEVENT", "UID:series", "DTSTAMP:20260101T000000Z", "RECURRENCE-ID:20260603T090000Z", "DTSTART:20260620T150000Z", "DURATION:PT1H", "END:VEVENT"));
        Assert.Equal("series", await FindAsync("VEVENT", Ranged("RECURRENCE-ID", "20260603T090000Z", "20260603T090001Z")));
        Assert.Equal("", await FindAsync("VEVENT", Ranged("RECURRENCE-ID", "20260604T090000Z", "20260630T090001Z")));
        Assert.Equal("", await FindAsync("VEVENT", Ranged("DTSTART", "20260603T090000Z", "20260603T090001Z")));
        Assert.Equal("series", await FindAsync("VEVENT", Ranged("DTEND", "20260620T160000Z", "20260620T160001Z")));
    }

    [Fact]
    public async Task A_range_stands_beside_other_conditions_of_the_property()
    {
        await PutAsync("berlin", "VEVENT", "DTSTART;TZID=Europe/Berlin:20260601T090000");
        await PutAsync("utc", "VEVENT", "DTSTART:20260601T070000Z");
        var range = Range("20260601T070000Z", "20260601T070001Z");
        var zone = "<C:param-filter name=\"TZID\"><C:text-match>berlin</C:text-match></C:param-filter>";
        Assert.Equal("berlin utc", await FindAsync("VEVENT", $"<C:prop-filter name=\"DTSTART\">{range}</C:prop-filter>"));
        Assert.Equal("berlin", await FindAsync("VEVENT", $"<C:prop-filter name=\"DTSTART\">{range}{zone}</C:prop-filter>"));
        Assert.Equal("utc", await FindAsync("VEVENT", $"<C:prop-filter name=\"DTSTART\">{range}<C:param-filter name=\"TZID\"><C:is-not-defined/></C:param-filter></C:prop-filter>"));
        Assert.Equal("berlin utc", await FindAsync("VEVENT", $"<C:prop-filter name=\"DTSTART\" test=\"anyof\">{range}{zone}</C:prop-filter>"));
        Assert.Equal("berlin", await FindAsync("VEVENT", $"<C:prop-filter name=\"DTSTART\" test=\"anyof\">{Range("20300101T000000Z", null)}{zone}</C:prop-filter>"));
    }
}
