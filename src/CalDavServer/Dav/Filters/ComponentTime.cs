using Calendaring.ICalendar;
using Calendaring.Occurrences;
using NodaTime;

namespace CalDavServer.Dav.Filters;

/// <summary>Whether a component overlaps a range of time: the tables of RFC 4791 §9.9.</summary>
internal static class ComponentTime
{
    /// <summary>The components for which a time range has a meaning.</summary>
    public static bool Supports(string component) => component is "VEVENT" or "VTODO" or "VJOURNAL" or "VFREEBUSY" or "VALARM";

    public static bool Overlaps(Component component, Component? parent, TimeRange range, FilterScope scope)
    {
        switch (component.Name)
        {
            case "VALARM": return parent is not null && AlarmTime.Overlaps(component, parent, range, scope);
            case "VFREEBUSY": return FreeBusyOverlaps(component, range, scope);
        }

        if (!scope.Recurs(component)) return Overlaps(ComponentSpan.Of(component, scope.Zones), range, scope);
        foreach (var occurrence in scope.OccurrencesOf(component, range))
        {
            if (Overlaps(SpanOf(occurrence), range, scope)) return true;
        }

        // a rule too costly to follow to its end may match: to leave the object out would lose it
        return scope.Budget.Exhausted;
    }

    /// <summary>The span of one occurrence.</summary>
    public static ComponentSpan SpanOf(in Occurrence occurrence)
    {
        var component = occurrence.Component;
        var hasStart = component.Find("DTSTART") is not null;
        var hasEnd = component.Name != "VTODO" || component.Find("DUE") is not null || component.Find("DURATION") is not null;
        return new ComponentSpan(component, occurrence.StartTime, hasStart ? occurrence.Start : null, hasEnd ? occurrence.End : null);
    }

    /// <summary>The same for one occurrence of it.</summary>
    public static bool Overlaps(in ComponentSpan span, TimeRange range, FilterScope scope) => span.Component.Name switch
    {
        "VTODO" => ToDoOverlaps(span, range, scope),
        _ => span is { Start: { } start, End: { } end } && range.Overlaps(start, end),
    };

    // The eight rows of the table, in its order.
    private static bool ToDoOverlaps(in ComponentSpan span, TimeRange range, FilterScope scope)
    {
        var (from, until) = (range.Start, range.End);
        if (span.Start is { } start)
        {
            if (span.End is not { } end) return from <= start && until > start;
            if (span.Component.Find("DUE") is null) return from <= end && (until > start || until >= end);
            return (from < end || from <= start) && (until > start || until >= end);
        }

        if (span.End is { } due) return from < due && until >= due;
        var completed = TimeOf("COMPLETED", span.Component, scope);
        var created = TimeOf("CREATED", span.Component, scope);
        return (completed, created) switch
        {
            ({ } done, { } made) => (from <= made || from <= done) && (until >= made || until >= done),
            ({ } done, null) => from <= done && until >= done,
            (null, { } made) => until > made,
            _ => true,
        };
    }

    private static bool FreeBusyOverlaps(Component component, TimeRange range, FilterScope scope)
    {
        // any DURATION is ignored (RFC 4791 §9.9)
        if (TimeOf("DTSTART", component, scope) is { } start && TimeOf("DTEND", component, scope) is { } end) return range.Start <= end && range.End > start;
        foreach (var line in component.FindAll("FREEBUSY"))
        {
            if (!line.TryReadPeriods(out var periods)) continue;
            foreach (var period in periods)
            {
                var (from, until) = PeriodTime.Of(period, scope.Zones);
                if (range.Start < until && range.End > from) return true;
            }
        }

        return false;
    }

    private static Instant? TimeOf(string property, Component component, FilterScope scope) =>
        component.Find(property) is { } line && line.TryReadTime(out var time) ? scope.Zones.ToInstant(time) : null;
}
