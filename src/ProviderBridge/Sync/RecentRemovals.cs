using NodaTime;

namespace ProviderBridge.Sync;

/// <summary>How many appointments a link removed in the practice, because they were deleted outside, within about a minute.</summary>
/// <param name="At">When the first of them was removed.</param>
/// <param name="Count">How many.</param>
public sealed record RecentRemovals(Instant At, int Count)
{
    private static readonly Duration Remembered = Duration.FromHours(1);
    private static readonly Duration Together = Duration.FromMinutes(1);

    /// <summary>Those that still count. What lies in the future, after the clock was put back, does not.</summary>
    public static RecentRemovals[] Of(IReadOnlyList<RecentRemovals> removed, Instant now) => [.. removed.Where(one => one.At > now - Remembered && one.At <= now)];

    /// <summary>Those that still count, and some more.</summary>
    public static IReadOnlyList<RecentRemovals> With(IReadOnlyList<RecentRemovals> removed, int more, Instant now)
    {
        var recent = Of(removed, now);
        if (more == 0) return recent;
        // a minute is one entry: an hour of passes does not fill the record
        return recent is [.. var before, var last] && last.At > now - Together ? [.. before, last with { Count = last.Count + more }] : [.. recent, new RecentRemovals(now, more)];
    }
}
