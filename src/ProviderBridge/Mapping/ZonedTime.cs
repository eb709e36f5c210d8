using Calendaring.ICalendar;
using NodaTime;

namespace ProviderBridge.Mapping;

/// <summary>Moments in a zone.</summary>
internal static class ZonedTime
{
    /// <summary>A moment as it is written in iCalendar: in UTC where its local time comes twice and the later is meant (RFC 5545 §3.3.5).</summary>
    public static CalendarTime Of(DateTimeZone zone, Instant at)
    {
        if (zone == DateTimeZone.Utc || zone.Id is "UTC" or "Etc/UTC") return CalendarTime.OfUtc(at);
        var local = at.InZone(zone).LocalDateTime;
        return local.InZoneLeniently(zone).ToInstant() == at ? new CalendarTime(local, CalendarTimeKind.Zoned, zone.Id) : CalendarTime.OfUtc(at);
    }
}
