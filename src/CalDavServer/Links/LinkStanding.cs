using NodaTime;
using Practice.Hx;
using ProviderBridge.Accounts;
using ProviderBridge.Sync;

namespace CalDavServer.Links;

/// <summary>How an account and the link to it stand.</summary>
/// <param name="Provider">The service.</param>
/// <param name="Account">The account.</param>
/// <param name="Link">The link; null where there is none yet.</param>
/// <param name="Access">Whether the practitioner's calendar is open.</param>
/// <param name="Failures">How often in a row it could not be finished.</param>
/// <param name="Next">When it is looked at next; null when that is not known, or it is being done.</param>
/// <param name="IsTold">Whether the service tells of changes.</param>
internal sealed record LinkStanding(Provider Provider, OutsideAccount Account, Link? Link, HxState Access, int Failures, Instant? Next, bool IsTold)
{
    /// <summary>How many appointments of how many the pass that runs has looked at; null while none runs.</summary>
    public (int Done, int Of)? Progress { get; init; }

    /// <summary>Why it could not be finished when it was last looked at; null when neither the service nor this server's own disk was why.</summary>
    public OutsideFault? Fault { get; init; }

    /// <summary>Whether the practitioner's calendar has changed since it was last compared: after a restart that may be a while ago.</summary>
    public bool IsBehind { get; init; }

    /// <summary>Whether it is worth looking at again in a moment: it is being filled, rewritten, or compared.</summary>
    public bool IsMoving => Mirrors && (IsBehind || Link is { LastPass: null } or { RewritingSince: not null });

    /// <summary>What people call the link.</summary>
    public string Name => NameOf(Provider, Account);

    public ProviderWords Words => Provider.Words;

    public bool NeedsReconnecting => Account.LostAt is not null || Link?.State == LinkState.NeedsReconnecting;

    public bool Mirrors => Link?.State == LinkState.Active && Access == HxState.Active && !NeedsReconnecting;

    /// <summary>What people call the link to an account.</summary>
    public static string NameOf(Provider provider, OutsideAccount account) => $"{provider.Words.Calendar} ({account.Email})";
}
