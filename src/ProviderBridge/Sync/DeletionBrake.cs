using NodaTime;

namespace ProviderBridge.Sync;

/// <summary>The brake: many deletions at once that come from outside are rarely meant. Somebody has deleted a calendar's content by mistake, or a service answers what is not so.</summary>
internal static class DeletionBrake
{
    /// <summary>So many are removed without a question, or a fifth of all, whichever is more.</summary>
    private const int Few = 10;

    /// <summary>Whether so many wait for a person.</summary>
    /// <param name="deletions">How many appointments a pass would remove in the practice.</param>
    /// <param name="allowed">How many a person has allowed.</param>
    /// <param name="all">How many are mirrored.</param>
    /// <param name="removed">What was removed before.</param>
    /// <param name="now">The current time: what was removed within the last hour counts.</param>
    /// <param name="leavesNone">Whether nothing of what was mirrored is listed any more, however little that was.</param>
    public static bool Holds(int deletions, int allowed, int all, IReadOnlyList<RecentRemovals> removed, Instant now, bool leavesNone = false)
    {
        if (deletions <= allowed) return false;
        var before = RecentRemovals.Of(removed, now).Sum(one => one.Count);
        return leavesNone || before + deletions > Math.Max(Few, (all + before) / 5);
    }
}
