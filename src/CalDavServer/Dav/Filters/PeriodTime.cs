using Calendaring.ICalendar;
using Calendaring.TimeZones;
using NodaTime;

namespace CalDavServer.Dav.Filters;

/// <summary>When a PERIOD value begins and ends.</summary>
internal static class PeriodTime
{
    public static (Instant Start, Instant End) Of(in CalendarPeriod period, ZoneResolver zones)
    {
        var start = zones.ToInstant(period.Start);
        if (period.End is { } end) return (start, zones.ToInstant(end));
        return (start, period.Duration is { } duration ? duration.After(period.Start.Local, zones.ZoneOf(period.Start)) : start);
    }
}
