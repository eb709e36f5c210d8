using System.Text;
using Calendaring.ICalendar;
using Calendaring.Recurrence;
using Microsoft.Graph.Models;
using NodaTime;
using ProviderBridge.Mapping;
using ProviderBridge.Sync;

namespace ProviderBridge.Microsoft;

/// <summary>
/// A series for which Graph has no pattern. It is there as single events, one for each date within a horizon, and each is noted with the place where the series puts it: a part. What is done to a part is an edit of that
/// occurrence; of the rule the parts say nothing.
/// </summary>
internal sealed class GraphParts
{
    private const int MostSoon = 300;
    private static readonly Duration Soon = Duration.FromDays(21);
    private readonly GraphWriter _writer;
    private readonly SeriesLines _series;
    private readonly DateTimeZone _practice;
    private readonly CalendarTime _start;
    private readonly Dictionary<string, Component> _overrides = new(StringComparer.Ordinal);
    private readonly HashSet<string> _excluded;

    private GraphParts(GraphWriter writer, DateTimeZone practice)
    {
        (_writer, _series, _practice) = (writer, writer.Series, practice);
        _start = StartOf(_series);
        _excluded = [.. _series.TimesIn("EXDATE").Select(KeyOf)];
        foreach (var single in _series.Overrides)
        {
            if (SeriesLines.ReadTime(single, "RECURRENCE-ID") is not { } place) continue;
            if (single.Find("STATUS")?.RawValue.Trim().Equals("CANCELLED", StringComparison.OrdinalIgnoreCase) == true) _excluded.Add(KeyOf(place));
            else _overrides[KeyOf(place)] = single;
        }
    }

    /// <summary>Reads a series; null where it does not repeat, or Graph has a pattern for it.</summary>
    /// <param name="content">The series, as the link's privacy level shows it.</param>
    /// <param name="practice">The practice's zone.</param>
    /// <exception cref="OutsideException">It is nothing that Microsoft could have.</exception>
    public static GraphParts? Of(CalendarObject content, DateTimeZone practice) =>
        GraphWriter.OfParts(content, practice) is { HasPattern: false } writer ? new GraphParts(writer, practice) : null;

    /// <summary>Those of some places where the series has an occurrence.</summary>
    public HashSet<string> Occurring(IEnumerable<string> keys)
    {
        var times = keys.Distinct(StringComparer.Ordinal).Where(key => !_excluded.Contains(key)).Select(key => (Key: key, Time: Read(key))).Where(one => one.Time is not null).ToDictionary(one => one.Key, one => one.Time!.Value);
        if (times.Count == 0) return [];
        var there = PlacesIn(times.Values.Min(_series.InstantOf), times.Values.Max(_series.InstantOf) + Duration.FromSeconds(1)).ToHashSet(StringComparer.Ordinal);
        there.IntersectWith(times.Keys);
        return there;
    }

    /// <summary>The places of the occurrences that should be there: of the last month, and of a year and a half ahead.</summary>
    /// <param name="now">The current time.</param>
    /// <param name="most">How many there may be.</param>
    /// <exception cref="OutsideException">They are too many to be there.</exception>
    public IReadOnlyList<string> Due(Instant now, int most)
    {
        // so many that what is due would be over before more is made
        if (PlacesIn(now, now + Soon).Skip(MostSoon).Any()) throw GraphWriter.TooMuch();
        var past = PlacesIn(now - GraphDelta.Before, now).TakeLast(most / 4).ToList();
        return [.. past.Concat(PlacesIn(now, now + GraphDelta.Ahead)).Where(key => !_excluded.Contains(key)).Distinct(StringComparer.Ordinal).Take(most)];
    }

    /// <summary>The new places of parts whose series was moved as a whole, by those of before: where it has an occurrence, and neither had one there before.</summary>
    /// <param name="before">The series as it was.</param>
    /// <param name="keys">The places of the parts that there are.</param>
    /// <param name="renamed">What its occurrences are called since.</param>
    public Dictionary<string, string> Moved(GraphParts before, IReadOnlyCollection<string> keys, Func<LocalDateTime, LocalDateTime> renamed)
    {
        var stays = Occurring(keys);
        var moved = keys.Where(key => !stays.Contains(key) && before.Read(key) is not null).ToDictionary(key => key, key => KeyOf(_start with { Local = renamed(before.LocalOf(key)) }), StringComparer.Ordinal);
        var free = Occurring(moved.Values);
        free.ExceptWith(keys);
        free.ExceptWith(before.Occurring(free));
        return moved.Where(one => free.Contains(one.Value)).DistinctBy(one => one.Value).ToDictionary(StringComparer.Ordinal);
    }

    /// <summary>Whether there are occurrences after those that are due.</summary>
    public bool GoesOn(Instant now) => PlacesIn(now + GraphDelta.Ahead, Instant.MaxValue).Any();

    /// <summary>The local time at which the series puts an occurrence.</summary>
    public LocalDateTime LocalOf(string key) => Read(key)!.Value.Local;

    /// <summary>The event that should stand for an occurrence.</summary>
    public Event At(string key) => _overrides.TryGetValue(key, out var single) ? _writer.WriteSingle(single) : PlainAt(key);

    /// <summary>The series as a calendar object, with what its parts say.</summary>
    /// <param name="uid">The appointment's UID.</param>
    /// <param name="parts">The events that there are, by the places that they stand for: occurrences of the series.</param>
    /// <param name="gone">The places of occurrences that somebody has removed.</param>
    public CalendarObject Compose(string uid, IReadOnlyDictionary<string, Event> parts, IReadOnlySet<string> gone)
    {
        List<Component> events = [Master(uid, gone)];
        foreach (var key in _overrides.Keys.Union(parts.Keys).Where(key => !gone.Contains(key) && !_excluded.Contains(key)).Order(StringComparer.Ordinal))
        {
            var expected = At(key);
            var one = parts.TryGetValue(key, out var part) && GraphOverlay.Lay(part, expected, _practice) is not null ? part : expected;
            if (GraphOverlay.Lay(one, PlainAt(key), _practice) is null) continue;
            var single = ReadEvent(one, uid);
            single.Add(ContentLine.CreateTime("RECURRENCE-ID", Read(key)!.Value));
            events.Add(single);
        }

        return ReadEvents.ToObject(events, _start);
    }

    private Event PlainAt(string key) => _writer.WriteSingle(_series.Start with { Local = Read(key)!.Value.Local });

    private Component Master(string uid, IEnumerable<string> gone)
    {
        var written = _writer.WriteSingle(_series.Master);
        var master = ReadEvent(written, uid);
        if (!_start.IsDate)
        {
            // it repeats in its own zone, also where Microsoft has no name for that
            master.Set(ContentLine.CreateTime("DTSTART", _start));
            master.RemoveAll("DTEND");
            master.Add(EndLine(GraphTimes.Read(written.End, false, DateTimeZone.Utc)!.Value.Local.InUtc().ToInstant()));
        }

        if (_series.Master.Find("RRULE") is { } rule) master.Add(ContentLine.Create("RRULE", RuleLine.WithEndInForm(rule.RawValue, _series)!));
        foreach (var date in _series.TimesIn("RDATE").Select(KeyOf).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)) master.Add(ContentLine.CreateTime("RDATE", Read(date)!.Value));
        foreach (var key in _excluded.Union(gone).Order(StringComparer.Ordinal)) master.Add(ContentLine.CreateTime("EXDATE", Read(key)!.Value));
        return master;
    }

    /// <summary>The end in the form of the start; a length, where the local time of the end comes twice and the later is meant.</summary>
    private ContentLine EndLine(Instant until)
    {
        var zone = _start.Kind == CalendarTimeKind.Utc ? DateTimeZone.Utc : _series.Zone;
        var end = until.InZone(zone).LocalDateTime;
        return end.InZoneLeniently(zone).ToInstant() == until
            ? ContentLine.CreateTime("DTEND", _start with { Local = end })
            : ContentLine.Create("DURATION", CalendarDuration.Exactly(until - _series.InstantOf(_series.Start)).ToString());
    }

    private Component ReadEvent(Event one, string uid) =>
        GraphReader.Read(GraphSeries.Single(one), uid, _practice)?.Calendar.Components.First(component => component.Name == "VEVENT").Clone() ?? throw new OutsideException(OutsideFault.Rejected, "Microsoft has an event whose time or repetition cannot be read.");

    /// <summary>Where the series puts occurrences, in order, whatever is taken out.</summary>
    private IEnumerable<string> PlacesIn(Instant from, Instant until)
    {
        var budget = new ExpansionBudget(ExpansionBudget.DefaultSteps);
        foreach (var place in _series.Places(from, until, budget))
        {
            if (place.Start >= from) yield return KeyOf(place.RecurrenceId ?? place.StartTime);
        }

        // what is not known to be no occurrence is not taken for none
        if (budget.Exhausted) throw GraphWriter.TooMuch();
    }

    /// <summary>Names the place of an occurrence: some clients write a day for a time, or another zone.</summary>
    private string KeyOf(CalendarTime time)
    {
        if (_start.IsDate) return CalendarTime.OfDate(time.Local.Date).ToString();
        if (time.IsDate) return (_start with { Local = time.Local.Date + _start.Local.TimeOfDay }).ToString();
        var isSame = time.Kind == CalendarTimeKind.Floating || (time.Kind == _series.Start.Kind && time.TimeZoneId == _series.Start.TimeZoneId);
        return (_start with { Local = isSame ? time.Local : _series.InZone(time).LocalDateTime }).ToString();
    }

    /// <summary>The place in the form of the start; null for a name in another form.</summary>
    private CalendarTime? Read(string key) =>
        CalendarTime.TryParse(Encoding.UTF8.GetBytes(key), out var time) && time.IsDate == _start.IsDate && (time.Kind == CalendarTimeKind.Utc) == (_start.Kind == CalendarTimeKind.Utc) ? _start with { Local = time.Local } : null;

    /// <summary>The start in the zone in which it repeats, by a name that others know.</summary>
    private static CalendarTime StartOf(SeriesLines series)
    {
        if (series.Start.IsDate || series.Start.Kind == CalendarTimeKind.Utc) return series.Start;
        if (series.Zone == DateTimeZone.Utc) return CalendarTime.OfUtc(series.InstantOf(series.Start));
        return new CalendarTime(series.Start.Local, CalendarTimeKind.Zoned, series.Zone.Id);
    }
}
