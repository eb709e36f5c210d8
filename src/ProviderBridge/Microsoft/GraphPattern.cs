using System.Globalization;
using Calendaring.Recurrence;
using Microsoft.Graph.Models;
using NodaTime;

namespace ProviderBridge.Microsoft;

/// <summary>
/// What a series repeats on, without its end. Where a month has no such day Graph takes its last, and iCalendar leaves the month out: a pattern is read as the rule that says what Graph does.
/// </summary>
internal static class GraphPattern
{
    private static readonly DayOfWeekObject[] Days = [DayOfWeekObject.Monday, DayOfWeekObject.Tuesday, DayOfWeekObject.Wednesday, DayOfWeekObject.Thursday, DayOfWeekObject.Friday, DayOfWeekObject.Saturday, DayOfWeekObject.Sunday];
    private static readonly string[] Names = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"];
    private static readonly int[] Longest = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

    /// <summary>Writes what a rule repeats on; null where Graph has nothing like it.</summary>
    public static RecurrencePattern? Write(RecurrenceRule rule, LocalDate start)
    {
        if (rule.BySecond.Count + rule.ByMinute.Count + rule.ByHour.Count + rule.ByYearDay.Count + rule.ByWeekNumber.Count > 0 || rule.Interval > 999) return null;
        var pattern = rule.Frequency switch
        {
            Frequency.Daily => Daily(rule),
            Frequency.Weekly => Weekly(rule, start),
            Frequency.Monthly when rule.ByMonth.Count == 0 => Monthly(rule, start),
            Frequency.Yearly => Yearly(rule, start),
            _ => null,
        };
        if (pattern is not null) pattern.Interval = rule.Interval;
        return pattern;
    }

    /// <summary>Reads a pattern as the beginning of a rule; null where it is none that we know.</summary>
    public static string? Read(RecurrencePattern pattern)
    {
        var every = string.Create(CultureInfo.InvariantCulture, $"INTERVAL={Math.Max(1, pattern.Interval ?? 1)}");
        return pattern.Type switch
        {
            RecurrencePatternType.Daily => $"FREQ=DAILY;{every}",
            RecurrencePatternType.Weekly when DaysOf(pattern) is { } days => $"FREQ=WEEKLY;{every};BYDAY={days};WKST={NameOf(pattern.FirstDayOfWeek ?? DayOfWeekObject.Sunday)}",
            RecurrencePatternType.AbsoluteMonthly when pattern.DayOfMonth is >= 1 and <= 31 and var day => $"FREQ=MONTHLY;{every};{DayInMonth(day)}",
            RecurrencePatternType.RelativeMonthly when Relative(pattern) is { } which => $"FREQ=MONTHLY;{every};{which}",
            RecurrencePatternType.AbsoluteYearly when pattern is { DayOfMonth: >= 1 and <= 31 and var day, Month: >= 1 and <= 12 and var month } =>
                string.Create(CultureInfo.InvariantCulture, $"FREQ=YEARLY;{every};BYMONTH={month};{DayIn(month, day)}"),
            RecurrencePatternType.RelativeYearly when pattern.Month is >= 1 and <= 12 and var month && Relative(pattern) is { } which =>
                string.Create(CultureInfo.InvariantCulture, $"FREQ=YEARLY;{every};BYMONTH={month};{which}"),
            _ => null,
        };
    }

    private static RecurrencePattern? Daily(RecurrenceRule rule)
    {
        if (rule.ByMonth.Count + rule.ByMonthDay.Count + rule.BySetPosition.Count > 0) return null;
        if (rule.ByDay.Count == 0) return new RecurrencePattern { Type = RecurrencePatternType.Daily };
        // every day that is one of these is every week on these
        return rule.Interval == 1 ? OnDays(rule.ByDay, IsoDayOfWeek.Monday) : null;
    }

    private static RecurrencePattern? Weekly(RecurrenceRule rule, LocalDate start)
    {
        if (rule.ByMonth.Count + rule.ByMonthDay.Count + rule.BySetPosition.Count > 0) return null;
        // iCalendar's weeks begin on Monday when nothing is said, and Graph's on Sunday
        return OnDays(rule.ByDay.Count == 0 ? [new ByDay(0, start.DayOfWeek)] : rule.ByDay, rule.WeekStart);
    }

    private static RecurrencePattern? OnDays(IReadOnlyList<ByDay> days, IsoDayOfWeek first) => days.Any(day => day.Ordinal != 0)
        ? null
        : new RecurrencePattern { Type = RecurrencePatternType.Weekly, DaysOfWeek = ToDays(days), FirstDayOfWeek = Days[(int)first - 1] };

    private static RecurrencePattern? Monthly(RecurrenceRule rule, LocalDate start)
    {
        if (rule.ByDay.Count > 0) return rule.ByMonthDay.Count == 0 && IndexOf(rule) is { } index ? new RecurrencePattern { Type = RecurrencePatternType.RelativeMonthly, DaysOfWeek = ToDays(rule.ByDay), Index = index } : null;
        return DayOf(rule, start) is { } day ? new RecurrencePattern { Type = RecurrencePatternType.AbsoluteMonthly, DayOfMonth = day } : null;
    }

    private static RecurrencePattern? Yearly(RecurrenceRule rule, LocalDate start)
    {
        if (rule.ByMonth.Count > 1) return null;
        var month = rule.ByMonth.Count == 1 ? rule.ByMonth[0] : start.Month;
        if (rule.ByDay.Count > 0)
        {
            // without a month it is the so-many-th of the year
            return rule.ByMonth.Count == 1 && rule.ByMonthDay.Count == 0 && IndexOf(rule) is { } index
                ? new RecurrencePattern { Type = RecurrencePatternType.RelativeYearly, Month = month, DaysOfWeek = ToDays(rule.ByDay), Index = index }
                : null;
        }

        // the 29th of every month of a year is something else
        if (rule.ByMonth.Count == 0 && rule.ByMonthDay.Count > 0) return null;
        return DayOf(rule, start) is { } day ? new RecurrencePattern { Type = RecurrencePatternType.AbsoluteYearly, Month = month, DayOfMonth = day } : null;
    }

    /// <summary>The day of the month; the last of some days, as a pattern is read (<see cref="DayInMonth"/>), is the day after which no month goes.</summary>
    private static int? DayOf(RecurrenceRule rule, LocalDate start) => (rule.ByMonthDay, rule.BySetPosition) switch
    {
        ([], []) => start.Day,
        ([-1], []) => 31,
        ([> 0 and var day], []) => day,
        (var days, [-1]) when days.Count > 1 && days.All(day => day >= 28) && days.Order().SequenceEqual(Enumerable.Range(28, days.Count)) => days.Max(),
        _ => null,
    };

    private static WeekIndex? IndexOf(RecurrenceRule rule)
    {
        var position = rule switch
        {
            { ByDay: [{ Ordinal: not 0 and var ordinal }], BySetPosition: [] } => ordinal,
            { BySetPosition: [var at] } when rule.ByDay.All(day => day.Ordinal == 0) => at,
            _ => 0,
        };
        return position switch { 1 => WeekIndex.First, 2 => WeekIndex.Second, 3 => WeekIndex.Third, 4 => WeekIndex.Fourth, -1 => WeekIndex.Last, _ => null };
    }

    private static string? Relative(RecurrencePattern pattern)
    {
        if (DaysOf(pattern) is not { } days) return null;
        var position = pattern.Index switch { WeekIndex.Second => 2, WeekIndex.Third => 3, WeekIndex.Fourth => 4, WeekIndex.Last => -1, _ => 1 };
        return days.Contains(',') ? string.Create(CultureInfo.InvariantCulture, $"BYDAY={days};BYSETPOS={position}") : string.Create(CultureInfo.InvariantCulture, $"BYDAY={position}{days}");
    }

    /// <summary>A day of every month as Graph means it: the last day of a month that is too short.</summary>
    private static string DayInMonth(int day) => day switch
    {
        <= 28 => string.Create(CultureInfo.InvariantCulture, $"BYMONTHDAY={day}"),
        31 => "BYMONTHDAY=-1",
        _ => $"BYMONTHDAY={string.Join(',', Enumerable.Range(28, day - 27))};BYSETPOS=-1",
    };

    private static string DayIn(int month, int day) =>
        month == 2 && day > 28 ? "BYMONTHDAY=28,29;BYSETPOS=-1" : string.Create(CultureInfo.InvariantCulture, $"BYMONTHDAY={Math.Min(day, Longest[month - 1])}");

    private static string? DaysOf(RecurrencePattern pattern) =>
        pattern.DaysOfWeek is { Count: > 0 } days ? string.Join(',', days.OfType<DayOfWeekObject>().Distinct().OrderBy(day => Array.IndexOf(Days, day)).Select(NameOf)) is { Length: > 0 } names ? names : null : null;

    private static string NameOf(DayOfWeekObject day) => Names[Array.IndexOf(Days, day)];

    private static List<DayOfWeekObject?> ToDays(IReadOnlyList<ByDay> days) => [.. days.Select(day => day.Day).Distinct().Order().Select(day => (DayOfWeekObject?)Days[(int)day - 1])];
}
