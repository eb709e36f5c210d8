using CalDavServer.Dav.Filters;
using Calendaring.ICalendar;
using Calendaring.Occurrences;
using Calendaring.TimeZones;
using NodaTime;

namespace CalDavServer.Dav.Reports.CalendarData;

/// <summary>
/// CALDAV:expand (RFC 4791 §9.6.5): one component for each occurrence in a range, without rules and without time zones. Times in a zone become UTC; all-day and floating ones stay, as
/// they refer to none.
/// </summary>
internal static class Expansion
{
    /// <summary>What is asked for of the expanded object; the source is not changed.</summary>
    /// <exception cref="ExpansionLimitException">There are more occurrences than may be returned, or they are too large.</exception>
    public static Component Expand(CalendarObject source, TimeRange range, CalendarDataRequest request)
    {
        request.BeginObject();
        var scope = new FilterScope(source, request.Floating, request.Allowance.Next());
        var calendar = request.Selection.SelectProperties(source.Calendar);
        var recurring = false;
        foreach (var component in source.Calendar.Components)
        {
            if (component.Name == "VTIMEZONE") continue;
            if (component.Name is not ("VEVENT" or "VTODO" or "VJOURNAL")) Add(calendar, component, request);
            else if (scope.Recurs(component) || component.Find("RECURRENCE-ID") is not null) recurring = true;
            else if (ComponentTime.Overlaps(component, null, range, scope)) Add(calendar, AsOccurrence(component, scope.Zones), request);
        }

        if (recurring) AddOccurrences(calendar, scope, range, request);
        return calendar;
    }

    private static void AddOccurrences(Component calendar, FilterScope scope, TimeRange range, CalendarDataRequest request)
    {
        foreach (var occurrence in scope.Occurrences(range))
        {
            if (ComponentTime.Overlaps(ComponentTime.SpanOf(occurrence), range, scope)) Add(calendar, AsOccurrence(occurrence, scope.Zones), request);
        }

        if (scope.Budget.Exhausted) throw new ExpansionLimitException("The rule is too costly to follow through the range: ask for a shorter one.");
    }

    // one by one, so that nothing is made that may not be returned
    private static void Add(Component calendar, Component expanded, CalendarDataRequest request)
    {
        var part = request.Selection.SelectWithin(expanded);
        request.Count(LinesOf(expanded), part?.Length ?? 0);
        if (part is not null) calendar.Add(part);
    }

    private static int LinesOf(Component component)
    {
        var lines = component.Properties.Count;
        foreach (var child in component.Components) lines += LinesOf(child);
        return lines;
    }

    private static Component AsOccurrence(Component component, ZoneResolver zones)
    {
        var span = ComponentSpan.Of(component, zones);
        var start = span.Start ?? span.End ?? Instant.MinValue;
        return AsOccurrence(new Occurrence(component, null, span.StartTime ?? default, start, span.End ?? start), zones);
    }

    private static Component AsOccurrence(in Occurrence occurrence, ZoneResolver zones)
    {
        var source = occurrence.Component;
        var result = new Component(source.Name);
        var zone = zones.ZoneOf(occurrence.StartTime);
        var endName = source.Name == "VTODO" ? "DUE" : "DTEND";
        foreach (var line in source.Properties)
        {
            switch (line.Name)
            {
                case "RRULE" or "RDATE" or "EXDATE" or "EXRULE" or "RECURRENCE-ID": break;
                case "DTSTART":
                    result.Add(ContentLine.CreateTime(line.Name, Written(occurrence.StartTime, occurrence.Start)));
                    if (occurrence.RecurrenceId is { } id) result.Add(ContentLine.CreateTime("RECURRENCE-ID", Written(id, zones.ToInstant(id))));
                    break;
                case "DTEND" or "DUE" when line.TryReadTime(out var end):
                    result.Add(ContentLine.CreateTime(line.Name, EndOf(end, occurrence.End, zone)));
                    break;
                case "DURATION" when line.TryReadDuration(out var duration) && !Lasts(occurrence, duration, zone):
                    result.Add(ContentLine.CreateTime(endName, EndOf(occurrence.StartTime, occurrence.End, zone)));
                    break;
                default:
                    result.Add(line.Parameter("TZID") is not null && line.TryReadTime(out var time) ? ContentLine.CreateTime(line.Name, Written(time, zones.ToInstant(time))) : line);
                    break;
            }
        }

        if (occurrence.RecurrenceId is { } only && result.Find("RECURRENCE-ID") is null) result.Add(ContentLine.CreateTime("RECURRENCE-ID", Written(only, zones.ToInstant(only))));
        if (HasOwnEnd(occurrence, zone)) result.Add(ContentLine.CreateTime(endName, EndOf(occurrence.StartTime, occurrence.End, zone)));
        foreach (var component in source.Components) result.Add(component);
        return result;
    }

    // Whether a duration, written beside the start without its zone, says when the occurrence ends: its days follow the clock of the zone, and an RDATE may be a period of its own.
    private static bool Lasts(in Occurrence occurrence, CalendarDuration duration, DateTimeZone zone) =>
        (duration.Days == 0 || occurrence.StartTime.Kind != CalendarTimeKind.Zoned) && duration.After(occurrence.StartTime.Local, zone) == occurrence.End;

    // Whether an occurrence of a component that says no end has one nevertheless: a period of an RDATE.
    private static bool HasOwnEnd(in Occurrence occurrence, DateTimeZone zone)
    {
        var source = occurrence.Component;
        if (source.Name == "VJOURNAL" || source.Find("DTSTART") is null || source.Find("DTEND") is not null || source.Find("DUE") is not null || source.Find("DURATION") is not null) return false;
        var implied = occurrence.StartTime.IsDate && source.Name == "VEVENT" ? new CalendarDuration(1, 0) : default;
        return occurrence.End > implied.After(occurrence.StartTime.Local, zone);
    }

    private static CalendarTime Written(CalendarTime time, Instant instant) => time.Kind == CalendarTimeKind.Zoned ? CalendarTime.OfUtc(instant) : time;

    private static CalendarTime EndOf(CalendarTime written, Instant end, DateTimeZone zone) => written.Kind switch
    {
        CalendarTimeKind.Date => CalendarTime.OfDate(end.InZone(zone).Date),
        CalendarTimeKind.Floating => new CalendarTime(end.InZone(zone).LocalDateTime, CalendarTimeKind.Floating),
        _ => CalendarTime.OfUtc(end),
    };
}
