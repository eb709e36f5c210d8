using NodaTime;

namespace ProviderBridge.Tests.Sync;

/// <summary>A clock that is set by hand.</summary>
internal sealed class HandClock : IClock
{
    /// <summary>What time it is.</summary>
    public Instant Now { get; set; } = Instant.FromUtc(2026, 3, 2, 0, 0);

    /// <summary>How far it is wrong.</summary>
    public Duration Ahead { get; set; }

    public Instant GetCurrentInstant() => Now + Ahead;
}
