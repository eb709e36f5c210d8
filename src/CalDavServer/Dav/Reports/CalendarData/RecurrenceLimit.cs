using CalDavServer.Dav.Filters;
using Calendaring.ICalendar;
using NodaTime;

namespace CalDavServer.Dav.Reports.CalendarData;

/// <summary>CALDAV:limit-recurrence-set (RFC 4791 §9.6.6): the master, and the overrides that are in a range now, or were before they were overridden, or change what follows them.</summary>
internal static class RecurrenceLimit
{
    /// <summary>The limited object; the source is not changed.</summary>
    public static CalendarObject Apply(CalendarObject source, TimeRange range, CalendarDataRequest request)
    {
        var originals = Originals(source, range, request);
        var scope = new FilterScope(source, request.Floating, request.Allowance.Next());
        var result = source.Clone();
        for (var i = source.Calendar.Components.Count - 1; i >= 0; i--)
        {
            if (!Impacts(source.Calendar.Components[i], range, originals, scope)) result.Calendar.Remove(result.Calendar.Components[i]);
        }

        return result;
    }

    private static bool Impacts(Component component, TimeRange range, OriginalTimes? originals, FilterScope scope)
    {
        if (component.Find("RECURRENCE-ID") is not { } line || !line.TryReadTime(out var id) || originals is null) return true;
        var original = scope.Zones.ToInstant(id);
        if (line.Parameter("RANGE") is not null && original < range.End) return true;
        if (range.Contains(original) || (id.IsDate ? originals.Days.Contains(id.Local.Date) : originals.Moments.Contains(original))) return true;
        return ComponentTime.Overlaps(component, null, range, scope);
    }

    // Where the series would have occurrences in the range if none were overridden; null when they are too many to tell.
    private static OriginalTimes? Originals(CalendarObject source, TimeRange range, CalendarDataRequest request)
    {
        var series = source.Clone();
        for (var i = series.Calendar.Components.Count - 1; i >= 0; i--)
        {
            if (series.Calendar.Components[i].Find("RECURRENCE-ID") is not null) series.Calendar.Remove(series.Calendar.Components[i]);
        }

        var found = new OriginalTimes([], []);
        if (series.Calendar.Components.Count == source.Calendar.Components.Count) return found;
        var scope = new FilterScope(series, request.Floating, request.Allowance.Next());
        foreach (var occurrence in scope.Occurrences(range))
        {
            if (occurrence.RecurrenceId is not { } id || !ComponentTime.Overlaps(ComponentTime.SpanOf(occurrence), range, scope)) continue;
            found.Moments.Add(scope.Zones.ToInstant(id));
            found.Days.Add(id.Local.Date);
        }

        return scope.Budget.Exhausted ? null : found;
    }

    /// <summary>Where occurrences were before they were overridden: a RECURRENCE-ID that is a DATE means the one of that day.</summary>
    private sealed record OriginalTimes(HashSet<Instant> Moments, HashSet<LocalDate> Days);
}
