using NodaTime;
using ProviderBridge.Sync;

namespace CalDavServer.Links;

/// <summary>When a link is due.</summary>
internal sealed class ScheduledLink(LinkKey link) : Schedule
{
    /// <summary>How often a link whose service did not answer is tried because the service tells of changes.</summary>
    private static readonly TimeSpan RetryEvery = TimeSpan.FromMinutes(1);
    private static readonly Duration ForgetEvery = Duration.FromDays(1);
    private readonly Lock _lock = new();
    private TimeSpan? _retried;
    private Instant? _forgot;

    public LinkKey Link { get; } = link;

    /// <summary>Makes a link whose service did not answer due now, as the service tells of changes; false when it answers, or that was done a moment ago.</summary>
    public bool RetryIfFailing()
    {
        lock (_lock)
        {
            if (Failures == 0 || _retried > Now - RetryEvery) return false;
            _retried = Now;
        }

        Retry();
        return true;
    }

    /// <summary>Whether what is kept for a set time is to be looked through now: once a day.</summary>
    public bool IsToForget(Instant now)
    {
        lock (_lock)
        {
            if (_forgot > now - ForgetEvery && _forgot <= now) return false;
            _forgot = now;
            return true;
        }
    }
}
