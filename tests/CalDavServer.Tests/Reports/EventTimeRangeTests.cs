using CalDavServer.Tests.Hosting;
using Xunit;

namespace CalDavServer.Tests.Reports;

/// <summary>The five rows of the VEVENT table, the three of VJOURNAL and the two of VFREEBUSY in RFC 4791 §9.9, each tried where its condition changes.</summary>
public sealed class EventTimeRangeTests : ReportTest
{
    private const string D = "DTSTART:20260601T100000Z";
    private const string Day = "DTSTART;VALUE=DATE:20260601";

    private static readonly (string Component, string Lines, string? Start, string? End, bool Expected)[] Table =
    [
        // VEVENT 1: DTEND: (start < DTEND) AND (end > DTSTART)
        ("VEVENT", D + "|DTEND:20260601T120000Z", "115959", "130000", true),
        ("VEVENT", D + "|DTEND:20260601T120000Z", "120000", "130000", false),
        ("VEVENT", D + "|DTEND:20260601T120000Z", "090000", "100001", true),
        ("VEVENT", D + "|DTEND:20260601T120000Z", "090000", "100000", false),
        ("VEVENT", D + "|DTEND:20260601T120000Z", "103000", "110000", true),
        ("VEVENT", D + "|DTEND:20260601T120000Z", null, "100001", true),
        ("VEVENT", D + "|DTEND:20260601T120000Z", null, "100000", false),
        ("VEVENT", D + "|DTEND:20260601T120000Z", "115959", null, true),
        ("VEVENT", D + "|DTEND:20260601T120000Z", "120000", null, false),
        // 2: DURATION of more than nothing: (start < DTSTART+DURATION) AND (end > DTSTART)
        ("VEVENT", D + "|DURATION:PT2H", "115959", "130000", true),
        ("VEVENT", D + "|DURATION:PT2H", "120000", "130000", false),
        ("VEVENT", D + "|DURATION:PT2H", "090000", "100001", true),
        ("VEVENT", D + "|DURATION:PT2H", "090000", "100000", false),
        // 3: DURATION of nothing: (start <= DTSTART) AND (end > DTSTART)
        ("VEVENT", D + "|DURATION:PT0S", "100000", "100001", true),
        ("VEVENT", D + "|DURATION:PT0S", "100001", "110000", false),
        ("VEVENT", D + "|DURATION:PT0S", "090000", "100000", false),
        // 4: a DATE-TIME alone: the same
        ("VEVENT", D, "100000", "100001", true),
        ("VEVENT", D, "100001", "110000", false),
        ("VEVENT", D, "090000", "100000", false),
        // 5: a DATE alone: (start < DTSTART+P1D) AND (end > DTSTART)
        ("VEVENT", Day, "235959", "20260602T100000Z", true),
        ("VEVENT", Day, "20260602T000000Z", "20260602T100000Z", false),
        ("VEVENT", Day, "20260531T000000Z", "000001", true),
        ("VEVENT", Day, "20260531T000000Z", "000000", false),
        // DATE with DTEND and DURATION
        ("VEVENT", Day + "|DTEND;VALUE=DATE:20260603", "20260602T235959Z", "20260604T000000Z", true),
        ("VEVENT", Day + "|DTEND;VALUE=DATE:20260603", "20260603T000000Z", "20260604T000000Z", false),
        ("VEVENT", Day + "|DURATION:P2D", "20260602T235959Z", "20260604T000000Z", true),
        ("VEVENT", Day + "|DURATION:P2D", "20260603T000000Z", "20260604T000000Z", false),
        // a zone: 12:00 in New York is 16:00 UTC
        ("VEVENT", "DTSTART;TZID=America/New_York:20260601T120000|DTEND;TZID=America/New_York:20260601T130000", "160000", "160001", true),
        ("VEVENT", "DTSTART;TZID=America/New_York:20260601T120000|DTEND;TZID=America/New_York:20260601T130000", "170000", "180000", false),
        // start and end in two zones: a flight from 10:00 in Berlin (8:00 UTC) to 11:30 in Lisbon (10:30 UTC)
        ("VEVENT", "DTSTART;TZID=Europe/Berlin:20260601T100000|DTEND;TZID=Europe/Lisbon:20260601T113000", "102959", "110000", true),
        ("VEVENT", "DTSTART;TZID=Europe/Berlin:20260601T100000|DTEND;TZID=Europe/Lisbon:20260601T113000", "103000", "110000", false),
        // a day that has 23 hours and one that has 25
        ("VEVENT", "DTSTART;TZID=Europe/Berlin:20260328T120000|DURATION:P1D", "20260329T095959Z", "20260329T110000Z", true),
        ("VEVENT", "DTSTART;TZID=Europe/Berlin:20260328T120000|DURATION:P1D", "20260329T100000Z", "20260329T110000Z", false),
        ("VEVENT", "DTSTART;TZID=Europe/Berlin:20260328T120000|DURATION:PT24H", "20260329T105959Z", "20260329T120000Z", true),
        ("VEVENT", "DTSTART;TZID=Europe/Berlin:20261024T120000|DURATION:P1D", "20261025T105959Z", "20261025T120000Z", true),
        ("VEVENT", "DTSTART;TZID=Europe/Berlin:20261024T120000|DURATION:P1D", "20261025T110000Z", "20261025T120000Z", false),
        // VJOURNAL 1: a DATE-TIME: (start <= DTSTART) AND (end > DTSTART)
        ("VJOURNAL", D, "100000", "100001", true),
        ("VJOURNAL", D, "100001", "110000", false),
        ("VJOURNAL", D, "090000", "100000", false),
        // 2: a DATE: (start < DTSTART+P1D) AND (end > DTSTART)
        ("VJOURNAL", Day, "235959", "20260602T100000Z", true),
        ("VJOURNAL", Day, "20260602T000000Z", "20260602T100000Z", false),
        ("VJOURNAL", Day, "20260531T000000Z", "000001", true),
        ("VJOURNAL", Day, "20260531T000000Z", "000000", false),
        // 3: none: FALSE
        ("VJOURNAL", "SUMMARY:x", "19700101T000000Z", "20991231T000000Z", false),
        ("VJOURNAL", "SUMMARY:x", "19700101T000000Z", null, false),
        ("VJOURNAL", D + "|RRULE:FREQ=DAILY", "20260701T100000Z", "20260701T100001Z", true),
        ("VJOURNAL", D + "|RRULE:FREQ=DAILY", "20260701T100001Z", "20260702T100000Z", false),
        // VFREEBUSY 1: DTSTART and DTEND: (start <= DTEND) AND (end > DTSTART), whatever the FREEBUSY lines say
        ("VFREEBUSY", D + "|DTEND:20260601T120000Z", "120000", "130000", true),
        ("VFREEBUSY", D + "|DTEND:20260601T120000Z", "120001", "130000", false),
        ("VFREEBUSY", D + "|DTEND:20260601T120000Z", "090000", "100001", true),
        ("VFREEBUSY", D + "|DTEND:20260601T120000Z", "090000", "100000", false),
        ("VFREEBUSY", D + "|DTEND:20260601T120000Z|FREEBUSY:20260603T100000Z/PT1H", "20260603T100000Z", "20260603T110000Z", false),
        // 2: FREEBUSY alone: (start < freebusy-period-end) AND (end > freebusy-period-start) of one of the periods
        ("VFREEBUSY", "FREEBUSY:20260601T100000Z/PT2H,20260603T100000Z/20260603T110000Z", "115959", "130000", true),
        ("VFREEBUSY", "FREEBUSY:20260601T100000Z/PT2H,20260603T100000Z/20260603T110000Z", "120000", "20260603T100000Z", false),
        ("VFREEBUSY", "FREEBUSY:20260601T100000Z/PT2H,20260603T100000Z/20260603T110000Z", "20260603T105959Z", "20260603T120000Z", true),
        ("VFREEBUSY", "FREEBUSY:20260601T100000Z/PT2H|FREEBUSY;FBTYPE=FREE:20260605T100000Z/PT1H", "20260605T103000Z", "20260605T104000Z", true),
        ("VFREEBUSY", D + "|FREEBUSY:20260603T100000Z/PT1H", "100000", "110000", false),
        // 3: neither: FALSE
        ("VFREEBUSY", "COMMENT:x", "19700101T000000Z", null, false),
    ];

    [Fact]
    public async Task Every_row_of_the_tables_decides()
    {
        var calendar = await MakeCalendarAsync("all", "VEVENT", "VJOURNAL", "VFREEBUSY");
        var objects = Table.Select(row => (row.Component, row.Lines)).Distinct().ToList();
        for (var i = 0; i < objects.Count; i++) await StoreAsync(calendar, $"o{i}", Events.Component(objects[i].Component, $"o{i}", objects[i].Lines.Split('|')));
        foreach (var (component, lines, start, end, expected) in Table)
        {
            var filter = $"<C:comp-filter name=\"VCALENDAR\"><C:comp-filter name=\"{component}\">{Range(Time(start), Time(end))}</C:comp-filter></C:comp-filter>";
            var found = NamesOf(await QueryAsync(filter, path: Client.Calendar("all"))).Split(' ');
            Assert.True(found.Contains($"o{objects.IndexOf((component, lines))}") == expected, $"{component} {lines} {start} {end}");
        }
    }

    // a time of 1 June where no day is given
    private static string? Time(string? text) => text is { Length: 6 } ? $"20260601T{text}Z" : text;

    [Theory]
    [InlineData("DTSTART;TZID=Australia/Sydney:20260105T090000", "RRULE:FREQ=WEEKLY;BYDAY=MO", "29990107T210000Z", "29990107T220000Z")]
    [InlineData("DTSTART:20260105T090000Z", "RRULE:FREQ=DAILY", "29991230T090000Z", "29991230T093000Z")]
    [InlineData("DTSTART:20260105T090000Z", "RRULE:FREQ=MONTHLY;BYMONTHDAY=-1", "29990228T090000Z", "29990228T093000Z")]
    [InlineData("DTSTART;VALUE=DATE:20280229", "RRULE:FREQ=YEARLY", "29960229T090000Z", "29960229T093000Z")]
    [InlineData("DTSTART:20260105T090000Z", "RRULE:FREQ=HOURLY;INTERVAL=7", "29990101T000000Z", "29990101T080000Z")]
    public async Task An_endless_rule_is_found_in_the_last_years_there_are(string start, string rule, string from, string until)
    {
        await PutAsync("endless", "VEVENT", start, rule, "BEGIN:VALARM", "ACTION:DISPLAY", "DESCRIPTION:x", "TRIGGER:-PT0S", "END:VALARM");
        await PutAsync("ended", "VEVENT", start, rule + ";UNTIL=29900101" + (start.Contains("DATE", StringComparison.Ordinal) ? "" : "T000000Z"));
        var expected = start.Contains("Sydney", StringComparison.Ordinal) ? await SydneyAsync() : "endless";
        Assert.Equal(expected, await FindAsync("VEVENT", Range(from, until)));
        Assert.Equal("endless", await FindAsync("VEVENT", Range("29950101T000000Z", null)));
        Assert.Equal("endless", await FindAsync("VEVENT", $"<C:comp-filter name=\"VALARM\">{Range("29950101T000000Z", null)}</C:comp-filter>"));
        Assert.Equal("ended endless", await FindAsync("VEVENT", Range("29800101T000000Z", null)));
    }

    // 7 January 2999 is a Monday: 9:00 in Sydney is 22:00 UTC of the day before
    private async Task<string> SydneyAsync()
    {
        Assert.Equal("endless", await FindAsync("VEVENT", Range("29990106T220000Z", "29990106T220001Z")));
        Assert.Equal("", await FindAsync("VEVENT", Range("29990106T220001Z", "29990113T220000Z")));
        return "";
    }
}
