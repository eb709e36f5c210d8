using System.Globalization;
using Xunit;
using static Calendaring.Tests.Recurrence.Expansion;

namespace Calendaring.Tests.Recurrence;

/// <summary>BYWEEKNO (RFC 5545 §3.3.10): week 1 is the first with at least four days in its year; weeks begin as WKST says.</summary>
public class WeekNumberTests
{
    private const int First = 1990;
    private const int Last = 2060;
    private static readonly DayOfWeek[] Days = [DayOfWeek.Monday, DayOfWeek.Tuesday, DayOfWeek.Wednesday, DayOfWeek.Thursday, DayOfWeek.Friday, DayOfWeek.Saturday, DayOfWeek.Sunday];

    [Theory]
    [InlineData(1)]
    [InlineData(20)]
    [InlineData(52)]
    [InlineData(53)]
    [InlineData(-1)]
    [InlineData(-52)]
    [InlineData(-53)]
    public void Weeks_from_Monday_are_those_of_ISO_8601(int week) =>
        Check(week, "MO", date => (ISOWeek.GetWeekOfYear(date), ISOWeek.GetWeeksInYear(ISOWeek.GetYear(date))));

    [Theory]
    [InlineData("MO")]
    [InlineData("TU")]
    [InlineData("WE")]
    [InlineData("TH")]
    [InlineData("FR")]
    [InlineData("SA")]
    [InlineData("SU")]
    public void Weeks_from_any_day_are_as_counted_day_by_day(string start)
    {
        var counted = new Dictionary<DateTime, (int Week, int Of)>();
        for (var date = new DateTime(First, 1, 1); date.Year <= Last; date = date.AddDays(1)) counted[date] = Count(date, start);
        foreach (var week in new[] { 1, 2, 52, 53, -1, -52, -53 }) Check(week, start, date => counted[date]);
    }

    // all days of a week, as far as they are in the calendar year that the rule's period is
    private static void Check(int week, string start, Func<DateTime, (int Week, int Of)> numberOf)
    {
        var expected = new List<DateTime>();
        for (var date = new DateTime(First, 1, 1); date.Year <= Last; date = date.AddDays(1))
        {
            var (number, of) = numberOf(date);
            if (number == (week > 0 ? week : of + 1 + week)) expected.Add(date);
        }

        Assert.NotEmpty(expected);
        var begin = expected[0].ToString("yyyyMMdd", CultureInfo.InvariantCulture);
        var found = Expand(begin, $"FREQ=YEARLY;BYWEEKNO={week};BYDAY=MO,TU,WE,TH,FR,SA,SU;WKST={start};UNTIL={Last}1231", 10_000);
        Assert.Equal(expected, found.Select(time => time.ToDateTimeUnspecified()));
    }

    // the week of a date is numbered in the year that has at least four of its days: the one of its fourth day
    private static (int Week, int Of) Count(DateTime date, string start)
    {
        var first = Days[Array.IndexOf(["MO", "TU", "WE", "TH", "FR", "SA", "SU"], start)];
        while (date.DayOfWeek != first) date = date.AddDays(-1);
        var fourth = date.AddDays(3);
        var (week, of) = (0, 0);
        for (var day = new DateTime(fourth.Year, 1, 1); day.Year == fourth.Year; day = day.AddDays(1))
        {
            if (day.DayOfWeek != fourth.DayOfWeek) continue;
            of++;
            if (day <= fourth) week = of;
        }

        return (week, of);
    }
}
