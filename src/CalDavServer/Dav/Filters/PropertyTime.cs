using Calendaring.ICalendar;

namespace CalDavServer.Dav.Filters;

/// <summary>Whether the value of a property lies in a range of time (RFC 4791 §9.9). Every recurrence instance counts, with the DTSTART, DTEND and DUE that it has.</summary>
internal static class PropertyTime
{
    /// <summary>The properties for which a time range has a meaning: those that the RFC names, and the others that are times or periods.</summary>
    public static bool Supports(string property) => property is
        "COMPLETED" or "CREATED" or "DTEND" or "DTSTAMP" or "DTSTART" or "DUE" or "LAST-MODIFIED" or "RECURRENCE-ID" or "RDATE" or "EXDATE" or "FREEBUSY" or "ACKNOWLEDGED" or "TRIGGER";

    /// <summary>Whether the property, or the same property of one of the component's occurrences, lies in the range.</summary>
    public static bool Overlaps(ContentLine line, Component component, TimeRange range, FilterScope scope)
    {
        if (line.Name is "DTSTART" or "DTEND" or "DUE" && scope.Recurs(component)) return OccurrenceOverlaps(line.Name == "DTSTART", component, range, scope);
        if (!line.TryReadPeriods(out var values)) return false;
        foreach (var value in values)
        {
            var (start, end) = PeriodTime.Of(value, scope.Zones);
            if (range.Overlaps(start, end)) return true;
        }

        return false;
    }

    /// <summary>The same for a DTEND or DUE that is not written, when DTSTART and DURATION say what it would be.</summary>
    public static bool EffectiveEndOverlaps(string name, Component component, TimeRange range, FilterScope scope)
    {
        if (name != (component.Name == "VTODO" ? "DUE" : "DTEND") || component.Find("DURATION") is null || component.Name is not ("VEVENT" or "VTODO")) return false;
        if (scope.Recurs(component)) return OccurrenceOverlaps(false, component, range, scope);
        return ComponentSpan.Of(component, scope.Zones).End is { } end && range.Contains(end);
    }

    private static bool OccurrenceOverlaps(bool byStart, Component component, TimeRange range, FilterScope scope)
    {
        foreach (var occurrence in scope.OccurrencesOf(component, range))
        {
            if (range.Contains(byStart ? occurrence.Start : occurrence.End)) return true;
        }

        return scope.Budget.Exhausted;
    }
}
