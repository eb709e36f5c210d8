using NodaTime;

namespace Calendaring.Recurrence;

/// <summary>One value of the BYDAY rule part.</summary>
/// <param name="Ordinal">Which one in the month or year: 1 is the first, -1 the last, 0 is every one.</param>
/// <param name="Day">The day of the week.</param>
public readonly record struct ByDay(int Ordinal, IsoDayOfWeek Day)
{
    /// <summary>Whether a date is such a day of its month: the 10th of March 2026 is TU and 2TU, and not -1TU.</summary>
    /// <param name="date">The date.</param>
    public bool IsInMonth(LocalDate date)
    {
        if (date.DayOfWeek != Day) return false;
        var left = date.Calendar.GetDaysInMonth(date.Year, date.Month) - date.Day;
        return Ordinal == 0 || Ordinal == ((date.Day - 1) / 7) + 1 || Ordinal == -((left / 7) + 1);
    }
}
