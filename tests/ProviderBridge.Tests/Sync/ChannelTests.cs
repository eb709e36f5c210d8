using NodaTime;
using ProviderBridge.Sync;

namespace ProviderBridge.Tests.Sync;

/// <summary>A channel that a service wants to be seen to at once is seen to until that has been done.</summary>
public sealed class A_channel_in_a_hurry
{
    [Fact]
    public async Task Is_seen_to_again_when_the_first_time_has_failed()
    {
        await using var link = await LinkFixture.StartAsync();
        var channels = new Channels(link);
        Assert.True(await channels.KeepAsync(await link.LinkAsync(), TestContext.Current.CancellationToken));
        Assert.Equal((1, 0), (channels.Opened, channels.Renewed));
        channels.Hurry(channels.Last!);
        channels.Fails = true;
        Assert.True(await channels.KeepAsync(await link.LinkAsync(), TestContext.Current.CancellationToken));
        channels.Fails = false;
        // not with each pass
        await channels.KeepAsync(await link.LinkAsync(), TestContext.Current.CancellationToken);
        Assert.Equal(0, channels.Renewed);
        link.Clock.Now += Duration.FromMinutes(11);
        await channels.KeepAsync(await link.LinkAsync(), TestContext.Current.CancellationToken);
        Assert.Equal(1, channels.Renewed);
        await channels.KeepAsync(await link.LinkAsync(), TestContext.Current.CancellationToken);
        Assert.Equal((1, 1), (channels.Opened, channels.Renewed));
    }

    private sealed class Channels(LinkFixture fixture) : LinkChannels(fixture.Store, fixture.Clock)
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
}
