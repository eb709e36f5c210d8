using System.Security.Cryptography;
using System.Text;
using Calendaring.Store;
using Practice.Audit;

namespace Practice.People;

/// <summary>The passkeys of people: found, added, renamed, removed. That a browser has one is verified elsewhere.</summary>
/// <param name="store">Where they are kept.</param>
/// <param name="accounts">The accounts that they open.</param>
public sealed class PasskeyBook(ICalendarStore store, AccountBook accounts)
{
    /// <summary>What names a person to a device (WebAuthn Level 3 §5.4.3): it says nothing of them, and is short enough whatever their id is.</summary>
    public static byte[] HandleOf(string personId) => SHA256.HashData(Encoding.UTF8.GetBytes($"passkeys of {personId}"));

    /// <summary>The passkeys of a person, oldest first.</summary>
    public async Task<IReadOnlyList<Passkey>> ListAsync(string personId, CancellationToken cancelled = default) => (await accounts.FindAsync(personId, cancelled))?.Passkeys ?? [];

    /// <summary>A passkey of somebody who may come in, with whose it is; null when there is none.</summary>
    /// <param name="personId">Whose it must be; null when only the device says it.</param>
    /// <param name="handle">What names the person to the device; null when the device does not say it.</param>
    /// <param name="id">The id of the passkey, base64url.</param>
    /// <param name="cancelled">Ends it.</param>
    public async Task<(string Owner, Passkey Passkey)?> FindAsync(string? personId, byte[]? handle, string id, CancellationToken cancelled = default)
    {
        using var snapshot = await store.OpenSnapshotAsync(cancelled);
        var owner = personId ?? (handle is null ? null : (await snapshot.ListPrincipalsAsync()).FirstOrDefault(person => HandleOf(person.Id).AsSpan().SequenceEqual(handle))?.Id);
        if (owner is null || await snapshot.FindPrincipalAsync(owner) is not { Deactivated: null }) return null;
        var passkeys = (await Account.FindAsync(snapshot, owner))?.Account.Passkeys ?? [];
        return passkeys.FirstOrDefault(passkey => passkey.Id == id) is { } found ? (owner, found) : null;
    }

    /// <summary>Adds one. False when there are too many, or it is there already.</summary>
    /// <exception cref="StoreException">It could not be written: nothing was changed.</exception>
    public Task<bool> AddAsync(AccountOwner me, Passkey passkey) => accounts.ChangeAsync(me, AuditAction.PasskeyAdded, account =>
    {
        var all = account.Passkeys ?? [];
        return all.Count < Passkey.Most && all.All(other => other.Id != passkey.Id) ? account with { Passkeys = [.. all, passkey] } : null;
    });

    /// <summary>Removes one; it no longer opens anything. False when it is not there, or the person could no longer sign in.</summary>
    /// <exception cref="StoreException">It could not be written: nothing was changed.</exception>
    public Task<bool> RemoveAsync(AccountOwner me, string id) => accounts.ChangeAsync(me, AuditAction.PasskeyRemoved, account => account.Without(id));

    /// <summary>Gives one another name. False when it is not there.</summary>
    /// <exception cref="StoreException">It could not be written: nothing was changed.</exception>
    public Task<bool> RenameAsync(AccountOwner me, string id, string name)
    {
        ArgumentNullException.ThrowIfNull(me);
        return accounts.ChangeAsync(
            me.Person.Id,
            account => account.Passkeys is { } all && all.Any(passkey => passkey.Id == id) ? account with { Passkeys = [.. all.Select(passkey => passkey.Id == id ? passkey with { Name = name } : passkey)] } : null,
            static (_, _) => ValueTask.FromResult<IReadOnlyList<StoreOperation>?>([]));
    }
}
