using System.Globalization;
using Calendaring.Recurrence;
using NodaTime;
using NodaTime.Calendars;

namespace Practice.Hx;

/// <summary>The days that a rule names, when one of its occurrences is moved to another day.</summary>
internal static class RuleTurn
{
    private static readonly string[] Days = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"];

    /// <summary>
    /// The rule that says of the day after what it said of the day before; whether it then gives the same series is for <see cref="SeriesMove"/>
    /// to see. Null when it counts among days of several kinds: the last working day has no day after.
    /// </summary>
    public static string? Turn(string rule, LocalDateTime from, LocalDateTime to)
    {
        if (!RecurrenceRule.TryParse(rule, out var read, out _)) return rule;
        rule = Shift(rule, "BYHOUR", to.Hour - from.Hour);
        rule = Shift(rule, "BYMINUTE", to.Minute - from.Minute);
        var days = Period.DaysBetween(from.Date, to.Date);
        if (days == 0) return rule;
        if (read.BySetPosition.Count > 0 && read is not { ByDay: [{ Ordinal: 0 }], BySetPosition: [_] }) return null;
        var inYear = read.Frequency == Frequency.Yearly && read.ByMonth.Count == 0;
        if (read.ByDay.Count > 0) rule = RuleText.With(rule, "BYDAY", string.Join(',', read.ByDay.Select(day => Write(day, from.Date, to.Date, inYear))));
        if (read.BySetPosition.Count > 0) rule = RuleText.With(rule, "BYSETPOS", Write(Ordinal(read.BySetPosition[0], from.Date, to.Date, inYear)));
        if (read.ByMonthDay is [var monthDay])
            rule = RuleText.With(rule, "BYMONTHDAY", Write(monthDay > 0 ? to.Day : to.Day - DaysIn(to.Date) - 1));
        else
            rule = Shift(rule, "BYMONTHDAY", days);
        if (read.ByMonth is [_]) rule = RuleText.With(rule, "BYMONTH", Write(to.Month));
        if (read.ByYearDay is [var yearDay])
            rule = RuleText.With(rule, "BYYEARDAY", Write(yearDay > 0 ? to.DayOfYear : to.DayOfYear - CalendarSystem.Iso.GetDaysInYear(to.Year) - 1));
        if (read.ByWeekNumber is [_]) rule = RuleText.With(rule, "BYWEEKNO", Write(WeekYearRules.Iso.GetWeekOfWeekYear(to.Date)));
        return rule;
    }

    private static string Write(ByDay day, LocalDate from, LocalDate to, bool inYear)
    {
        var index = ((int)day.Day - 1 + Period.DaysBetween(from, to)) % 7;
        var name = Days[(index + 7) % 7];
        return day.Ordinal == 0 ? name : Write(Ordinal(day.Ordinal, from, to, inYear)) + name;
    }

    /// <summary>Which one of its weekday: as many more or fewer as the day after is beside the day before.</summary>
    private static int Ordinal(int ordinal, LocalDate from, LocalDate to, bool inYear) => ordinal > 0
        ? ordinal + FromStart(to, inYear) - FromStart(from, inYear)
        : ordinal - (FromEnd(to, inYear) - FromEnd(from, inYear));

    private static int FromStart(LocalDate date, bool inYear) => ((inYear ? date.DayOfYear : date.Day) - 1) / 7;

    private static int FromEnd(LocalDate date, bool inYear) => (inYear ? CalendarSystem.Iso.GetDaysInYear(date.Year) - date.DayOfYear : DaysIn(date) - date.Day) / 7;

    private static int DaysIn(LocalDate date) => CalendarSystem.Iso.GetDaysInMonth(date.Year, date.Month);

    /// <summary>A list of numbers, each by so much.</summary>
    private static string Shift(string rule, string name, int by) => by != 0 && RuleText.Part(rule, name) is { } list
        ? RuleText.With(rule, name, string.Join(',', list.Split(',').Select(value => Write(int.Parse(value, CultureInfo.InvariantCulture) + by))))
        : rule;

    private static string Write(int value) => value.ToString(CultureInfo.InvariantCulture);
}
