using Calendaring.ICalendar;

namespace Calendaring.Validation;

/// <summary>The limits that RFC 4791 §5.2.6 to §5.2.9 let a server set.</summary>
internal static class LimitRules
{
    public static CalendarObjectProblem? Check(Component calendar, CalendarObjectLimits limits)
    {
        var instances = 0;
        foreach (var component in calendar.Components)
        {
            if (!CalendarObjectRules.IsSubject(component)) continue;
            instances++;
            if (CheckComponent(component, limits, ref instances) is { } problem) return problem;
        }

        return null;
    }

    private static CalendarObjectProblem? CheckComponent(Component component, CalendarObjectLimits limits, ref int instances)
    {
        var attendees = 0;
        foreach (var line in component.Properties)
        {
            if (line.Name == "ATTENDEE" && ++attendees > limits.MaxAttendeesPerInstance)
            {
                return new(CalendarObjectFault.MaxAttendeesPerInstance, line.LineNumber, $"{component.Name} has more than {limits.MaxAttendeesPerInstance} attendees.");
            }

            if (!IsLimited(line.Name) || !line.TryReadPeriods(out var values)) continue;
            if (line.Name == "RDATE") instances += values.Count;
            if (instances > limits.MaxInstances)
            {
                return new(CalendarObjectFault.MaxInstances, line.LineNumber, $"The object writes out more than {limits.MaxInstances} occurrences.");
            }

            if (CheckTimes(line, values, limits) is { } problem) return problem;
        }

        foreach (var alarm in component.Components)
        {
            // a trigger that is relative is a duration, and has no times
            if (alarm.Find("TRIGGER") is { } trigger && trigger.TryReadPeriods(out var values) && CheckTimes(trigger, values, limits) is { } problem) return problem;
        }

        return null;
    }

    // Not CREATED, DTSTAMP and LAST-MODIFIED: exports write the year 0 or 1 into them.
    private static bool IsLimited(string name) => name is "DTSTART" or "DTEND" or "DUE" or "RECURRENCE-ID" or "RDATE" or "EXDATE" or "COMPLETED" or "FREEBUSY";

    private static CalendarObjectProblem? CheckTimes(ContentLine line, IReadOnlyList<CalendarPeriod> values, CalendarObjectLimits limits)
    {
        var earliest = limits.MinDateTime.InUtc().LocalDateTime;
        var latest = limits.MaxDateTime.InUtc().LocalDateTime;
        foreach (var value in values)
        {
            if (value.Start.Local < earliest) return new(CalendarObjectFault.MinDateTime, line.LineNumber, $"{line.Name} is before the year {earliest.Year}.");
            if (value.Start.Local > latest || value.End?.Local > latest) return new(CalendarObjectFault.MaxDateTime, line.LineNumber, $"{line.Name} is after the year {latest.Year}.");
        }

        return null;
    }
}
