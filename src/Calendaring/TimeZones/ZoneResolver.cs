using Calendaring.ICalendar;
using Calendaring.Recurrence;
using NodaTime;

namespace Calendaring.TimeZones;

/// <summary>
/// Ties the times of one calendar object to the time line: TZID by name where the name is known, else by the object's own VTIMEZONE, else by the floating zone. A name
/// that only says an offset (<c>GMT+2</c>) counts where there is no VTIMEZONE.
/// </summary>
public sealed class ZoneResolver
{
    private readonly Component? _calendar;
    private readonly LocalClock _floating;
    private LocalClock? _utc;
    private Dictionary<string, LocalClock>? _zones;

    /// <summary>A resolver for the times in an object. Not for use by several threads at a time.</summary>
    /// <param name="calendar">The VCALENDAR whose VTIMEZONE components are used for unknown names, or null.</param>
    /// <param name="floating">The zone of floating and all-day values: the request's or the calendar's.</param>
    public ZoneResolver(Component? calendar, DateTimeZone floating)
    {
        ArgumentNullException.ThrowIfNull(floating);
        _calendar = calendar;
        _floating = new LocalClock(floating);
    }

    /// <summary>The zone a value is in: UTC for UTC values, the floating zone for DATE and floating ones.</summary>
    public DateTimeZone ZoneOf(CalendarTime time) => ClockOf(time).Zone;

    /// <summary>
    /// The instant of a value. A local time in a gap takes the offset before it, one that occurs twice is the first (RFC 5545 §3.3.5). Beyond the year 9999 it is
    /// <see cref="Instant.MaxValue"/>.
    /// </summary>
    public Instant ToInstant(CalendarTime time) => LocalClock.At(ClockOf(time).ToInstant(CivilDay.SecondsOf(time.Local)));

    /// <summary>The clock a value is read on.</summary>
    internal LocalClock ClockOf(CalendarTime time) => time.Kind switch
    {
        CalendarTimeKind.Utc => _utc ??= new LocalClock(DateTimeZone.Utc),
        CalendarTimeKind.Zoned when time.TimeZoneId is { } id => ClockOf(id),
        _ => _floating,
    };

    private LocalClock ClockOf(string id)
    {
        _zones ??= new(StringComparer.Ordinal);
        if (_zones.TryGetValue(id, out var known)) return known;
        var zone = TimeZoneCatalog.FindNamed(id) ?? FindOwn(id) ?? TimeZoneCatalog.FindOffset(id);
        var clock = zone is null ? _floating : new LocalClock(zone);
        _zones.Add(id, clock);
        return clock;
    }

    private DateTimeZone? FindOwn(string id)
    {
        if (_calendar is null) return null;
        foreach (var component in _calendar.Components)
        {
            if (component.Name == "VTIMEZONE" && string.Equals(component.Find("TZID")?.Text, id, StringComparison.OrdinalIgnoreCase))
                return VTimeZone.Of(component);
        }
        return null;
    }
}
