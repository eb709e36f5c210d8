using ProviderBridge.Sync;

namespace CalDavServer.Links;

/// <summary>When a link is due.</summary>
internal sealed class ScheduledLink(LinkKey link) : Schedule
{
    public LinkKey Link { get; } = link;
}
