using Calendaring.ICalendar;
using Calendaring.TimeZones;
using NodaTime;

namespace Practice.Hx;

/// <summary>Moving a series, with all that hangs on its keys.</summary>
internal sealed partial class Series
{
    /// <summary>
    /// Moves the series to a new start and length: exclusions, RDATEs and RECURRENCE-IDs move along, and so do the times of overrides that
    /// had not been moved by themselves; one that had the length of the series has its new one.
    /// </summary>
    /// <param name="move">Where each occurrence goes.</param>
    /// <param name="lines">The new DTSTART, and DTEND or DURATION.</param>
    /// <param name="zones">An object whose VTIMEZONEs are taken over where needed.</param>
    public void Move(SeriesMove move, IReadOnlyList<ContentLine> lines, Component zones)
    {
        Move(key => move[key], lines, zones);
        if (move.Rule is { } rule) SetRule(rule);
    }

    /// <summary>The same, with the rule as it is.</summary>
    public void Move(Func<LocalDateTime, LocalDateTime> place, IReadOnlyList<ContentLine> lines, Component zones)
    {
        var before = Start;
        var overrides = Overrides;
        var lengths = overrides.ToDictionary(pair => pair.Key, pair => TimesOf(pair.Value));
        var exclusions = Exclusions;
        var length = LengthOf(Master);
        var dates = TakeDates();
        SetLines(Master, lines, zones);
        Forget();
        AddDates(dates, place);
        foreach (var (key, component) in overrides)
        {
            var (start, from, until) = lengths[key];
            if (start.Local == key && start.Kind == before.Kind)
                SetTimes(component, TimeOf(place(key)), until - from == length ? LengthOf(Master) : until - from);
            component.Set(ContentLine.CreateTime("RECURRENCE-ID", TimeOf(place(key))));
        }

        RewriteExclusions(_ => exclusions.Select(place));
        Forget();
    }

    /// <summary>Puts RECURRENCE-IDs, RDATEs and exclusions that still name the times before a move of the series where they belong.</summary>
    public void MoveKeys(Func<LocalDateTime, LocalDateTime> place)
    {
        foreach (var (key, component) in Overrides) component.Set(ContentLine.CreateTime("RECURRENCE-ID", TimeOf(place(key))));
        RewriteExclusions(keys => keys.Select(place));
        AddDates(TakeDates(), place);
        Forget();
    }

    /// <summary>Writes a single appointment in a zone: what repeats in UTC moves by an hour with each change of the clocks.</summary>
    public void WriteInZone(DateTimeZone zone)
    {
        var (_, from, until) = TimesOf(Master);
        var start = new CalendarTime(from.InZone(zone).LocalDateTime, CalendarTimeKind.Zoned, zone.Id);
        TakeZone(zone.Id, Defining(zone, start.Local));
        SetTimes(Master, start, until - from);
        Forget();
    }

    /// <summary>An object that defines a time zone from a year before a start: what starts there may be moved back.</summary>
    public static Component Defining(DateTimeZone zone, LocalDateTime start)
    {
        var calendar = new Component("VCALENDAR");
        calendar.Add(ZoneDefinition.Of(zone, start.PlusYears(-1)));
        return calendar;
    }

    /// <summary>Gives an event the times that somebody wrote, and the object the time zones they name.</summary>
    public void SetLines(Component component, IReadOnlyList<ContentLine> lines, Component zones)
    {
        foreach (var name in TimeNames) component.RemoveAll(name);
        foreach (var line in lines)
        {
            component.Add(line);
            if (line.Parameter("TZID") is { } zone) TakeZone(zone, zones);
        }
    }

    private void TakeZone(string zoneId, Component from)
    {
        if (FindZone(Object.Calendar, zoneId) is not null || FindZone(from, zoneId) is not { } zone) return;
        Object.Calendar.Add(zone.Clone());
        _zones = new ZoneResolver(Object.Calendar, _floating);
    }

    private static Component? FindZone(Component calendar, string zoneId) =>
        calendar.Components.FirstOrDefault(component => component.Name == "VTIMEZONE" && component.Find("TZID")?.RawValue == zoneId);

    private Duration LengthOf(Component component)
    {
        var (_, from, until) = TimesOf(component);
        return until - from;
    }

    /// <summary>Takes the RDATEs out of the master: key, and length where the date has one of its own.</summary>
    private List<(LocalDateTime Key, Duration? Length)> TakeDates()
    {
        List<(LocalDateTime, Duration?)> dates = [];
        foreach (var line in Master.FindAll("RDATE").ToList())
        {
            if (!line.TryReadPeriods(out var periods)) continue;
            foreach (var period in periods)
            {
                var from = _zones.ToInstant(period.Start);
                Instant? until = period.End is { } end
                    ? _zones.ToInstant(end)
                    : period.Duration?.After(period.Start.Local, _zones.ZoneOf(period.Start));
                dates.Add((KeyOf(period.Start), until - from));
            }

            Master.Remove(line);
        }

        return dates;
    }

    private void AddDates(List<(LocalDateTime Key, Duration? Length)> dates, Func<LocalDateTime, LocalDateTime> place)
    {
        foreach (var (key, length) in dates)
        {
            var start = TimeOf(place(key));
            if (length is not { } own || start.IsDate) AddDate(place(key));
            else
            {
                List<Parameter> parameters = [new Parameter("VALUE", ["PERIOD"])];
                if (start.TimeZoneId is { } zone) parameters.Add(new Parameter("TZID", [zone]));
                Master.Add(ContentLine.Create("RDATE", $"{start}/{EndLine(start, own).RawValue}", [.. parameters]));
            }
        }
    }
}
