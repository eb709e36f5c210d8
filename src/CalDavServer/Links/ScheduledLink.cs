using NodaTime;
using ProviderBridge.Sync;

namespace CalDavServer.Links;

/// <summary>When a link is due.</summary>
internal sealed class ScheduledLink(LinkKey link) : Schedule
{
    private static readonly Duration ForgetEvery = Duration.FromDays(1);
    private readonly Lock _lock = new();
    private Instant? _forgot;

    public LinkKey Link { get; } = link;

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
