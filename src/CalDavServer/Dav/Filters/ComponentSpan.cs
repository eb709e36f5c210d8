using Calendaring.ICalendar;
using Calendaring.TimeZones;
using NodaTime;

namespace CalDavServer.Dav.Filters;

/// <summary>When one component, or one occurrence of it, takes place: the effective DTSTART and DTEND or DUE (RFC 4791 §9.9). What it does not say is null.</summary>
/// <param name="Component">The component.</param>
/// <param name="StartTime">The value that alarms before the start are reckoned from: DTSTART, or the DUE of a VTODO that has none.</param>
/// <param name="Start">DTSTART.</param>
/// <param name="End">DTEND, DUE, DTSTART+DURATION, or DTSTART and the length that a component without end has.</param>
internal readonly record struct ComponentSpan(Component Component, CalendarTime? StartTime, Instant? Start, Instant? End)
{
    /// <summary>The span of a component that does not recur.</summary>
    public static ComponentSpan Of(Component component, ZoneResolver zones)
    {
        var endName = component.Name == "VTODO" ? "DUE" : "DTEND";
        CalendarTime? startTime = component.Find("DTSTART") is { } dtstart && dtstart.TryReadTime(out var value) ? value : null;
        Instant? end = component.Find(endName) is { } line && line.TryReadTime(out var until) ? zones.ToInstant(until) : null;
        if (startTime is not { } time)
        {
            CalendarTime? due = end is not null && component.Find(endName)!.TryReadTime(out until) ? until : null;
            return new ComponentSpan(component, due, null, end);
        }

        var start = zones.ToInstant(time);
        if (end is null && component.Find("DURATION") is { } length && length.TryReadDuration(out var duration)) end = duration.After(time.Local, zones.ZoneOf(time));
        // a VTODO without end and duration has a start only, any other component an implicit end
        if (end is null && component.Name != "VTODO") end = time.IsDate ? new CalendarDuration(1, 0).After(time.Local, zones.ZoneOf(time)) : start;
        return new ComponentSpan(component, time, start, end < start ? start : end);
    }
}
