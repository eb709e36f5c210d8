using System.Collections.Concurrent;
using Calendaring.Store;
using Microsoft.AspNetCore.DataProtection;
using NodaTime;
using ProviderBridge.Sync;

namespace ProviderBridge.Accounts;

/// <summary>
/// The tokens of outside accounts. Refresh tokens are encrypted wherever they are kept; access tokens are kept in memory only. One request at a time renews access to an account: a provider that gives a new refresh
/// token with each takes a second use of the old one for a theft.
/// </summary>
public sealed class AccountTokens(ICalendarStore store, IClock clock, IDataProtectionProvider protection, IAccountSignIn signIn)
{
    // another that changes the account meanwhile, a process or its person, does so once: the second try has what it wrote, and the third is for both at once. Each asks the provider, which is not to be asked without end
    private const int Attempts = 3;
    private const string KeyLost = "This server has lost the key with which the access was encrypted.";

    // renewed a little before its time: a request must not meet its end on the way
    private static readonly Duration Before = Duration.FromMinutes(1);
    private readonly AccountSecrets _secrets = new(store, clock, protection);
    private readonly ConcurrentDictionary<AccountKey, Held> _held = new();

    /// <summary>Keeps an account that was connected, for the first time or again.</summary>
    /// <exception cref="OutsideException">It could not be written.</exception>
    public async Task<OutsideAccount> KeepAsync(string practitionerId, AccountGrant grant)
    {
        var kept = await _secrets.KeepAsync(practitionerId, signIn.Provider, grant);
        Forget(kept.Key);
        return kept;
    }

    /// <summary>An access token for an account, renewed when its time is over.</summary>
    /// <exception cref="OutsideException">There is none: the account has to be connected again, or not now.</exception>
    public async Task<string> GetAsync(AccountKey account, CancellationToken cancellationToken = default)
    {
        var held = _held.GetOrAdd(account, static _ => new Held());
        await held.One.WaitAsync(cancellationToken);
        try
        {
            if (held.Access is { } access && clock.GetCurrentInstant() < held.Until) return access;
            return await RenewAsync(held, account, cancellationToken);
        }
        finally
        {
            held.One.Release();
        }
    }

    /// <summary>Notes that an access token was refused before its time: the next request asks for another.</summary>
    public void Refused(AccountKey account, string token)
    {
        if (_held.TryGetValue(account, out var held) && held.Access == token) held.Access = null;
    }

    /// <summary>Forgets what is in memory of an account.</summary>
    public void Forget(AccountKey account) => _held.TryRemove(account, out _);

    /// <summary>Gives access back to the provider. False when it could not be told.</summary>
    public async Task<bool> RevokeAsync(OutsideAccount account, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(account);
        Forget(account.Key);
        return _secrets.Read(account) is { } token && await signIn.RevokeAsync(token, cancellationToken);
    }

    private async Task<string> RenewAsync(Held held, AccountKey key, CancellationToken cancelled)
    {
        for (var attempt = 1; attempt <= Attempts; attempt++)
        {
            if (await _secrets.FindAsync(key, cancelled) is not { LostAt: null } account) throw Lost();
            var token = held.Unwritten is { } newer && newer.Over == account.Version ? newer.Token : _secrets.Read(account);
            if (token is null) return await LoseAsync(account, KeyLost);
            var access = await signIn.RefreshAsync(token, cancelled);
            if (access is null)
            {
                // another process may have renewed it, or the person connected it again
                if ((await _secrets.FindAsync(key, cancelled))?.Version == account.Version) return await LoseAsync(account, $"{signIn.Name} no longer lets this server in: access was revoked in the account, or has expired.");
                continue;
            }

            if (access.RefreshToken != token || held.Unwritten is not null)
            {
                // the old one is worth nothing now: access is used only when the new one can no longer be lost
                held.Unwritten = (access.RefreshToken, account.Version);
                if (!await _secrets.RenewAsync(account, access.RefreshToken)) continue;
                held.Unwritten = null;
            }

            (held.Access, held.Until) = (access.Token, clock.GetCurrentInstant() + access.Lasts - Before);
            return access.Token;
        }

        throw new OutsideException(OutsideFault.Unavailable, "The account keeps changing.");
    }

    private async Task<string> LoseAsync(OutsideAccount account, string because)
    {
        await _secrets.LoseAsync(account, because);
        throw Lost();
    }

    private static OutsideException Lost() => new(OutsideFault.NeedsReconnecting, "The account does not let this server in.");

    private sealed class Held
    {
        public SemaphoreSlim One { get; } = new(1);

        public string? Access { get; set; }

        public Instant Until { get; set; }

        /// <summary>A refresh token that is newer than the one of a version of the record, and could not be written.</summary>
        public (string Token, long Over)? Unwritten { get; set; }
    }
}
