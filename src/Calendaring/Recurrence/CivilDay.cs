using NodaTime;

namespace Calendaring.Recurrence;

/// <summary>
/// Arithmetic on day numbers (days since 1970-01-01) and local seconds (seconds since 1970-01-01T00:00:00 on a local clock), for expansion: no allocation, no
/// exceptions, years 1 to 9999.
/// </summary>
internal static class CivilDay
{
    /// <summary>Seconds of a day.</summary>
    public const int Seconds = 86_400;

    /// <summary>0001-01-01.</summary>
    public const int Min = -719_162;

    /// <summary>9999-12-31.</summary>
    public const int Max = 2_932_896;

    private static ReadOnlySpan<short> DaysBefore => [0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334, 365];

    private static ReadOnlySpan<byte> Lengths => [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

    /// <summary>Whether a year has 366 days.</summary>
    public static bool IsLeap(int year) => (year & 3) == 0 && (year % 100 != 0 || year % 400 == 0);

    /// <summary>Days of a year.</summary>
    public static int YearLength(int year) => IsLeap(year) ? 366 : 365;

    /// <summary>Days of a month (1 to 12).</summary>
    public static int MonthLength(int year, int month) => month == 2 && IsLeap(year) ? 29 : Lengths[month - 1];

    /// <summary>Days of a year before the first of a month (1 to 13).</summary>
    public static int BeforeMonth(int year, int month) => DaysBefore[month - 1] + (month > 2 && IsLeap(year) ? 1 : 0);

    /// <summary>The day number of the first of January.</summary>
    public static int OfYear(int year)
    {
        var before = year - 1;
        return (before * 365) + FloorDiv(before, 4) - FloorDiv(before, 100) + FloorDiv(before, 400) + Min;
    }

    /// <summary>The day number of a date.</summary>
    public static int Of(int year, int month, int day) => OfYear(year) + BeforeMonth(year, month) + day - 1;

    /// <summary>The day number of a date.</summary>
    public static int Of(LocalDate date) => Of(date.Year, date.Month, date.Day);

    /// <summary>The local seconds of a date and time.</summary>
    public static long SecondsOf(LocalDateTime local) =>
        ((long)Of(local.Date) * Seconds) + (local.Hour * 3600) + (local.Minute * 60) + local.Second;

    /// <summary>The date and time of local seconds; beyond the years that there are, the first or the last moment of them.</summary>
    public static LocalDateTime TimeOf(long seconds) =>
        Instant.FromUnixTimeSeconds(Math.Clamp(seconds, Min * (long)Seconds, ((Max + 1L) * Seconds) - 1)).InUtc().LocalDateTime;

    /// <summary>The day number that local seconds are in.</summary>
    public static int OfSeconds(long seconds) => (int)FloorDiv(seconds, Seconds);

    /// <summary>The year of a day number.</summary>
    public static int YearOf(int day)
    {
        var year = (int)(((day - Min) * 400L / 146_097) + 1);
        if (OfYear(year) > day) return year - 1;
        return OfYear(year + 1) <= day ? year + 1 : year;
    }

    /// <summary>Takes a day number apart.</summary>
    public static void Split(int day, out int year, out int month, out int dayOfMonth)
    {
        year = YearOf(day);
        var dayOfYear = day - OfYear(year);
        month = Math.Min((dayOfYear / 29) + 1, 12);
        while (BeforeMonth(year, month) > dayOfYear) month--;
        dayOfMonth = dayOfYear - BeforeMonth(year, month) + 1;
    }

    /// <summary>The day of the week: 0 is Monday.</summary>
    public static int Weekday(int day) => FloorMod(day + 3, 7);

    /// <summary>The first day of the week that a day is in.</summary>
    /// <param name="day">The day number.</param>
    /// <param name="weekStart">The day weeks start on: 0 is Monday.</param>
    public static int WeekOf(int day, int weekStart) => day - FloorMod(Weekday(day) - weekStart, 7);

    /// <summary>The first day of week 1 of a year: the week that has at least four days of it (RFC 5545 §3.3.10, BYWEEKNO).</summary>
    public static int FirstWeekOf(int year, int weekStart) => WeekOf(OfYear(year) + 3, weekStart);

    /// <summary>Division that rounds down.</summary>
    public static long FloorDiv(long value, long divisor) => value >= 0 ? value / divisor : -((-value + divisor - 1) / divisor);

    private static int FloorDiv(int value, int divisor) => (int)FloorDiv((long)value, divisor);

    private static int FloorMod(int value, int divisor)
    {
        var rest = value % divisor;
        return rest < 0 ? rest + divisor : rest;
    }
}
