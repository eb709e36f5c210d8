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
        return kept.Failure is null ? kept.Result : throw NotWritten(kept.Failure);
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

    /// <summary>Notes that an account no longer lets this server in, and why: it has to be connected again. Nothing is noted if it was changed since it was read.</summary>
    /// <exception cref="OutsideException">It could not be written.</exception>
    public Task LoseAsync(OutsideAccount account, string because)
    {
        ArgumentNullException.ThrowIfNull(account);
        return ChangeAsync(account, account with { LostAt = clock.GetCurrentInstant(), LostBecause = because });
    }

    /// <summary>Keeps a newer secret. False if the account was changed since it was read: it has another one.</summary>
    /// <exception cref="OutsideException">It could not be written.</exception>
    public Task<bool> RenewAsync(OutsideAccount account, string secret)
    {
        ArgumentNullException.ThrowIfNull(account);
        return ChangeAsync(account, account with { ProtectedSecret = Protect(account.Key, secret) });
    }

    private async Task<bool> ChangeAsync(OutsideAccount read, OutsideAccount changed)
    {
        var written = await store.ChangeAsync(
            read.PractitionerId,
            async snapshot => (await OutsideAccount.FindAsync(snapshot, read.Key))?.Version == read.Version ? new Decision<bool>([changed.Put()], true) : new Decision<bool>(null, false));
        return written.Failure is null ? written.Result : throw NotWritten(written.Failure);
    }

    private static OutsideException NotWritten(StoreFailure failure) =>
        new(DiskWatch.IsOfTheDisk(failure.Kind) ? OutsideFault.NotWritten : OutsideFault.Unavailable, "The account could not be written.");

    internal string Protect(AccountKey key, string secret) => ProtectorOf(key).Protect(secret);

    private IDataProtector ProtectorOf(AccountKey key) => protection.CreateProtector("outside-account", key.PractitionerId, key.AccountId);
}
