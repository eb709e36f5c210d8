using System.Diagnostics.CodeAnalysis;
using NodaTime;

namespace Calendaring.Recurrence;

/// <summary>A parsed RRULE (RFC 5545 §3.3.10).</summary>
public sealed record RecurrenceRule
{
    /// <summary>Parses a RECUR value.</summary>
    /// <param name="text">E.g. <c>FREQ=WEEKLY;BYDAY=MO</c>.</param>
    /// <param name="rule">The rule.</param>
    /// <param name="reason">Why it is not one: a sentence.</param>
    public static bool TryParse(string text, [NotNullWhen(true)] out RecurrenceRule? rule, [NotNullWhen(false)] out string? reason) => throw new NotImplementedException();

    /// <summary>The local times of the rule, in order, from the first at or after <paramref name="from"/>; the series starts at <paramref name="start"/>.</summary>
    public IEnumerable<LocalDateTime> Expand(LocalDateTime start, LocalDateTime from, ExpansionBudget budget) => throw new NotImplementedException();
}
