using Calendaring.Recurrence;
using NodaTime;
using NodaTime.Calendars;

namespace Practice.Hx;

/// <summary>The days that a rule names, when one of its occurrences is moved to another day.</summary>
internal static class RuleTurn
{
    /// <summary>
    /// The rule that says of the day after what it said of the day before; whether it then gives the same series is for <see cref="SeriesMove"/>
    /// to see. Null when it counts among days of several kinds: the last working day has no day after.
    /// </summary>
    public static RecurrenceRule? Turn(RecurrenceRule read, LocalDateTime from, LocalDateTime to)
    {
        var rule = read with { ByHour = Shift(read.ByHour, to.Hour - from.Hour), ByMinute = Shift(read.ByMinute, to.Minute - from.Minute) };
        var days = Period.DaysBetween(from.Date, to.Date);
        if (days == 0) return Valid(rule);
        if (read.BySetPosition.Count > 0 && read is not { ByDay: [{ Ordinal: 0 }], BySetPosition: [_] }) return null;
        var inYear = read.Frequency == Frequency.Yearly && read.ByMonth.Count == 0;
        return Valid(rule with
        {
            ByDay = [.. read.ByDay.Select(day => Turn(day, from.Date, to.Date, inYear))],
            BySetPosition = [.. read.BySetPosition.Select(position => Ordinal(position, from.Date, to.Date, inYear))],
            ByMonthDay = read.ByMonthDay is [var monthDay] ? [monthDay > 0 ? to.Day : to.Day - DaysIn(to.Date) - 1] : Shift(read.ByMonthDay, days),
            ByMonth = read.ByMonth is [_] ? [to.Month] : read.ByMonth,
            ByYearDay = read.ByYearDay is [var yearDay] ? [yearDay > 0 ? to.DayOfYear : to.DayOfYear - CalendarSystem.Iso.GetDaysInYear(to.Year) - 1] : read.ByYearDay,
            ByWeekNumber = read.ByWeekNumber is [_] ? [WeekYearRules.Iso.GetWeekOfWeekYear(to.Date)] : read.ByWeekNumber,
        });
    }

    // the 25th hour is none
    private static RecurrenceRule? Valid(RecurrenceRule rule) => rule.IsValid ? rule : null;

    private static ByDay Turn(ByDay day, LocalDate from, LocalDate to, bool inYear)
    {
        var index = ((int)day.Day - 1 + Period.DaysBetween(from, to)) % 7;
        return new ByDay(day.Ordinal == 0 ? 0 : Ordinal(day.Ordinal, from, to, inYear), (IsoDayOfWeek)(((index + 7) % 7) + 1));
    }

    /// <summary>Which one of its weekday: as many more or fewer as the day after is beside the day before.</summary>
    private static int Ordinal(int ordinal, LocalDate from, LocalDate to, bool inYear) => ordinal > 0
        ? ordinal + FromStart(to, inYear) - FromStart(from, inYear)
        : ordinal - (FromEnd(to, inYear) - FromEnd(from, inYear));

    private static int FromStart(LocalDate date, bool inYear) => ((inYear ? date.DayOfYear : date.Day) - 1) / 7;

    private static int FromEnd(LocalDate date, bool inYear) => (inYear ? CalendarSystem.Iso.GetDaysInYear(date.Year) - date.DayOfYear : DaysIn(date) - date.Day) / 7;

    private static int DaysIn(LocalDate date) => CalendarSystem.Iso.GetDaysInMonth(date.Year, date.Month);

    private static IReadOnlyList<int> Shift(IReadOnlyList<int> values, int by) => by == 0 ? values : [.. values.Select(value => value + by)];
}
