using Calendaring.ICalendar;
using Calendaring.Recurrence;
using NodaTime;

namespace Practice.Hx;

/// <summary>
/// Where each occurrence of a series goes when the whole is moved. Most go by as much as the first; the second Tuesday of a month that
/// becomes its second Wednesday goes by as much as that is in its month.
/// </summary>
internal sealed class SeriesMove
{
    /// <summary>What somebody is told who asks for a move that no rule says.</summary>
    public const string Refusal = "Its repeat names days in a way that cannot be moved like this: the series would have different appointments than before. Move single appointments, or change how it repeats.";

    // far enough to see months without such a day, and leap years
    private const int Compared = 150;
    private const int Known = 1000;
    private const int Tolerance = 7;

    private readonly Dictionary<LocalDateTime, LocalDateTime>? _places;

    private SeriesMove(CalendarTime start, Period by, RecurrenceRule? rule, Dictionary<LocalDateTime, LocalDateTime>? places) =>
        (Start, By, Rule, _places) = (start, by, rule, places);

    /// <summary>The new DTSTART.</summary>
    public CalendarTime Start { get; }

    /// <summary>The new rule; null when there is none, or it stays.</summary>
    public RecurrenceRule? Rule { get; }

    private Period By { get; }

    /// <summary>Where an occurrence goes.</summary>
    public LocalDateTime this[LocalDateTime key] => _places?.GetValueOrDefault(key, key + By) ?? key + By;

    /// <summary>A move to a new DTSTART; null when no rule gives the moved series.</summary>
    /// <param name="series">The series as it is.</param>
    /// <param name="start">The new DTSTART.</param>
    /// <param name="zone">The zone of the new DTSTART.</param>
    /// <param name="written">The rule that whoever moved it wrote, which is taken where it fits; or null.</param>
    public static SeriesMove? To(Series series, CalendarTime start, DateTimeZone zone, string? written = null)
    {
        var by = Series.Between(series.Start, start);
        if (series.ReadRule() is not { } rule) return new SeriesMove(start, by, null, null);
        var own = RuleMeaning.Read(written) is { } read && !read.WithoutEnd().Equals(rule.WithoutEnd()) ? read with { Count = rule.Count, Until = rule.Until } : null;
        foreach (var turned in new[] { RuleTurn.Turn(rule, series.Start.Local, start.Local), own }.OfType<RecurrenceRule>())
        {
            if (Fit(series, rule, turned, start, zone, by) is { } fitting) return fitting;
        }

        return null;
    }

    /// <summary>A move of the occurrence that somebody has named to where they want it.</summary>
    public static SeriesMove? OfOccurrence(Series series, LocalDateTime named, CalendarTime there, DateTimeZone zone)
    {
        var by = Series.Between(series.Start with { Local = named }, there);
        var start = there with { Local = series.Start.Local + by };
        var plain = To(series, start, zone);
        if (series.ReadRule() is not { } rule || plain?[named] == there.Local) return plain;
        // the day in the month of the one that was named says which day it is in the month of the first
        if (RuleTurn.Turn(rule, named, there.Local) is not { } turned) return null;
        var first = Occurrences(turned.WithoutEnd() with { Interval = 1 }, start.Local.PlusDays(-40), 100)
            .Skip(1).DefaultIfEmpty(start.Local).MinBy(time => Math.Abs(Period.DaysBetween(start.Local.Date, time.Date)));
        start = start with { Local = first.Date + there.Local.TimeOfDay };
        return Fit(series, rule, turned, start, zone, Series.Between(series.Start, start)) is { } fitting && fitting[named] == there.Local ? fitting : null;
    }

    private static SeriesMove? Fit(Series series, RecurrenceRule rule, RecurrenceRule turned, CalendarTime start, DateTimeZone zone, Period by)
    {
        var before = Occurrences(rule.WithoutEnd(), series.Start.Local, Needed(series, rule)).ToList();
        var after = Occurrences(turned.WithoutEnd(), start.Local, before.Count).ToList();
        if (after.Count < before.Count) return null;
        // a week or a day has its days in one order only
        var tolerance = rule.Frequency is Frequency.Monthly or Frequency.Yearly ? Tolerance : 0;
        var places = new Dictionary<LocalDateTime, LocalDateTime>();
        var uniform = true;
        foreach (var (was, becomes) in before.Zip(after))
        {
            var expected = was + by;
            if (becomes.TimeOfDay != expected.TimeOfDay || Math.Abs(Period.DaysBetween(expected.Date, becomes.Date)) > tolerance) return null;
            uniform &= becomes == expected;
            places[was] = becomes;
        }

        if (uniform) return new SeriesMove(start, by, turned.EndMoved(series.Start, start, zone), null);
        var last = rule.Until is null ? default(LocalDateTime?) : RuleMeaning.Occurrences(series).Last();
        if (last is { } end && !places.ContainsKey(end)) return null;
        return new SeriesMove(start, by, last is { } ends ? turned.EndingAt(start with { Local = places[ends] }, zone) : turned, places);
    }

    /// <summary>How many occurrences have to be known: up to the last that something is said of, or the end.</summary>
    private static int Needed(Series series, RecurrenceRule rule) => rule.Endless ? Known : Math.Max(Compared, RuleMeaning.Occurrences(series).Count());

    private static IEnumerable<LocalDateTime> Occurrences(RecurrenceRule rule, LocalDateTime start, int limit) => rule.Expand(start, start, new ExpansionBudget(200_000)).Take(limit);
}
