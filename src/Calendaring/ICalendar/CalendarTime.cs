using NodaTime;

namespace Calendaring.ICalendar;

/// <summary>The four shapes a DATE or DATE-TIME value can have (RFC 5545 §3.3.4, §3.3.5).</summary>
public enum CalendarTimeKind
{
    /// <summary>A DATE: a whole day, in no time zone.</summary>
    Date,

    /// <summary>FORM #1: a local time in whatever zone the reader is in.</summary>
    Floating,

    /// <summary>FORM #2: UTC, written with a trailing Z.</summary>
    Utc,

    /// <summary>FORM #3: a local time with a TZID parameter.</summary>
    Zoned,
}

/// <summary>A DATE or DATE-TIME value as written: local fields, and how they are tied to a time zone.</summary>
/// <param name="Local">The fields as written. For a DATE the time is midnight.</param>
/// <param name="Kind">How the fields are tied to the time line.</param>
/// <param name="TimeZoneId">The TZID parameter as written; only when <paramref name="Kind"/> is <see cref="CalendarTimeKind.Zoned"/>.</param>
public readonly record struct CalendarTime(LocalDateTime Local, CalendarTimeKind Kind, string? TimeZoneId = null)
{
    /// <summary>Whether the value is a DATE.</summary>
    public bool IsDate => Kind == CalendarTimeKind.Date;

    /// <summary>A DATE value.</summary>
    public static CalendarTime OfDate(LocalDate date) => new(date.AtMidnight(), CalendarTimeKind.Date);

    /// <summary>A DATE-TIME in UTC.</summary>
    public static CalendarTime OfUtc(Instant instant) => new(instant.InUtc().LocalDateTime, CalendarTimeKind.Utc);
}
