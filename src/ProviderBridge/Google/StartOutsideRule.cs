using Calendaring.ICalendar;
using Calendaring.Recurrence;
using NodaTime;
using ProviderBridge.Mapping;

namespace ProviderBridge.Google;

/// <summary>
/// A series that begins on a day on which its rule has no occurrence. In iCalendar that day is the first of those that COUNT counts; Google counts those of the rule alone, and not everybody who expands a rule has the day at all. There
/// it is a date beside the rule, which then counts one less.
/// </summary>
internal static class StartOutsideRule
{
    /// <summary>The rule as Google should have it; the day itself has to be written as a date, too. Null where the rule has its own first day.</summary>
    /// <param name="text">The rule of the object.</param>
    /// <param name="start">When the series begins.</param>
    /// <param name="local">The same by the clock by which it repeats.</param>
    /// <param name="at">The same on the time line.</param>
    public static string? Write(string text, CalendarTime start, LocalDateTime local, Instant at)
    {
        if (!RecurrenceRule.TryParse(text, out var rule, out _) || Fits(rule, start, local)) return null;
        return rule.Count switch
        {
            null => text,
            // none of the rule is left
            1 => (rule with { Count = null, Until = start.IsDate ? start : CalendarTime.OfUtc(at) }).ToText(),
            var count => (rule with { Count = count - 1 }).ToText(),
        };
    }

    /// <summary>The lines as iCalendar has them: where the day is beside the rule as it is written here, it is neither a date nor is one less counted.</summary>
    /// <param name="lines">What Google repeats by.</param>
    /// <param name="start">When the series begins.</param>
    public static IEnumerable<ContentLine> Read(IReadOnlyList<ContentLine> lines, CalendarTime start)
    {
        if (lines.Where(static line => line.Name == "RRULE").ToList() is not [var written] || !RecurrenceRule.TryParse(written.RawValue, out var rule, out _)) return lines;
        if (!lines.Any(line => IsDateOf(line, start)) || Fits(rule, start, start.Local)) return lines;
        return lines.SelectMany(line => line == written ? [rule.Count is { } count ? ContentLine.Create("RRULE", (rule with { Count = count + 1 }).ToText()) : line] : Without(line, start));
    }

    private static bool Fits(RecurrenceRule rule, CalendarTime start, LocalDateTime local) =>
        RuleStart.Fits(start.IsDate ? rule with { ByHour = [], ByMinute = [], BySecond = [] } : rule, local);

    private static bool IsDateOf(ContentLine line, CalendarTime start) => line.Name == "RDATE" && line.TryReadPeriods(out var periods) && periods.Any(period => period.Start == start);

    private static IEnumerable<ContentLine> Without(ContentLine line, CalendarTime start)
    {
        if (!IsDateOf(line, start) || !line.TryReadPeriods(out var periods)) return [line];
        var rest = periods.Select(static period => period.Start).Where(time => time != start).ToList();
        return rest.Count == 0 ? [] : [ContentLine.Create(line.Name, string.Join(',', rest), [.. line.Parameters])];
    }
}
