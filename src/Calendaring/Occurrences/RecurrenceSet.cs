using Calendaring.ICalendar;
using Calendaring.Recurrence;
using Calendaring.TimeZones;
using NodaTime;

namespace Calendaring.Occurrences;

/// <summary>
/// All occurrences of a calendar object: DTSTART, RRULE, RDATE, EXDATE, overrides (RECURRENCE-ID in any form) and RANGE=THISANDFUTURE (RFC 5545 §3.8.5, §3.8.4.4).
/// VEVENT, VTODO and VJOURNAL alike. An override counts with its own start, whether or not the series has an occurrence where its RECURRENCE-ID says. A component
/// without DTSTART (a VTODO: and DUE) has no occurrence. A rule that cannot be read leaves DTSTART alone.
/// </summary>
public sealed class RecurrenceSet
{
    private readonly List<Segment> _segments = [];
    private readonly List<Override> _overrides = [];

    private RecurrenceSet(Component? master, bool recurring)
    {
        Master = master;
        Recurring = recurring;
    }

    /// <summary>The occurrences of the components in an object that share a UID: a master, overrides, or overrides alone.</summary>
    /// <param name="calendarObject">The object; of several UIDs the first is taken.</param>
    /// <param name="zones">The zones of its times.</param>
    public static RecurrenceSet Of(CalendarObject calendarObject, ZoneResolver zones)
    {
        ArgumentNullException.ThrowIfNull(calendarObject);
        ArgumentNullException.ThrowIfNull(zones);
        Component? master = null;
        List<Component>? overrides = null;
        string? uid = null;
        foreach (var component in calendarObject.Calendar.Components)
        {
            if (component.Name is not ("VEVENT" or "VTODO" or "VJOURNAL")) continue;
            var own = component.Find("UID")?.RawValue ?? "";
            if (own != (uid ??= own)) continue;
            if (component.Find("RECURRENCE-ID") is not null) (overrides ??= []).Add(component);
            else master ??= component;
        }
        return Of(master, overrides, zones);
    }

    /// <summary>The master component, or null when the object has overrides only.</summary>
    public Component? Master { get; }

    /// <summary>Whether there is more than the one occurrence that DTSTART gives.</summary>
    public bool Recurring { get; }

    /// <summary>
    /// The occurrences that overlap [from, until) as RFC 4791 §9.9 has it for the component type, in order of start. A zero-length occurrence counts when it starts in
    /// the window. Lazy: a series without an end may be asked for an endless window.
    /// </summary>
    /// <param name="from">Start of the window.</param>
    /// <param name="until">End of the window.</param>
    /// <param name="budget">What the expansion may cost; when it is <see cref="ExpansionBudget.Exhausted"/> afterwards, occurrences may be missing.</param>
    /// <param name="only">The one component whose occurrences are wanted, or null for all: what others have is then not walked over.</param>
    public IEnumerable<Occurrence> Between(Instant from, Instant until, ExpansionBudget budget, Component? only = null)
    {
        ArgumentNullException.ThrowIfNull(budget);
        return Merge(from, until, budget, only);
    }

    /// <summary>The earliest start and the latest end of all occurrences; the end is null when the set is open-ended or the budget did not reach its end.</summary>
    /// <param name="budget">What the expansion may cost.</param>
    public (Instant? Start, Instant? End) Bounds(ExpansionBudget budget)
    {
        ArgumentNullException.ThrowIfNull(budget);
        var bounds = new SetBounds(budget);
        foreach (var segment in _segments) bounds.Add(segment);
        foreach (var own in _overrides) bounds.Add(own.Occurrence);
        return bounds.Result;
    }

    private static RecurrenceSet Of(Component? master, List<Component>? overrides, ZoneResolver zones)
    {
        var timing = master is null ? null : Timing.Of(master, zones);
        var series = timing is null ? null : new MasterRecurrence(timing, zones);
        var set = new RecurrenceSet(master, overrides is not null || series is { Recurring: true });
        if (series is not null) set._segments.Add(new Segment(series, series.Master, new(series.Master.Local, series.Master.Instant)));
        if (overrides is not null) set.Add(overrides, series, zones);
        series?.Seal();
        return set;
    }

    private void Add(List<Component> components, MasterRecurrence? series, ZoneResolver zones)
    {
        var places = new Dictionary<long, int>(components.Count);
        foreach (var component in components)
        {
            var line = component.Find("RECURRENCE-ID")!;
            if (!line.TryReadTime(out var id) || Timing.Of(component, zones, id) is not { } timing) continue;
            var at = series?.Place(id) ?? new(timing.Local, zones.ToInstant(id).ToUnixTimeSeconds());
            var own = new Override(timing, new(
                component, series?.Master.Form(at.Local) ?? id, timing.Start, LocalClock.At(timing.Instant), LocalClock.At(timing.EndOf(timing.Local, timing.Instant))));
            // of two overrides for one occurrence the later in the object is taken
            if (places.TryAdd(at.Instant, _overrides.Count)) _overrides.Add(own);
            else _overrides[places[at.Instant]] = own;
            if (series is null) continue;
            series.Exclude(id);
            if (string.Equals(line.Parameter("RANGE"), "THISANDFUTURE", StringComparison.OrdinalIgnoreCase)) _segments.Add(new Segment(series, timing, at));
        }
        _overrides.Sort(static (a, b) => a.Occurrence.Start.CompareTo(b.Occurrence.Start));
        _segments.Sort(static (a, b) => a.From.CompareTo(b.From));
        for (var i = 1; i < _segments.Count; i++) _segments[i - 1].Until = _segments[i].From;
    }

    private IEnumerable<Occurrence> Merge(Instant from, Instant until, ExpansionBudget budget, Component? only)
    {
        var walks = Open(from, until, budget, only);
        var next = 0;
        while (true)
        {
            IEnumerator<Occurrence>? first = null;
            foreach (var walk in walks)
            {
                if (first is null || walk.Current.Start < first.Current.Start) first = walk;
            }
            while (next < _overrides.Count && !(IsWanted(_overrides[next].Timing, only) && _overrides[next].Timing.Overlaps(_overrides[next].Occurrence, from, until))) next++;
            if (next < _overrides.Count && (first is null || _overrides[next].Occurrence.Start <= first.Current.Start))
            {
                budget.Spend();
                yield return _overrides[next++].Occurrence;
                continue;
            }
            if (first is null) yield break;
            yield return first.Current;
            if (!first.MoveNext()) walks.Remove(first);
        }
    }

    private static bool IsWanted(Timing timing, Component? only) => only is null || ReferenceEquals(timing.Component, only);

    private List<IEnumerator<Occurrence>> Open(Instant from, Instant until, ExpansionBudget budget, Component? only)
    {
        var walks = new List<IEnumerator<Occurrence>>(_segments.Count);
        foreach (var segment in _segments)
        {
            if (!IsWanted(segment.Timing, only)) continue;
            var walk = segment.Walk(from, until, budget);
            if (walk.MoveNext()) walks.Add(walk);
        }
        return walks;
    }

    /// <summary>An override: its timing and the occurrence it is.</summary>
    private sealed record Override(Timing Timing, Occurrence Occurrence);
}
