using Xunit;
using static Calendaring.Tests.Recurrence.Sets;

namespace Calendaring.Tests.Recurrence;

/// <summary>Rules of a series of days.</summary>
public class DateSeriesTests
{
    /// <summary>RFC 5545 §3.3.10: BYSECOND, BYMINUTE and BYHOUR must be ignored when DTSTART is a DATE.</summary>
    [Theory]
    [InlineData("FREQ=DAILY;BYHOUR=9,17;BYMINUTE=0,30;BYSECOND=1", "5 6 7 8")]
    [InlineData("FREQ=WEEKLY;BYDAY=MO,WE;BYHOUR=8", "5 7 12 14")]
    [InlineData("FREQ=WEEKLY;BYDAY=MO,WE;BYHOUR=8,9,10;COUNT=3", "5 7 12")]
    [InlineData("FREQ=MONTHLY;BYDAY=MO,TU;BYMINUTE=0,30;BYSETPOS=2,4", "5 6 13")]
    [InlineData("FREQ=DAILY;BYHOUR=23;UNTIL=20260107", "5 6 7")]
    [InlineData("FREQ=HOURLY;BYHOUR=9;COUNT=3", "5 6 7")]
    public void Parts_smaller_than_a_day_are_ignored(string rule, string days) => Check(rule, days);

    [Theory]
    [InlineData("FREQ=HOURLY", "5 6 7 8")]
    [InlineData("FREQ=HOURLY;COUNT=2", "5 6")]
    [InlineData("FREQ=MINUTELY;INTERVAL=7;BYDAY=FR", "5 9 16 23")]
    [InlineData("FREQ=SECONDLY;UNTIL=20260106", "5 6")]
    [InlineData("FREQ=HOURLY;INTERVAL=36", "5 6 8 9")]
    [InlineData("FREQ=MINUTELY;INTERVAL=2880;COUNT=3", "5 7 9")]
    public void A_day_has_one_occurrence_at_most_however_fine_the_rule(string rule, string days) => Check(rule, days);

    private static void Check(string rule, string days)
    {
        var expected = string.Join(' ', days.Split(' ').Select(day => $"202601{int.Parse(day, null):00}T000000Z"));
        var set = Set(NodaTime.DateTimeZone.Utc, $"VEVENT|DTSTART;VALUE=DATE:20260105|RRULE:{rule}");
        var found = set.Between("20260101T000000Z", "20260124T000000Z");
        Assert.Equal(expected, found.Take(days.Split(' ').Length).Starts());
        Assert.All(found, occurrence => Assert.True(occurrence.RecurrenceId!.Value.IsDate && occurrence.RecurrenceId == occurrence.StartTime && occurrence.StartTime.Local.TimeOfDay == NodaTime.LocalTime.Midnight));
        if (rule.Contains("COUNT", StringComparison.Ordinal) || rule.Contains("UNTIL", StringComparison.Ordinal))
        {
            Assert.Equal(expected, found.Starts());
            Assert.Equal((found[0].Start, found[^1].End), set.Bounds(new(100_000)));
        }
    }
}
