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
        var scope = new FilterScope(source, request.Floating, request.Allowance.Next());
        var length = LengthOfMaster(scope);
        var result = source.Clone();
        for (var i = source.Calendar.Components.Count - 1; i >= 0; i--)
        {
            if (!Impacts(source.Calendar.Components[i], range, length, scope)) result.Calendar.Remove(result.Calendar.Components[i]);
        }

        return result;
    }

    private static bool Impacts(Component component, TimeRange range, Duration length, FilterScope scope)
    {
        if (component.Find("RECURRENCE-ID") is not { } line || !line.TryReadTime(out var id)) return true;
        var original = scope.Zones.ToInstant(id);
        if (line.Parameter("RANGE") is not null && original < range.End) return true;
        if (range.Overlaps(original, TimeRange.Add(original, length))) return true;
        return ComponentTime.Overlaps(component, null, range, scope);
    }

    private static Duration LengthOfMaster(FilterScope scope)
    {
        foreach (var component in scope.Calendar.Components)
        {
            if (component.Name == "VTIMEZONE" || component.Find("RECURRENCE-ID") is not null) continue;
            var span = ComponentSpan.Of(component, scope.Zones);
            if (span is { Start: { } start, End: { } end }) return end - start;
        }

        return Duration.Zero;
    }
}
