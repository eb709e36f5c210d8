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
        if (AreEqual(written, series.Rule)) return Same;
        if (Read(written) is not { } left || series.ReadRule() is not { } right) return Other;
        if (left.Given(series.Start, series.Zone).Equals(right.Given(series.Start, series.Zone))) return Same;
        using var others = Occurrences(left, series).GetEnumerator();
        var compared = 0;
        using var own = Occurrences(right, series).GetEnumerator();
        while (own.MoveNext())
        {
            if (!others.MoveNext()) return new(false, own.Current);
            if (others.Current != own.Current) return Other;
            if (++compared == MaxCompared) return left.Endless == right.Endless ? Same : Other;
        }

        return others.MoveNext() ? Other : Same;
    }

    /// <summary>Whether two rules mean the same on every DTSTART; null is no rule. Those that cannot be read are what is written.</summary>
    public static bool AreEqual(string? left, string? right) => left == right || (Read(left) is { } one && one.Equals(Read(right)));

    /// <summary>The rule with one end, where COUNT and UNTIL are both given: that which comes first (RFC 5545 §3.3.10 allows one of them).</summary>
    public static RecurrenceRule WithOneEnd(RecurrenceRule rule, Series series)
    {
        if (rule is not { Count: { } count, Until: not null }) return rule;
        var reached = Occurrences(rule, series).Take(count).Count();
        return reached < count ? rule with { Count = null } : rule with { Until = null };
    }

    /// <summary>What the rule of a series gives, up to a limit.</summary>
    public static IEnumerable<LocalDateTime> Occurrences(Series series) => series.ReadRule() is { } rule ? Occurrences(rule, series).Take(MaxCompared) : [];

    /// <summary>A rule; null when it is none.</summary>
    public static RecurrenceRule? Read(string? text) => text is not null && RecurrenceRule.TryParse(text, out var rule, out _) ? rule : null;

    private static IEnumerable<LocalDateTime> Occurrences(RecurrenceRule rule, Series series)
    {
        var start = series.Start;
        return rule.Expand(start.Local, start.Local, new ExpansionBudget(MaxSteps), start.IsDate ? null : series.Zone);
    }
}
