using Calendaring.Recurrence;
using NodaTime;

namespace Practice.Hx;

/// <summary>What a rule means beside that of a series: the occurrences it gives on the same DTSTART, however either is written.</summary>
/// <param name="IsSame">Whether it gives the same ones.</param>
/// <param name="EndsBefore">When it gives the same ones and ends earlier: the first that it leaves out.</param>
internal readonly record struct RuleMeaning(bool IsSame, LocalDateTime? EndsBefore)
{
    // a rule that goes on like another for so many occurrences is no other
    private const int MaxCompared = 12_000;
    private const int MaxSteps = 200_000;

    private static readonly RuleMeaning Same = new(true, null);
    private static readonly RuleMeaning Other = new(false, null);

    /// <summary>Compares what somebody wrote with the rule of a series.</summary>
    public static RuleMeaning Of(string? written, Series series)
    {
        if (RuleText.Same(written, series.Rule)) return Same;
        if (!TryRead(written, out var left) || !TryRead(series.Rule, out var right)) return Other;
        using var others = Expand(left, series).GetEnumerator();
        var compared = 0;
        using var own = Expand(right, series).GetEnumerator();
        while (own.MoveNext())
        {
            if (!others.MoveNext()) return new(false, own.Current);
            if (others.Current != own.Current) return Other;
            if (++compared == MaxCompared) return left.Endless == right.Endless ? Same : Other;
        }

        return others.MoveNext() ? Other : Same;
    }

    /// <summary>The rule with one end, where COUNT and UNTIL are both given: that which comes first (RFC 5545 §3.3.10 allows one of them).</summary>
    public static string WithOneEnd(string rule, Series series)
    {
        if (!TryRead(rule, out var both) || both is not { Count: { } count, Until: not null }) return rule;
        using var times = Expand(both, series).GetEnumerator();
        var reached = 0;
        while (reached < count && times.MoveNext()) reached++;
        return RuleText.Without(rule, reached < count ? "COUNT" : "UNTIL");
    }

    /// <summary>What a rule gives on the DTSTART of a series, up to a limit.</summary>
    public static IEnumerable<LocalDateTime> Occurrences(string rule, Series series) =>
        TryRead(rule, out var read) ? Expand(read, series).Take(MaxCompared) : [];

    private static bool TryRead(string? text, out RecurrenceRule rule)
    {
        rule = null!;
        return text is not null && RecurrenceRule.TryParse(text, out rule!, out _);
    }

    private static IEnumerable<LocalDateTime> Expand(RecurrenceRule rule, Series series)
    {
        var start = series.Start;
        return rule.Expand(start.Local, start.Local, new ExpansionBudget(MaxSteps), start.IsDate ? null : series.Zone);
    }
}
