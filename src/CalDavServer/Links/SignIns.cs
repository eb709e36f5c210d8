using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using NodaTime;
using ProviderBridge.Accounts;

namespace CalDavServer.Links;

/// <summary>A sign-in at a service that was begun.</summary>
/// <param name="Provider">The service.</param>
/// <param name="State">What has to come back.</param>
/// <param name="Verifier">Proves who asked (RFC 7636).</param>
/// <param name="Redirect">Where it comes back to.</param>
/// <param name="AccountId">The account that is connected again; null for any.</param>
/// <param name="Until">How long it is good.</param>
internal sealed record BegunSignIn(string Provider, string State, string Verifier, string Redirect, string? AccountId, Instant Until);

/// <summary>The sign-ins at services that were begun: one for each browser, good once, for ten minutes, in that browser only. They are in memory: after a restart of the server one begins again.</summary>
internal sealed class SignIns(IClock clock)
{
    private static readonly Duration Lasts = Duration.FromMinutes(10);
    private readonly ConcurrentDictionary<string, BegunSignIn> _begun = new(StringComparer.Ordinal);

    /// <summary>Begins one, in place of another that was begun in the same browser; where the browser goes then.</summary>
    public Uri Begin(IAccountSignIn page, string sessionId, string redirect, OutsideAccount? again)
    {
        var now = clock.GetCurrentInstant();
        foreach (var old in _begun.Where(begun => begun.Value.Until < now)) _begun.TryRemove(old);
        var state = RandomNumberGenerator.GetHexString(32, lowercase: true);
        var (address, verifier) = page.Begin(redirect, state, again?.Email);
        _begun[sessionId] = new BegunSignIn(page.Provider, state, verifier, redirect, again?.Id, now + Lasts);
        return address;
    }

    /// <summary>The sign-in that came back; null when none was begun in this browser at this service, it is too old, or it has come back before.</summary>
    public BegunSignIn? Take(string provider, string sessionId, string? state)
    {
        if (state is null || !_begun.TryGetValue(sessionId, out var begun) || begun.Provider != provider) return null;
        if (!CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(begun.State), Encoding.UTF8.GetBytes(state))) return null;
        return _begun.TryRemove(KeyValuePair.Create(sessionId, begun)) && begun.Until >= clock.GetCurrentInstant() ? begun : null;
    }
}
