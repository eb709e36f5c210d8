using System.Globalization;
using Calendaring.ICalendar;
using Calendaring.Recurrence;
using Microsoft.Graph.Models;
using Microsoft.Kiota.Abstractions;
using NodaTime;
using ProviderBridge.Mapping;

namespace ProviderBridge.Microsoft;

/// <summary>
/// Rules of iCalendar as patterns of Graph and back. Graph has fewer: what has no pattern with exactly the same occurrences is not written at all, so that nothing is shown there on other days than here, and nothing
/// comes back from there that was never meant.
/// </summary>
internal static class GraphRule
{
    private const int MostNumbered = 999;
    private const int Compared = 200;
    private const int Steps = 100_000;
    private static readonly Period Horizon = Period.FromYears(60);

    /// <summary>Writes a rule; null where Graph has none with the same occurrences.</summary>
    /// <param name="text">The rule.</param>
    /// <param name="start">When the series starts.</param>
    /// <param name="zone">The zone in which it repeats; null for days.</param>
    public static PatternedRecurrence? Write(string text, LocalDateTime start, DateTimeZone? zone)
    {
        if (!RecurrenceRule.TryParse(text, out var rule, out _) || rule.Skip is not null || GraphPattern.Write(rule, start.Date) is not { } pattern) return null;
        if (RangeOf(rule, start, zone) is not { } range) return null;
        var written = new PatternedRecurrence { Pattern = pattern, Range = range };
        // one that does not begin on a day of its pattern is moved by Exchange
        return Read(written, zone) is { } back && RecurrenceRule.TryParse(back, out var read, out _) && RuleStart.Fits(read, start) && Times(rule, start, zone).SequenceEqual(Times(read, start, zone)) ? written : null;
    }

    /// <summary>Reads a pattern as a rule; null where it is none that we know.</summary>
    /// <param name="recurrence">What Graph has.</param>
    /// <param name="zone">The zone in which it repeats; null for days.</param>
    public static string? Read(PatternedRecurrence recurrence, DateTimeZone? zone)
    {
        if (recurrence.Pattern is not { } pattern || GraphPattern.Read(pattern) is not { } rule || recurrence.Range is not { } range) return null;
        return range.Type switch
        {
            RecurrenceRangeType.Numbered when range.NumberOfOccurrences is > 0 and var count => string.Create(CultureInfo.InvariantCulture, $"{rule};COUNT={count}"),
            RecurrenceRangeType.EndDate when DayOf(range.EndDate) is { } last => $"{rule};UNTIL={EndOf(last, zone)}",
            RecurrenceRangeType.NoEnd => rule,
            _ => null,
        };
    }

    /// <summary>A day of Graph's.</summary>
    public static LocalDate? DayOf(Date? date) => date is { } day ? new LocalDate(day.Year, day.Month, day.Day) : null;

    private static CalendarTime EndOf(LocalDate last, DateTimeZone? zone) =>
        zone is null ? CalendarTime.OfDate(last) : CalendarTime.OfUtc(last.At(new LocalTime(23, 59, 59)).InZoneLeniently(zone).ToInstant());

    /// <summary>The end of a rule: by number or by the day of the last occurrence, which is inside whatever the time of day of UNTIL.</summary>
    private static RecurrenceRange? RangeOf(RecurrenceRule rule, LocalDateTime start, DateTimeZone? zone)
    {
        var range = new RecurrenceRange { Type = RecurrenceRangeType.NoEnd, StartDate = ToDate(start.Date), RecurrenceTimeZone = zone is null ? "UTC" : GraphZone.NameOf(zone) };
        if (rule.Endless) return range;
        if (rule is { Count: { } count, Until: null })
        {
            (range.Type, range.NumberOfOccurrences) = (RecurrenceRangeType.Numbered, count);
            return count is > 0 and <= MostNumbered ? range : null;
        }

        var last = rule.Expand(start, start, new ExpansionBudget(Steps), zone).Take(20_000).Last();
        (range.Type, range.EndDate) = (RecurrenceRangeType.EndDate, ToDate(last.Date));
        return range;
    }

    private static IEnumerable<LocalDateTime> Times(RecurrenceRule rule, LocalDateTime start, DateTimeZone? zone)
    {
        var until = start + Horizon;
        return rule.Expand(start, start, new ExpansionBudget(Steps), zone).Take(Compared).TakeWhile(time => time < until);
    }

    private static Date ToDate(LocalDate day) => new(day.Year, day.Month, day.Day);
}
