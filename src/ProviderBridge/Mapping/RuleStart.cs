using Calendaring.Recurrence;
using NodaTime;

namespace ProviderBridge.Mapping;

/// <summary>Whether a series begins on a day of its rule: RFC 5545 §3.8.5.3 lets it begin on any, and leaves open what others make of it.</summary>
internal static class RuleStart
{
    // so many years before, each date is on the same day of the week, in the same week and on the same day of its year
    private const int Cycle = 400;
    private const int Steps = 100_000;

    /// <summary>Whether a rule has an occurrence when its series begins.</summary>
    /// <param name="rule">The rule.</param>
    /// <param name="start">When the series begins, by its own clock; midnight for a day.</param>
    public static bool Fits(RecurrenceRule rule, LocalDateTime start) =>
        (rule.WithoutEnd() with { Interval = 1 }).Expand(start.PlusYears(-Cycle), start, new ExpansionBudget(Steps)).FirstOrDefault() == start;
}
