using Calendaring.ICalendar;
using Microsoft.Graph.Models;
using NodaTime;
using ProviderBridge.Mapping;
using ProviderBridge.Sync;

namespace ProviderBridge.Microsoft;

/// <summary>What an appointment should be at Microsoft.</summary>
/// <param name="Master">The event or series.</param>
/// <param name="Occurrences">The occurrences that are not as the series says, by when the series would have them.</param>
/// <param name="Excluded">When the series would have occurrences that do not take place.</param>
internal sealed record GraphWanted(Event Master, IReadOnlyDictionary<CalendarTime, Event> Occurrences, IReadOnlySet<CalendarTime> Excluded)
{
    public bool Repeats => Master.Recurrence is not null;
}

/// <summary>Writes a calendar object as events of Graph.</summary>
internal sealed class GraphWriter
{
    private const string NoSuchRule = "Microsoft's calendars cannot repeat in this way.";
    private const string NoSuchZone = "Microsoft does not know the time zone in which this repeats.";

    /// <summary>How long at least what is written is.</summary>
    public static readonly Duration Shortest = Duration.FromMinutes(1);
    private readonly SeriesLines _series;

    /// <summary>The zone in which Graph gives the series back: several of ours have one name there.</summary>
    private readonly DateTimeZone _named;

    private GraphWriter(SeriesLines series, DateTimeZone practice) => (_series, _named) = (series, GraphZone.NameOf(series.Zone) is { } name ? GraphZone.Find(name, practice) : DateTimeZone.Utc);

    /// <summary>Writes an object.</summary>
    /// <param name="content">The object, as the link's privacy level shows it.</param>
    /// <param name="practice">The practice's zone.</param>
    /// <exception cref="OutsideException">It is nothing that Microsoft could have.</exception>
    public static GraphWanted Write(CalendarObject content, DateTimeZone practice) =>
        SeriesLines.Of(content, practice) is { } series ? new GraphWriter(series, practice).Write() : throw Rejected("It has no event that Microsoft could store.");

    /// <summary>A writer of the single events that stand for a series; null where it does not repeat.</summary>
    /// <param name="content">The series, as the link's privacy level shows it.</param>
    /// <param name="practice">The practice's zone.</param>
    /// <exception cref="OutsideException">It is nothing that could be there in parts either.</exception>
    public static GraphWriter? OfParts(CalendarObject content, DateTimeZone practice)
    {
        if (SeriesLines.Of(content, practice) is not { Repeats: true } series) return null;
        // one rule is what the sides are compared by
        if (series.Master.FindAll("RRULE").Count() > 1 || series.Master.Find("EXRULE") is not null || series.Master.FindAll("RDATE").Any(IsOfPeriods)) throw Rejected(NoSuchRule);
        return new GraphWriter(series, practice).Checked();
    }

    /// <summary>The series that is written.</summary>
    public SeriesLines Series => _series;

    /// <summary>Whether Graph has it as a series.</summary>
    public bool HasPattern => FindRule() is not null;

    /// <summary>What a rule gives that is not expanded to its end.</summary>
    public static OutsideException TooMuch() => Rejected(NoSuchRule);

    /// <summary>One event: the series without its rule, or an occurrence that is described by itself.</summary>
    public Event WriteSingle(Component component) => WriteEvent(component, repeats: false);

    /// <summary>An occurrence as the series says.</summary>
    /// <param name="place">Where the series puts it, in the form of its start.</param>
    public Event WriteSingle(CalendarTime place)
    {
        var (start, end) = _series.TimesOf(_series.Master);
        var written = WriteSingle(_series.Master);
        if (start.IsDate) (written.Start, written.End) = (GraphTimes.Write(place.Local.Date), GraphTimes.Write(place.Local.Date.PlusDays(Math.Max(1, Period.DaysBetween(start.Local.Date, end.Local.Date)))));
        else
        {
            var from = _series.InstantOf(place);
            (written.Start, written.End) = WriteTimes(from, from + (_series.InstantOf(end) - _series.InstantOf(start)), repeats: false);
        }

        written.OriginalStartTimeZone = written.Start.TimeZone;
        return written;
    }

    private GraphWanted Write()
    {
        var master = WriteEvent(_series.Master, _series.Repeats);
        if (!_series.Repeats) return new GraphWanted(master, new Dictionary<CalendarTime, Event>(), new HashSet<CalendarTime>());
        master.Recurrence = Checked().FindRule() ?? throw Rejected(NoSuchRule);
        var moved = _series.Overrides.Where(component => !IsCancelled(component)).Select(component => (Key: InSeries(SeriesLines.ReadTime(component, "RECURRENCE-ID")!.Value), Event: WriteSingle(component)));
        var cancelled = _series.Overrides.Where(IsCancelled).Select(component => SeriesLines.ReadTime(component, "RECURRENCE-ID")).OfType<CalendarTime>();
        return new GraphWanted(master, moved.GroupBy(one => one.Key).ToDictionary(same => same.Key, same => same.Last().Event), _series.TimesIn("EXDATE").Concat(cancelled).Select(InSeries).ToHashSet());
    }

    private GraphWriter Checked()
    {
        if (_series.Overrides.Any(component => component.Find("RECURRENCE-ID")!.Parameter("RANGE") is not null)) throw Rejected(NoSuchRule);
        if (_series.Master.Find("RRULE") is { } line && RuleLine.WithEndInForm(line.RawValue, _series) is null) throw Rejected(NoSuchRule);
        if (_series.IsInUnknownZone) throw Rejected(NoSuchZone);
        return this;
    }

    private PatternedRecurrence? FindRule()
    {
        var rules = _series.Master.FindAll("RRULE").ToList();
        // dates that are added one by one, or rules beside a rule, have no pattern
        if (rules.Count != 1 || _series.Master.Find("RDATE") is not null || _series.Master.Find("EXRULE") is not null) return null;
        var zone = _series.Start.IsDate ? null : _series.Zone;
        if (zone is not null && GraphZone.NameOf(zone) is null) return null;
        var start = _series.Start.IsDate ? _series.Start.Local : _series.InZone(_series.Start).LocalDateTime;
        // begun at a time that the clocks leave out, it repeats at another than it begins
        if (_series.Start.Kind == CalendarTimeKind.Zoned && start != _series.Start.Local && _series.Zone.Id == _series.Start.TimeZoneId) return null;
        return RuleLine.WithEndInForm(rules[0].RawValue, _series) is { } rule ? GraphRule.Write(rule, start, zone) : null;
    }

    private Event WriteEvent(Component component, bool repeats)
    {
        var (start, end) = _series.TimesOf(component);
        var written = new Event
        {
            Subject = TextOf(component, "SUMMARY"),
            Body = new ItemBody { ContentType = BodyType.Text, Content = TextOf(component, "DESCRIPTION") },
            Location = new Location { DisplayName = TextOf(component, "LOCATION") },
            ShowAs = Says(component, "TRANSP", "TRANSPARENT") ? FreeBusyStatus.Free : Says(component, "STATUS", "TENTATIVE") || IsCancelled(component) ? FreeBusyStatus.Tentative : FreeBusyStatus.Busy,
            Sensitivity = component.Find("CLASS") is null || Says(component, "CLASS", "PUBLIC") ? Sensitivity.Normal : Sensitivity.Private,
            IsAllDay = start.IsDate,
        };
        (written.Start, written.End) = start.IsDate
            ? (GraphTimes.Write(start.Local.Date), GraphTimes.Write(end.Local > start.Local ? end.Local.Date : start.Local.Date.PlusDays(1)))
            : WriteTimes(_series.InstantOf(start), _series.InstantOf(end), repeats);
        written.OriginalStartTimeZone = written.Start.TimeZone;
        return written;
    }

    // one without length is shown as none
    private (DateTimeTimeZone Start, DateTimeTimeZone End) WriteTimes(Instant start, Instant end, bool repeats) =>
        (repeats ? GraphTimes.WriteIn(_series.Zone, start) : GraphTimes.Write(start, _series.Zone), GraphTimes.Write(end > start ? end : start + Shortest, _series.Zone));

    /// <summary>A time that names an occurrence, as what is read from Graph names it: some clients write a day for a time, or another zone.</summary>
    private CalendarTime InSeries(CalendarTime time)
    {
        if (_series.Start.IsDate) return CalendarTime.OfDate(time.Local.Date);
        if (time.IsDate) return ZonedTime.Of(_named, (time.Local.Date + _series.InZone(_series.Start).TimeOfDay).InZoneLeniently(_series.Zone).ToInstant());
        return ZonedTime.Of(_named, _series.InstantOf(time));
    }

    private static bool IsOfPeriods(ContentLine line) => line.Parameter("VALUE")?.Equals("PERIOD", StringComparison.OrdinalIgnoreCase) == true;

    private static OutsideException Rejected(string why) => new(OutsideFault.Rejected, why);

    private static bool IsCancelled(Component component) => Says(component, "STATUS", "CANCELLED");

    private static bool Says(Component component, string name, string value) =>
        component.Find(name)?.RawValue.Trim().Equals(value, StringComparison.OrdinalIgnoreCase) == true;

    private static string TextOf(Component component, string name) => (component.Find(name)?.Text ?? "").ReplaceLineEndings("\n").TrimEnd();
}
