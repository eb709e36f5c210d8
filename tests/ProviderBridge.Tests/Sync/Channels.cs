using NodaTime;
using ProviderBridge.Sync;

namespace ProviderBridge.Tests.Sync;

/// <summary>Channels of a service that fails as it is told to.</summary>
internal sealed class Channels(LinkFixture fixture) : LinkChannels(fixture.Store, fixture.Clock)
{
    public bool Fails { get; set; }

    /// <summary>Whether what is opened is open, and the answer is lost.</summary>
    public bool LosesAnswers { get; set; }

    /// <summary>Whether the service refuses to open any.</summary>
    public bool Refuses { get; set; }

    public bool CannotEnd { get; set; }

    /// <summary>What the service tells on: the channels that are open, with their secrets.</summary>
    public Dictionary<string, string> Open { get; init; } = [];

    /// <summary>How long what it opens lasts, whatever it is asked for.</summary>
    public Duration Grants { get; set; } = Duration.FromDays(6);

    public int Tries { get; private set; }

    /// <summary>The service tells on a channel; whether it was believed.</summary>
    public async Task<bool> TellAsync(string id, string? secret = null, Instant? end = null)
    {
        if (Find(id, secret ?? Open[id]) is not { } heard) return false;
        await NoteAsync(heard, "there", end);
        return true;
    }

    public int Opened { get; private set; }

    public int Renewed { get; private set; }

    public LinkChannel? Last { get; private set; }

    protected override Duration Lasts => Duration.FromDays(6);

    protected override Duration Overlap => Duration.FromDays(2);

    internal override Task<LinkChannel> OpenAsync(Link link, LinkChannel channel, string secret, CancellationToken cancelled)
    {
        if (Fails) throw new OutsideException(OutsideFault.Unavailable, "away");
        if (Refuses) throw new OutsideException(OutsideFault.Rejected, "no");
        Opened++;
        Open[channel.Id] = secret;
        Last = (channel with { ResourceId = "there" }).EndingAt(fixture.Clock.Now + Grants);
        if (LosesAnswers) throw new OutsideException(OutsideFault.Unavailable, "reset");
        return Task.FromResult(Last);
    }

    internal override Task<LinkChannel?> RenewAsync(Link link, LinkChannel channel, Instant until, CancellationToken cancelled)
    {
        if (Fails) throw new OutsideException(OutsideFault.Unavailable, "away");
        Renewed++;
        return Task.FromResult<LinkChannel?>(channel with { Expires = until });
    }

    internal override Task CloseAsync(Link link, LinkChannel channel, CancellationToken cancelled)
    {
        Tries++;
        if (CannotEnd) throw new OutsideException(OutsideFault.Unavailable, "away");
        Open.Remove(channel.Id);
        return Task.CompletedTask;
    }
}
