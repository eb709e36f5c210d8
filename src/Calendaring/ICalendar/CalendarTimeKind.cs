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
