using Calendaring.ICalendar;
using Calendaring.Recurrence;
using Calendaring.TimeZones;
using NodaTime;
using static Calendaring.Validation.CalendarObjectRules;

namespace Calendaring.Validation;

/// <summary>Checks one component with all that is in it against RFC 5545 §3.6.</summary>
internal static class ComponentRules
{
    /// <summary>Checks a component inside another; the depth is limited by the parser.</summary>
    public static CalendarObjectProblem? Check(Component component, Component parent, Component calendar)
    {
        var rule = ComponentRule.For(component.Name);
        if (rule?.Inside is { } inside && !inside.Contains(parent.Name) && !parent.Name.StartsWith("X-", StringComparison.Ordinal))
        {
            return InvalidData(component.LineNumber, $"{component.Name} may not be inside {parent.Name}.");
        }

        if (rule is not null && CheckProperties(component, rule, calendar) is { } problem) return problem;
        foreach (var inner in component.Components)
        {
            if (Check(inner, component, calendar) is { } nested) return nested;
        }

        return component.Name == "VTIMEZONE" && !component.Components.Any(static observance => observance.Name is "STANDARD" or "DAYLIGHT")
            ? InvalidData(component.LineNumber, "VTIMEZONE has neither STANDARD nor DAYLIGHT.")
            : null;
    }

    /// <summary>Checks that required properties are there and others not twice.</summary>
    public static CalendarObjectProblem? CheckNames(Component component, ComponentRule rule)
    {
        var seen = new HashSet<string>();
        foreach (var line in component.Properties)
        {
            if (rule.Once.Contains(line.Name) && !seen.Add(line.Name)) return InvalidData(line.LineNumber, $"{component.Name} has {line.Name} more than once.");
        }

        foreach (var name in rule.Required)
        {
            if (!seen.Contains(name)) return InvalidData(component.LineNumber, $"{component.Name} has no {name}.");
        }

        return null;
    }

    private static CalendarObjectProblem? CheckProperties(Component component, ComponentRule rule, Component calendar)
    {
        if (CheckNames(component, rule) is { } problem) return problem;
        foreach (var line in component.Properties)
        {
            if (ValueRules.Check(line) is { } reason) return Fault(line, reason);
        }

        return rule.End is null ? null : CheckEnd(component, rule.End, calendar);
    }

    private static CalendarObjectProblem? CheckEnd(Component component, string endName, Component calendar)
    {
        var start = component.Find("DTSTART");
        var end = component.Find(endName);
        var duration = component.Find("DURATION");
        if (end is not null && duration is not null) return InvalidData(duration.LineNumber, $"{component.Name} has both {endName} and DURATION.");
        // §3.6.2
        if (duration is not null && start is null) return InvalidData(duration.LineNumber, $"{component.Name} has DURATION but no DTSTART.");
        if (duration is not null && duration.TryReadDuration(out var length) && length.IsNegative) return InvalidData(duration.LineNumber, "DURATION is negative.");
        if (start is null || end is null || !start.TryReadTime(out var from) || !end.TryReadTime(out var until)) return null;
        if (from.IsDate != until.IsDate)
        {
            // task apps are known to write a DATE beside a DATE-TIME: then there is nothing to compare
            return component.Name == "VTODO" ? null : InvalidData(end.LineNumber, $"{endName} and DTSTART are not both a DATE or both a DATE-TIME.");
        }

        // equal is against §3.8.2.2, and what Google and Outlook write for an event without length
        return EndsBefore(from, until, calendar) ? InvalidData(end.LineNumber, $"{endName} is before DTSTART.") : null;
    }

    /// <summary>
    /// Whether the end is before the start. In the hour that is repeated when daylight saving time ends, an end may look earlier than its start and be later: the
    /// second time that it occurs counts. A floating time and one in a zone cannot be compared.
    /// </summary>
    private static bool EndsBefore(CalendarTime start, CalendarTime end, Component calendar)
    {
        if (start.Kind == end.Kind && start.TimeZoneId == end.TimeZoneId)
        {
            if (end.Local >= start.Local) return false;
            if (start.Kind != CalendarTimeKind.Zoned) return true;
        }

        if (start.Kind == CalendarTimeKind.Floating || end.Kind == CalendarTimeKind.Floating) return false;
        var zones = new ZoneResolver(calendar, DateTimeZone.Utc);
        var mapping = zones.ZoneOf(end).MapLocal(end.Local);
        return (mapping.Count == 2 ? mapping.Last().ToInstant() : zones.ToInstant(end)) < zones.ToInstant(start);
    }

    private static CalendarObjectProblem Fault(ContentLine line, string reason) =>
        new(
            reason.StartsWith(RecurrenceRule.UnsupportedScale, StringComparison.Ordinal) ? CalendarObjectFault.SupportedScale : CalendarObjectFault.ValidCalendarData,
            line.LineNumber,
            $"{line.Name}: {reason}");
}
