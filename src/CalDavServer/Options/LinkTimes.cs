using ProviderBridge.Sync;

namespace CalDavServer.Options;

/// <summary>How a pass ended.</summary>
/// <param name="Result">What it came to.</param>
/// <param name="RetryAfter">How long the service asked to be left alone; null when it did not say.</param>
/// <param name="IsTold">Whether the service tells of changes.</param>
internal readonly record struct PassEnd(PassResult Result, TimeSpan? RetryAfter, bool IsTold = false)
{
    /// <summary>What the pass did.</summary>
    public PassCounts? Counts { get; init; }

    /// <summary>Why it could not be finished; null when it was, or neither the service nor this server's own disk was why.</summary>
    public OutsideFault? Fault { get; init; }

    /// <summary>Whether it was stopped because it would have removed very many appointments.</summary>
    public bool IsHeld { get; init; }
}

/// <summary>How long links wait. Every wait is a quarter longer or shorter by chance: what begins together does not stay together.</summary>
internal sealed record LinkTimes
{
    /// <summary>How often a link is looked at when nothing tells of changes outside.</summary>
    public TimeSpan Poll { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>How often it is when the service tells of changes: not every one is told.</summary>
    public TimeSpan PollTold { get; init; } = TimeSpan.FromMinutes(15);

    /// <summary>How long changes in the practice are gathered.</summary>
    public TimeSpan Gather { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How long it waits after a first failure; twice as long after each further one.</summary>
    public TimeSpan FirstPause { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long it waits at most.</summary>
    public TimeSpan LongestPause { get; init; } = TimeSpan.FromMinutes(30);

    /// <summary>How long a link that does not mirror waits until somebody looks whether it does again.</summary>
    public TimeSpan Stopped { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>How long a link waits after the server's start.</summary>
    public TimeSpan Spread() => TimeSpan.FromMilliseconds(Random.Shared.NextDouble() * Math.Min(Poll.TotalMilliseconds, 30_000));

    /// <summary>How long a link waits after a pass.</summary>
    public TimeSpan After(PassEnd end, int failures) => end.Result switch
    {
        PassResult.Done => Jittered(end.IsTold ? PollTold : Poll),
        PassResult.Stopped => Jittered(Stopped),
        // somebody else runs it, or was cut short a moment ago: that says nothing of the service
        PassResult.Busy => Jittered(FirstPause),
        _ => Longer(Jittered(TimeSpan.FromMilliseconds(Math.Min(LongestPause.TotalMilliseconds, FirstPause.TotalMilliseconds * Math.Pow(2, Math.Min(failures - 1, 20))))), end.RetryAfter),
    };

    private static TimeSpan Jittered(TimeSpan wait) => wait * (0.75 + (Random.Shared.NextDouble() / 2));

    private static TimeSpan Longer(TimeSpan one, TimeSpan? other) => other > one ? other.Value : one;
}
