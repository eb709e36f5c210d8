using NodaTime;
using ProviderBridge.Sync;

namespace ProviderBridge.Tests.Sync;

/// <summary>Channels of a service that fails as it is told to.</summary>
internal sealed class Channels(LinkFixture fixture) : LinkChannels(fixture.Store, fixture.Clock)
{
    public bool Fails { get; set; }

    public int Opened { get; private set; }

    public int Renewed { get; private set; }

    public LinkChannel? Last { get; private set; }

    protected override Duration Lasts => Duration.FromDays(6);

    protected override Duration Overlap => Duration.FromDays(2);

    internal override Task<LinkChannel> OpenAsync(Link link, LinkChannel channel, string secret, CancellationToken cancelled)
    {
        if (Fails) throw new OutsideException(OutsideFault.Unavailable, "away");
        Opened++;
        Last = channel with { ResourceId = "there" };
        return Task.FromResult(Last);
    }

    internal override Task<LinkChannel?> RenewAsync(Link link, LinkChannel channel, Instant until, CancellationToken cancelled)
    {
        if (Fails) throw new OutsideException(OutsideFault.Unavailable, "away");
        Renewed++;
        return Task.FromResult<LinkChannel?>(channel with { Expires = until });
    }

    internal override Task CloseAsync(Link link, LinkChannel channel, CancellationToken cancelled) => Task.CompletedTask;
}
