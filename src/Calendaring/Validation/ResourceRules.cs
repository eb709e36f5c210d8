using Calendaring.ICalendar;
using Calendaring.TimeZones;
using static Calendaring.Validation.CalendarObjectRules;

namespace Calendaring.Validation;

/// <summary>What makes an iCalendar object a calendar object resource (RFC 4791 §4.1).</summary>
internal static class ResourceRules
{
    public static CalendarObjectProblem? Check(Component calendar, IReadOnlyList<string> supported)
    {
        if (calendar.Find("METHOD") is { } method) return NotResource(method.LineNumber, "A stored object may not have METHOD.");
        Component? first = null;
        var masters = 0;
        var overrides = new HashSet<CalendarTime>();
        foreach (var component in calendar.Components)
        {
            if (!IsSubject(component)) continue;
            if (component.Find("UID") is not { } uid) return InvalidData(component.LineNumber, $"{component.Name} has no UID.");
            first ??= component;
            if (component.Name != first.Name) return NotResource(component.LineNumber, $"The object has both {first.Name} and {component.Name}.");
            if (uid.RawValue != first.Find("UID")!.RawValue) return NotResource(uid.LineNumber, "The object has components with different UIDs.");
            var recurrenceId = component.Find("RECURRENCE-ID");
            if (recurrenceId is null && ++masters > 1) return NotResource(component.LineNumber, $"The object has two {component.Name} without RECURRENCE-ID.");
            if (recurrenceId is not null && recurrenceId.TryReadTime(out var time) && !overrides.Add(time))
            {
                return NotResource(recurrenceId.LineNumber, "The object has two components with the same RECURRENCE-ID.");
            }
        }

        if (first is null) return NotResource(0, "The object has no component other than time zones.");
        if (!supported.Contains(first.Name)) return new(CalendarObjectFault.SupportedCalendarComponent, first.LineNumber, $"The collection does not accept {first.Name}.");
        return CheckTimeZones(calendar);
    }

    /// <summary>
    /// §4.1 asks for a VTIMEZONE for each TZID. Many clients leave it out for names everybody knows (RFC 7809 lets them): only a name that nobody knows needs one.
    /// </summary>
    private static CalendarObjectProblem? CheckTimeZones(Component calendar)
    {
        var known = new HashSet<string>();
        foreach (var zone in calendar.Components)
        {
            if (zone.Name == "VTIMEZONE" && zone.Find("TZID") is { } id) known.Add(id.Text);
        }

        foreach (var component in calendar.Components)
        {
            if (IsSubject(component) && CheckTimeZones(component, known) is { } problem) return problem;
        }

        return null;
    }

    private static CalendarObjectProblem? CheckTimeZones(Component component, HashSet<string> known)
    {
        foreach (var line in component.Properties)
        {
            if (line.Name is not ("DTSTART" or "DTEND" or "DUE" or "RECURRENCE-ID" or "RDATE" or "EXDATE")) continue;
            if (line.Parameter("TZID") is not { Length: > 0 } id || known.Contains(id)) continue;
            if (TimeZoneCatalog.Find(id) is null && IsZoned(line)) return NotResource(line.LineNumber, $"{line.Name} has a TZID that is not known and has no VTIMEZONE.");
            known.Add(id);
        }

        foreach (var inner in component.Components)
        {
            if (CheckTimeZones(inner, known) is { } problem) return problem;
        }

        return null;
    }

    /// <summary>On a DATE or a time in UTC the parameter says nothing.</summary>
    private static bool IsZoned(ContentLine line) => !line.TryReadTime(out var time) || time.Kind == CalendarTimeKind.Zoned;

    private static CalendarObjectProblem NotResource(int lineNumber, string reason) => new(CalendarObjectFault.ValidCalendarObjectResource, lineNumber, reason);
}
