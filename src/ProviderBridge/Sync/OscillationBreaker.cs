using NodaTime;

namespace ProviderBridge.Sync;

/// <summary>Detects when another application keeps changing an appointment back, so that the two do not write against each other for ever.</summary>
internal static class OscillationBreaker
{
    private const int WatchedWrites = 6;
    private static readonly Duration Watched = Duration.FromMinutes(10);

    /// <summary>The item with one more time at which it was written outside.</summary>
    public static LinkItem WithWrite(LinkItem item, Instant now) => item with { Writes = [.. item.Writes.TakeLast(WatchedWrites - 1), now] };

    /// <summary>Whether it was written outside so often lately that somebody must be writing against us.</summary>
    public static bool IsOscillating(LinkItem item, Instant now) => item.Writes.Count == WatchedWrites && item.Writes[0] > now - Watched;
}
