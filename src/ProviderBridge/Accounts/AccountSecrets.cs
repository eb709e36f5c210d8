using System.Security.Cryptography;
using Calendaring.Store;
using Microsoft.AspNetCore.DataProtection;
using NodaTime;
using ProviderBridge.Sync;

namespace ProviderBridge.Accounts;

/// <summary>What opens outside accounts: refresh tokens and passwords, encrypted wherever they are kept.</summary>
public sealed class AccountSecrets(ICalendarStore store, IClock clock, IDataProtectionProvider protection)
{
    /// <summary>Keeps an account that was connected, for the first time or again.</summary>
    /// <exception cref="OutsideException">It could not be written.</exception>
    public async Task<OutsideAccount> KeepAsync(string practitionerId, string provider, AccountGrant grant)
    {
        ArgumentNullException.ThrowIfNull(grant);
        var known = OutsideAccount.IdOf(provider, grant.Subject);
        var kept = await store.ChangeAsync(
            practitionerId,
            async snapshot =>
            {
                var before = (await OutsideAccount.ListAsync(snapshot, practitionerId)).FirstOrDefault(one => one.Provider == provider && one.IsOf(grant));
                var id = before?.Id ?? known;
                var account = new OutsideAccount(id, practitionerId, provider, grant.Email, Protect(new AccountKey(practitionerId, id), grant.Secret), clock.GetCurrentInstant()) { Version = before?.Version ?? 0, KnownAs = id == known ? null : known };
                return new Decision<OutsideAccount>([account.Put()], account);
            });
        return kept.Failure is null ? kept.Result : throw new OutsideException(OutsideFault.Unavailable, "The account could not be written.");
    }

    /// <summary>Reads an account as it is kept; null when there is none.</summary>
    public async Task<OutsideAccount?> FindAsync(AccountKey key, CancellationToken cancelled = default)
    {
        using var snapshot = await store.OpenSnapshotAsync(cancelled);
        return await OutsideAccount.FindAsync(snapshot, key);
    }

    /// <summary>What opens an account; null when this server has lost the key with which it was encrypted.</summary>
    public string? Read(OutsideAccount account)
    {
        ArgumentNullException.ThrowIfNull(account);
        try
        {
            return ProtectorOf(account.Key).Unprotect(account.ProtectedSecret);
        }
        catch (CryptographicException)
        {
            return null;
        }
    }

    /// <summary>Notes that an account no longer lets this server in, and why: it has to be connected again.</summary>
    public async Task LoseAsync(OutsideAccount account, string because)
    {
        ArgumentNullException.ThrowIfNull(account);
        await store.ApplyAsync(StoreBatch.Of((account with { LostAt = clock.GetCurrentInstant(), LostBecause = because }).Put()));
    }

    internal string Protect(AccountKey key, string secret) => ProtectorOf(key).Protect(secret);

    private IDataProtector ProtectorOf(AccountKey key) => protection.CreateProtector("outside-account", key.PractitionerId, key.AccountId);
}
