using Calendaring.ICalendar;
using NodaTime;

namespace Calendaring.TimeZones;

/// <summary>
/// Ties the times of one calendar object to the time line: TZID by name where the name is known, else by the object's own VTIMEZONE, else by the floating zone.
/// </summary>
public sealed class ZoneResolver
{
    /// <summary>A resolver for the times in an object.</summary>
    /// <param name="calendar">The VCALENDAR whose VTIMEZONE components are used for unknown names, or null.</param>
    /// <param name="floating">The zone of floating and all-day values: the request's or the calendar's.</param>
    public ZoneResolver(Component? calendar, DateTimeZone floating) => throw new NotImplementedException();

    /// <summary>The zone a value is in: UTC for UTC values, the floating zone for DATE and floating ones.</summary>
    public DateTimeZone ZoneOf(CalendarTime time) => throw new NotImplementedException();

    /// <summary>The instant of a value. A local time in a gap takes the offset before it, one that occurs twice is the first (RFC 5545 §3.3.5).</summary>
    public Instant ToInstant(CalendarTime time) => throw new NotImplementedException();
}
