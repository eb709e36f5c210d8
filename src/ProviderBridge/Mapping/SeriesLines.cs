using Calendaring.ICalendar;
using Calendaring.Occurrences;
using Calendaring.Recurrence;
using Calendaring.TimeZones;
using NodaTime;

namespace ProviderBridge.Mapping;

/// <summary>The events of a calendar object: the one that is the series, or the single event, and the occurrences that are not as it says; with their times on the time line.</summary>
internal sealed class SeriesLines
{
    private readonly ZoneResolver _zones;
    private readonly DateTimeZone _floating;

    private SeriesLines(CalendarObject content, Component master, DateTimeZone floating)
    {
        (Master, _floating) = (master, floating);
        _zones = new ZoneResolver(content.Calendar, floating);
        Overrides = [.. content.Calendar.Components.Where(component => component.Name == "VEVENT" && component.Find("RECURRENCE-ID") is not null)];
        Start = ReadTime(master, "DTSTART")!.Value;
        Zone = Start.IsDate ? floating : IanaZone.Of(_zones.ZoneOf(Start), _zones.ToInstant(Start), floating) ?? DateTimeZone.Utc;
    }

    /// <summary>The event that is no override.</summary>
    public Component Master { get; }

    public IReadOnlyList<Component> Overrides { get; }

    public CalendarTime Start { get; }

    /// <summary>The zone in which it repeats, by a name that others know; UTC where there is none.</summary>
    public DateTimeZone Zone { get; }

    /// <summary>Whether <see cref="Zone"/> keeps another time than the object says: what repeats is then an hour off for part of the year.</summary>
    public bool IsInUnknownZone => !Start.IsDate && IanaZone.Of(_zones.ZoneOf(Start), _zones.ToInstant(Start), _floating) is null;

    public bool Repeats => Master.Find("RRULE") is not null || Master.Find("RDATE") is not null;

    /// <summary>Reads an object; null when it has no event of its own with a start.</summary>
    /// <param name="content">The object.</param>
    /// <param name="floating">The zone of floating times.</param>
    public static SeriesLines? Of(CalendarObject content, DateTimeZone floating)
    {
        var master = content.Calendar.Components.FirstOrDefault(component => component.Name == "VEVENT" && component.Find("RECURRENCE-ID") is null && ReadTime(component, "DTSTART") is not null);
        return master is null ? null : new SeriesLines(content, master, floating);
    }

    /// <summary>When an event starts, and the first moment or day after it.</summary>
    public (CalendarTime Start, CalendarTime End) TimesOf(Component component)
    {
        var start = ReadTime(component, "DTSTART") ?? Start;
        if (ReadTime(component, "DTEND") is { } end && end.IsDate == start.IsDate) return (start, end);
        if (component.Find("DURATION") is { } line && line.TryReadDuration(out var duration))
        {
            return start.IsDate
                ? (start, CalendarTime.OfDate(start.Local.Date.PlusDays(Math.Max(1, duration.Days))))
                : (start, CalendarTime.OfUtc(duration.After(start.Local, _zones.ZoneOf(start))));
        }

        return (start, start.IsDate ? CalendarTime.OfDate(start.Local.Date.PlusDays(1)) : start);
    }

    public Instant InstantOf(CalendarTime time) => _zones.ToInstant(time);

    /// <summary>A time of this object in the zone in which it repeats.</summary>
    public ZonedDateTime InZone(CalendarTime time) => _zones.ToInstant(time).InZone(Zone);

    /// <summary>The times in the lines of a name, such as EXDATE.</summary>
    public IEnumerable<CalendarTime> TimesIn(string name)
    {
        foreach (var line in Master.FindAll(name))
        {
            if (!line.TryReadPeriods(out var periods)) continue;
            foreach (var period in periods) yield return period.Start;
        }
    }

    /// <summary>The places of occurrences that are described by themselves and that the series would not have without that: RFC 5545 lets them be, and others ask for a date.</summary>
    /// <param name="named">The places of all that are described by themselves, in the form of the start.</param>
    public IReadOnlyList<CalendarTime> DatesOfOrphans(IEnumerable<CalendarTime> named)
    {
        var places = named.ToList();
        if (places.Count == 0) return [];
        var (first, last) = (places.Min(InstantOf), places.Max(InstantOf));
        var there = Places(first, last + Duration.FromSeconds(1), new ExpansionBudget(ExpansionBudget.DefaultSteps)).Select(one => one.Start).ToHashSet();
        return [.. places.Where(place => !there.Contains(InstantOf(place)))];
    }

    /// <summary>Where the rule and the dates that are added put occurrences, whatever is taken out or described by itself.</summary>
    /// <param name="from">From when on.</param>
    /// <param name="until">Until when.</param>
    /// <param name="budget">What it may cost.</param>
    public IEnumerable<Occurrence> Places(Instant from, Instant until, ExpansionBudget budget)
    {
        var alone = new Component("VCALENDAR");
        var master = Master.Clone();
        master.RemoveAll("EXDATE");
        alone.Add(master);
        return RecurrenceSet.Of(new CalendarObject(alone), _zones).Between(from, until, budget);
    }

    public static CalendarTime? ReadTime(Component component, string name) =>
        component.Find(name) is { } line && line.TryReadTime(out var time) ? time : null;
}
