using Calendaring.ICalendar;
using Calendaring.Recurrence;
using Calendaring.TimeZones;
using NodaTime;

namespace Calendaring.Occurrences;

/// <summary>
/// When a component starts and how long it lasts. An end given as DTEND or DUE lasts exactly as long in every occurrence, a DURATION keeps its days nominal
/// (RFC 5545 §3.8.5.3). Instants are seconds since 1970; local seconds are those of <see cref="CivilDay"/>.
/// </summary>
internal sealed class Timing
{
    private readonly int _days;
    private readonly long _seconds;
    private readonly OverlapRule _overlap;

    private Timing(Component component, CalendarTime start, CalendarTime? end, bool isDue, ZoneResolver zones)
    {
        Component = component;
        Start = start;
        Clock = zones.ClockOf(start);
        Local = CivilDay.SecondsOf(start.Local);
        Instant = Clock.ToInstant(Local);
        var todo = component.Name == "VTODO";
        _overlap = !todo ? OverlapRule.Event : isDue ? OverlapRule.Due : end is null ? OverlapRule.Lasting : OverlapRule.UntilDue;
        if (end is { } value)
        {
            if (start.IsDate && value.IsDate) _days = (int)((CivilDay.SecondsOf(value.Local) - Local) / CivilDay.Seconds);
            else _seconds = zones.ClockOf(value).ToInstant(CivilDay.SecondsOf(value.Local)) - Instant;
        }
        else if (!isDue && component.Name != "VJOURNAL" && component.Find("DURATION") is { } line && line.TryReadDuration(out var duration))
        {
            (_days, _seconds) = duration;
        }
        else if (start.IsDate && !todo)
        {
            _days = 1;
        }
    }

    /// <summary>The component.</summary>
    public Component Component { get; }

    /// <summary>DTSTART as written; for a VTODO without it, DUE.</summary>
    public CalendarTime Start { get; }

    /// <summary>The zone the start is in.</summary>
    public LocalClock Clock { get; }

    /// <summary>The start, in local seconds of <see cref="Clock"/>.</summary>
    public long Local { get; }

    /// <summary>The start.</summary>
    public long Instant { get; }

    /// <summary>No occurrence lasts longer than this many seconds.</summary>
    public long Longest => Math.Max(0, (_days * (long)CivilDay.Seconds) + _seconds) + (_days == 0 ? 0 : CivilDay.Seconds);

    /// <summary>The timing of a component, or null when it has none.</summary>
    /// <param name="component">The component.</param>
    /// <param name="zones">The zones of its times.</param>
    /// <param name="otherwise">The start of an override that does not say when it starts.</param>
    public static Timing? Of(Component component, ZoneResolver zones, CalendarTime? otherwise = null)
    {
        var endName = component.Name switch { "VEVENT" => "DTEND", "VTODO" => "DUE", _ => null };
        var end = endName is null ? null : ReadTime(component, endName);
        if ((ReadTime(component, "DTSTART") ?? (component.Name == "VTODO" ? null : otherwise)) is { } start) return new Timing(component, start, end, false, zones);
        if (component.Name == "VTODO" && (end ?? otherwise) is { } due) return new Timing(component, due, null, true, zones);
        return null;
    }

    /// <summary>The end of the occurrence that starts at a local time and its instant.</summary>
    public long EndOf(long local, long instant)
    {
        var end = (_days == 0 ? instant : Clock.ToInstant(local + (_days * (long)CivilDay.Seconds))) + _seconds;
        return Math.Max(end, instant);
    }

    /// <summary>A local time in the form of <see cref="Start"/>.</summary>
    public CalendarTime Form(long local) => new(CivilDay.TimeOf(local), Start.Kind, Start.TimeZoneId);

    /// <summary>Whether an occurrence overlaps a window (RFC 4791 §9.9).</summary>
    public bool Overlaps(in Occurrence occurrence, Instant from, Instant until) => _overlap switch
    {
        OverlapRule.Lasting => from <= occurrence.End && (until > occurrence.Start || until >= occurrence.End),
        OverlapRule.UntilDue => (from < occurrence.End || from <= occurrence.Start) && (until > occurrence.Start || until >= occurrence.End),
        OverlapRule.Due => from < occurrence.End && until >= occurrence.End,
        _ => until > occurrence.Start && (from < occurrence.End || (from <= occurrence.Start && occurrence.Start == occurrence.End)),
    };

    private static CalendarTime? ReadTime(Component component, string name) =>
        component.Find(name) is { } line && line.TryReadTime(out var time) ? time : null;
}
