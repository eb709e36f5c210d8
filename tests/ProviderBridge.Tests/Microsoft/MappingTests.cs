using Calendaring.ICalendar;
using Calendaring.Occurrences;
using Calendaring.Recurrence;
using Calendaring.TimeZones;
using FsCheck.Fluent;
using Microsoft.Graph.Models;
using NodaTime;
using ProviderBridge.Microsoft;
using ProviderBridge.Sync;
using ProviderBridge.Tests.Mapping;

namespace ProviderBridge.Tests.Microsoft;

/// <summary>An appointment written to Microsoft and read back is the same appointment, or it is not written at all.</summary>
public sealed class An_appointment_at_Microsoft
{
    private static readonly DateTimeZone Melbourne = DateTimeZoneProviders.Tzdb["Australia/Melbourne"];

    private static readonly string[] Rules =
    [
        "FREQ=DAILY;COUNT=20", "FREQ=WEEKLY;COUNT=30", "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,TU,TH;WKST=SU", "FREQ=MONTHLY;BYDAY=2TU", "FREQ=MONTHLY;BYMONTHDAY=31", "FREQ=YEARLY", "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1",
        "FREQ=WEEKLY;UNTIL=20261101T235959Z", "FREQ=WEEKLY;UNTIL=20261101", "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29", "FREQ=DAILY;BYDAY=MO,TU,WE,TH,FR", "FREQ=DAILY;INTERVAL=3", "FREQ=MONTHLY", "FREQ=WEEKLY;BYDAY=MO,WE,FR;UNTIL=20270101T000000Z",
    ];

    [Fact]
    public void Comes_back_with_the_same_occurrences_and_the_same_words_or_is_not_written()
    {
        var (written, refused) = (0, 0);
        var calendar = new MicrosoftCalendar(null!, "", new("", ""), Melbourne, null!, SystemClock.Instance);
        foreach (var seed in Gen.Choose(0, 9_999_999).Sample(600, 1))
        {
            var content = Appointments.Make(new Random(seed), Rules);
            try
            {
                GraphWriter.Write(content, Melbourne);
            }
            catch (OutsideException rejected) when (rejected.Fault == OutsideFault.Rejected)
            {
                refused++;
                continue;
            }

            var back = calendar.Render(content);
            // tentative and free is one choice there
            List<string> before = [.. Appointments.View(content).Select(line => line.EndsWith(" True True", StringComparison.Ordinal) ? line[..^4] + "False" : line)];
            var after = Appointments.View(back);
            Assert.True(before.SequenceEqual(after), $"seed {seed}\n{Appointments.Text(content)}\n{Appointments.Text(back)}\n{string.Join('\n', before.Except(after))}\n--\n{string.Join('\n', after.Except(before))}");
            // what is read is stable: written again it is the same
            Assert.Equal(Appointments.Text(back), Appointments.Text(calendar.Render(back)));
            written++;
        }

        Assert.True(written > 200 && refused > 50, $"{written} {refused}");
    }

    [Theory]
    [InlineData("FREQ=DAILY;INTERVAL=2", "2026-03-02", RecurrencePatternType.Daily)]
    [InlineData("FREQ=DAILY;BYDAY=MO,TU,WE,TH,FR", "2026-03-02", RecurrencePatternType.Weekly)]
    [InlineData("FREQ=WEEKLY", "2026-03-02", RecurrencePatternType.Weekly)]
    [InlineData("FREQ=MONTHLY;BYMONTHDAY=28", "2026-03-28", RecurrencePatternType.AbsoluteMonthly)]
    [InlineData("FREQ=MONTHLY;BYMONTHDAY=-1", "2026-03-31", RecurrencePatternType.AbsoluteMonthly)]
    [InlineData("FREQ=MONTHLY;BYMONTHDAY=31;COUNT=1", "2026-03-31", RecurrencePatternType.AbsoluteMonthly)]
    [InlineData("FREQ=MONTHLY;BYDAY=-1FR", "2026-03-27", RecurrencePatternType.RelativeMonthly)]
    [InlineData("FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=2", "2026-03-03", RecurrencePatternType.RelativeMonthly)]
    [InlineData("FREQ=YEARLY", "2026-03-02", RecurrencePatternType.AbsoluteYearly)]
    [InlineData("FREQ=YEARLY;BYMONTH=3;BYDAY=1MO", "2026-03-02", RecurrencePatternType.RelativeYearly)]
    public void Has_the_pattern_that_means_the_same(string rule, string start, RecurrencePatternType expected)
    {
        var written = GraphRule.Write(rule, NodaTime.Text.LocalDatePattern.Iso.Parse(start).Value.At(new LocalTime(9, 0)), Melbourne);
        Assert.Equal(expected, written?.Pattern?.Type);
        // Graph's weeks begin on Sunday unless it is told otherwise
        if (expected == RecurrencePatternType.Weekly) Assert.Equal(DayOfWeekObject.Monday, written!.Pattern!.FirstDayOfWeek);
    }

    [Theory]
    [InlineData("FREQ=MONTHLY;BYMONTHDAY=31", "2026-03-31")]
    [InlineData("FREQ=MONTHLY;BYMONTHDAY=30", "2026-03-30")]
    [InlineData("FREQ=MONTHLY", "2026-03-29")]
    [InlineData("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29", "2028-02-29")]
    [InlineData("FREQ=MONTHLY;BYMONTHDAY=1,15", "2026-03-01")]
    [InlineData("FREQ=MONTHLY;BYDAY=5MO", "2026-03-30")]
    [InlineData("FREQ=MONTHLY;BYDAY=2MO,4MO", "2026-03-09")]
    [InlineData("FREQ=YEARLY;BYMONTH=3,9", "2026-03-02")]
    [InlineData("FREQ=YEARLY;BYWEEKNO=10", "2026-03-02")]
    [InlineData("FREQ=YEARLY;BYYEARDAY=100", "2026-04-10")]
    [InlineData("FREQ=DAILY;BYHOUR=9,15", "2026-03-02")]
    [InlineData("FREQ=HOURLY", "2026-03-02")]
    [InlineData("FREQ=DAILY;INTERVAL=2;BYDAY=MO,TU", "2026-03-02")]
    [InlineData("FREQ=WEEKLY;BYDAY=TU", "2026-03-02")] // begun on a day that does not fit: Exchange would move it
    [InlineData("FREQ=MONTHLY;BYMONTHDAY=31;SKIP=BACKWARD;RSCALE=GREGORIAN", "2026-03-31")]
    public void Has_no_pattern_where_Microsoft_would_take_other_days(string rule, string start) =>
        Assert.Null(GraphRule.Write(rule, NodaTime.Text.LocalDatePattern.Iso.Parse(start).Value.At(new LocalTime(9, 0)), Melbourne));

    [Theory]
    [InlineData("Australia/Melbourne", "AUS Eastern Standard Time")]
    [InlineData("Australia/Sydney", "AUS Eastern Standard Time")]
    [InlineData("Europe/Paris", "Romance Standard Time")]
    [InlineData("Europe/Berlin", "W. Europe Standard Time")]
    [InlineData("Asia/Calcutta", "India Standard Time")]
    [InlineData("Asia/Kolkata", "India Standard Time")]
    [InlineData("UTC", "UTC")]
    [InlineData("Antarctica/Troll", null)]
    public void Is_in_the_zone_of_Windows_and_back_in_the_practices_own(string id, string? name)
    {
        var zone = id == "UTC" ? DateTimeZone.Utc : DateTimeZoneProviders.Tzdb[id];
        Assert.Equal(name, GraphZone.NameOf(zone));
        if (name is not null) Assert.Equal(id, GraphZone.Find(name, zone).Id);
        Assert.Equal(Melbourne, GraphZone.Find("tzone://Microsoft/Custom", Melbourne));
        Assert.Equal(DateTimeZone.Utc, GraphZone.Find("tzone://Microsoft/Utc", Melbourne));
    }

    /// <summary>Graph's times have no offset: what is written must not depend on which of the two hours somebody takes it for.</summary>
    [Theory]
    [InlineData("America/New_York", "20261101T003000", 60, "")] // until the first 01:30
    [InlineData("America/New_York", "20261101T003000", 120, "")] // until the second
    [InlineData("America/New_York", "20261101T013000", 30, "")]
    [InlineData("America/New_York", "20261101T013000", 60, "")] // from the first to the second
    [InlineData("Australia/Melbourne", "20260405T013000", 60, "")]
    [InlineData("Australia/Melbourne", "20260405T013000", 120, "")]
    [InlineData("Australia/Melbourne", "20260405T023000", 60, "")]
    [InlineData("America/New_York", "20261101T003000", 120, "RRULE:FREQ=WEEKLY;COUNT=3\r\n")]
    [InlineData("Australia/Melbourne", "20260405T013000", 60, "RRULE:FREQ=WEEKLY;COUNT=3\r\n")]
    [InlineData("Australia/Melbourne", "20260405T013000", 120, "RRULE:FREQ=WEEKLY;COUNT=3\r\n")]
    public void Is_as_long_as_before_where_it_ends_in_the_hour_that_comes_twice(string zone, string start, int minutes, string rule)
    {
        var content = Appointments.Parse($"DTSTART;TZID={zone}:{start}\r\nDURATION:PT{minutes}M\r\nSUMMARY:One\r\n{rule}");
        var written = GraphWriter.Write(content, Melbourne).Master;
        Assert.Equal(Duration.FromMinutes(minutes), Strictly(written.End!) - Strictly(written.Start!));
        Assert.Equal(Appointments.View(content), Appointments.View(new MicrosoftCalendar(null!, "", new("", ""), Melbourne, null!, SystemClock.Instance).Render(content)));
        static Instant Strictly(DateTimeTimeZone time) => NodaTime.Text.LocalDateTimePattern.ExtendedIso.Parse(time.DateTime!).Value.InZoneStrictly(GraphZone.Find(time.TimeZone, Melbourne)).ToInstant();
    }

    /// <summary>From the second of the two hours, as a person made it there: it repeats from the first, and no occurrence is longer by that.</summary>
    [Theory]
    [InlineData("Eastern Standard Time", "2026-11-01T06:30:00", "2026-11-01T07:30:00")]
    [InlineData("AUS Eastern Standard Time", "2026-04-04T16:30:00", "2026-04-04T17:30:00")]
    public void Is_as_long_as_at_Microsoft_where_a_series_begins_in_the_second_of_the_two_hours(string zone, string start, string end)
    {
        var series = new Event
        {
            Start = new DateTimeTimeZone { DateTime = start, TimeZone = "UTC" },
            End = new DateTimeTimeZone { DateTime = end, TimeZone = "UTC" },
            OriginalStartTimeZone = zone,
            Recurrence = GraphRule.Write("FREQ=WEEKLY;COUNT=3", NodaTime.Text.LocalDateTimePattern.ExtendedIso.Parse(start).Value.InUtc().WithZone(GraphZone.Find(zone, Melbourne)).LocalDateTime, GraphZone.Find(zone, Melbourne)),
        };
        var read = GraphReader.Read(GraphSeries.Single(series), "a", Melbourne)!;
        var all = RecurrenceSet.Of(read, new ZoneResolver(read.Calendar, Melbourne)).Between(Instant.FromUtc(2026, 1, 1, 0, 0), Instant.FromUtc(2027, 1, 1, 0, 0), new ExpansionBudget(ExpansionBudget.DefaultSteps)).ToList();
        Assert.Equal(3, all.Count);
        Assert.All(all, one => Assert.Equal(Duration.FromHours(1), one.End - one.Start));
    }

    [Fact]
    public void Is_not_broken_by_what_a_calendar_should_not_have()
    {
        var odd = new Event { Subject = "a\rEND:VEVENT\u0000", Body = new ItemBody { Content = "<p>b &amp; c</p>\r\n" }, Start = new DateTimeTimeZone { DateTime = "2026-03-03T10:00:00.0000000", TimeZone = "Nowhere" }, End = new DateTimeTimeZone { DateTime = "nonsense" }, OriginalStartTimeZone = "tzone://Microsoft/Custom", Sensitivity = Sensitivity.Confidential };
        var text = Appointments.Text(GraphReader.Read(new GraphSeries(odd, [new Event()], new HashSet<LocalDate>()), "a", Melbourne)!);
        Assert.Contains("SUMMARY:a\\nEND:VEVENT\r\n", text, StringComparison.Ordinal);
        Assert.Contains("DESCRIPTION:b & c\r\n", text, StringComparison.Ordinal);
        Assert.Contains("CLASS:PRIVATE\r\n", text, StringComparison.Ordinal);
        Assert.Null(GraphReader.Read(GraphSeries.Single(new Event { Start = new DateTimeTimeZone { DateTime = "3 March" } }), "a", Melbourne));
        Assert.Null(GraphReader.Read(GraphSeries.Single(new Event { Start = odd.Start, Recurrence = new PatternedRecurrence() }), "a", Melbourne));
    }
}
