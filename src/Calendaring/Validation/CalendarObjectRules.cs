using Calendaring.ICalendar;

namespace Calendaring.Validation;

/// <summary>
/// The rules a calendar object resource must keep (RFC 4791 §4.1, RFC 5545 §3.6). They are as strict as clients in use allow: where one is known to break a rule that
/// nothing here depends on, the object is taken, and a comment at the rule says so. A client whose object is refused tries again for ever.
/// </summary>
public static class CalendarObjectRules
{
    /// <summary>Checks an object; null when it keeps every rule.</summary>
    /// <param name="calendarObject">The object.</param>
    /// <param name="components">Component types the collection takes.</param>
    /// <param name="limits">Limits other than <see cref="CalendarObjectLimits.Default"/>.</param>
    public static CalendarObjectProblem? Check(CalendarObject calendarObject, IReadOnlyList<string> components, CalendarObjectLimits? limits = null)
    {
        ArgumentNullException.ThrowIfNull(calendarObject);
        ArgumentNullException.ThrowIfNull(components);
        return CheckCalendar(calendarObject.Calendar)
            ?? CheckComponents(calendarObject.Calendar)
            ?? ResourceRules.Check(calendarObject.Calendar, components)
            ?? LimitRules.Check(calendarObject.Calendar, limits ?? CalendarObjectLimits.Default);
    }

    /// <summary>A component that the object is about: not a VTIMEZONE, and not a vendor's addition.</summary>
    internal static bool IsSubject(Component component) => component.Name != "VTIMEZONE" && !component.Name.StartsWith("X-", StringComparison.Ordinal);

    internal static CalendarObjectProblem InvalidData(int lineNumber, string reason) => new(CalendarObjectFault.ValidCalendarData, lineNumber, reason);

    private static CalendarObjectProblem? CheckCalendar(Component calendar)
    {
        if (ComponentRules.CheckNames(calendar, ComponentRule.Calendar) is { } problem) return problem;
        var version = calendar.Find("VERSION")!;
        if (version.RawValue.Trim() != "2.0") return InvalidData(version.LineNumber, "VERSION is not 2.0.");
        var scale = calendar.Find("CALSCALE");
        return scale is null || scale.RawValue.Trim().Equals("GREGORIAN", StringComparison.OrdinalIgnoreCase)
            ? null
            : InvalidData(scale.LineNumber, "CALSCALE is not GREGORIAN.");
    }

    private static CalendarObjectProblem? CheckComponents(Component calendar)
    {
        foreach (var component in calendar.Components)
        {
            if (ComponentRules.Check(component, calendar, calendar) is { } problem) return problem;
        }

        return null;
    }
}
