using Calendaring.ICalendar;
using Calendaring.Occurrences;
using Calendaring.Recurrence;
using Calendaring.TimeZones;
using Calendaring.Validation;
using NodaTime;

namespace Calendaring.Store;

/// <summary>Makes the index row of a calendar object.</summary>
public static class ObjectIndexer
{
    /// <summary>Farther from UTC than any zone: what NodaTime and <see cref="ValueReader.TryReadOffset"/> take at most.</summary>
    private const int FarthestHours = 18;

    /// <summary>A series that takes more to count to its end is indexed as one without an end.</summary>
    private const int Steps = 10_000;

    private static readonly DateTimeZone EarliestZone = DateTimeZone.ForOffset(Offset.FromHours(FarthestHours));

    /// <summary>
    /// The index row; what cannot be told leaves its field null, so that the object is a candidate for every time range. Never throws for an object that keeps
    /// <see cref="CalendarObjectRules"/>.
    /// </summary>
    public static ObjectIndex Index(CalendarObject calendarObject)
    {
        ArgumentNullException.ThrowIfNull(calendarObject);
        ReadingMetrics.Indexed.Add(1);
        Component? subject = null;
        var recurring = false;
        foreach (var component in calendarObject.Calendar.Components)
        {
            if (!CalendarObjectRules.IsSubject(component)) continue;
            recurring |= subject is not null || component.Find("RRULE") is not null || component.Find("RDATE") is not null || component.Find("RECURRENCE-ID") is not null;
            subject ??= component;
        }

        if (subject is null) return new ObjectIndex("", "", null, null, Recurring: false);
        var (start, end) = BoundsOf(calendarObject, subject);
        return new ObjectIndex(subject.Find("UID")?.Text ?? "", subject.Name, start, end, recurring);
    }

    private static (Instant? Start, Instant? End) BoundsOf(CalendarObject calendarObject, Component subject)
    {
        try
        {
            return subject.Name switch
            {
                "VEVENT" or "VTODO" or "VJOURNAL" => BoundsOfOccurrences(calendarObject),
                "VFREEBUSY" or "VAVAILABILITY" => BoundsOfInterval(calendarObject.Calendar, subject),
                _ => (null, null),
            };
        }
        catch (Exception exception) when (exception is ArgumentException or ArithmeticException or InvalidOperationException or FormatException)
        {
            // a time at the end of the calendar may lead out of it; the object is then a candidate always, and no client is told 500
            return (null, null);
        }
    }

    private static (Instant? Start, Instant? End) BoundsOfOccurrences(CalendarObject calendarObject)
    {
        var (depends, mixed) = ZoneDependence(calendarObject.Calendar);
        if (mixed) return (null, null);
        var zones = new ZoneResolver(calendarObject.Calendar, EarliestZone);
        var (start, end) = RecurrenceSet.Of(calendarObject, zones).Bounds(new ExpansionBudget(Steps));
        return (start, depends ? Later(end) : end);
    }

    /// <summary>RFC 4791 §9.9: from DTSTART to DTEND, or what the FREEBUSY lines cover; RFC 7953 §3.1: without DTSTART or DTEND it is open.</summary>
    private static (Instant? Start, Instant? End) BoundsOfInterval(Component calendar, Component subject)
    {
        var zones = new ZoneResolver(calendar, EarliestZone);
        if (subject.Name == "VFREEBUSY" && subject.Find("FREEBUSY") is not null) return BoundsOfBusyTime(subject, zones);
        Instant? start = null, end = null;
        if (subject.Find("DTSTART") is { } startLine && startLine.TryReadTime(out var from))
        {
            start = zones.ToInstant(from);
            if (subject.Find("DURATION") is { } length && length.TryReadDuration(out var duration)) end = Later(duration.After(from.Local, zones.ZoneOf(from)));
        }

        if (subject.Find("DTEND") is { } endLine && endLine.TryReadTime(out var until)) end = Later(zones.ToInstant(until));
        return (start, end);
    }

    private static (Instant? Start, Instant? End) BoundsOfBusyTime(Component subject, ZoneResolver zones)
    {
        Instant? start = null, end = null;
        foreach (var line in subject.Properties)
        {
            if (line.Name is not ("DTSTART" or "DTEND" or "FREEBUSY") || !line.TryReadPeriods(out var periods)) continue;
            foreach (var period in periods)
            {
                var from = zones.ToInstant(period.Start);
                var until = period.End is { } last ? zones.ToInstant(last) : period.Duration?.After(period.Start.Local, zones.ZoneOf(period.Start)) ?? from;
                start = start < from ? start : from;
                end = end > until ? end : until;
            }
        }

        return (start, Later(end));
    }

    /// <summary>
    /// From the end in the zone that is first to the end in the zone that is last. (An UNTIL in UTC lets the first zone have the most occurrences, so that its end is the
    /// one to start from.)
    /// </summary>
    private static Instant? Later(Instant? end)
    {
        var widening = Duration.FromHours(2 * FarthestHours);
        return end is null || end > Instant.MaxValue - widening ? null : end + widening;
    }

    /// <summary>
    /// Whether any time depends on the zone of whoever looks; and whether of the series and its exceptions one does and the other does not: then an exception falls on
    /// another occurrence in each zone.
    /// </summary>
    private static (bool Depends, bool Mixed) ZoneDependence(Component calendar)
    {
        bool depends = false, floatingSeries = false, fixedSeries = false;
        foreach (var component in calendar.Components)
        {
            if (!CalendarObjectRules.IsSubject(component)) continue;
            var ofSeries = component.Find("RECURRENCE-ID") is null;
            foreach (var line in component.Properties)
            {
                if (line.Name is not ("DTSTART" or "DTEND" or "DUE" or "RECURRENCE-ID" or "RDATE" or "EXDATE") || !line.TryReadPeriods(out var values)) continue;
                var floating = IsFloating(line, values, calendar);
                depends |= floating;
                if (line.Name is not ("RECURRENCE-ID" or "EXDATE") && !(line.Name == "DTSTART" && ofSeries)) continue;
                floatingSeries |= floating;
                fixedSeries |= !floating;
            }
        }

        return (depends, floatingSeries && fixedSeries);
    }

    private static bool IsFloating(ContentLine line, IReadOnlyList<CalendarPeriod> values, Component calendar)
    {
        foreach (var value in values)
        {
            if (value.Start.Kind is CalendarTimeKind.Date or CalendarTimeKind.Floating) return true;
        }

        return line.Parameter("TZID") is { } id && values[0].Start.Kind == CalendarTimeKind.Zoned && !IsKnown(id, calendar);
    }

    private static bool IsKnown(string timeZoneId, Component calendar)
    {
        foreach (var component in calendar.Components)
        {
            if (component.Name == "VTIMEZONE" && component.Find("TZID")?.Text == timeZoneId) return true;
        }

        return TimeZoneCatalog.Find(timeZoneId) is not null;
    }
}
