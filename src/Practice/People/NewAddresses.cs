using Calendaring.Store;
using NodaTime;
using Practice.Audit;
using Practice.Groups;

namespace Practice.People;

/// <summary>Gives people new e-mail addresses, each after the link that was sent to it was followed: nobody has e-mails sent to a mailbox that is somebody else's.</summary>
/// <param name="store">Where they are kept.</param>
/// <param name="clock">The current time.</param>
public sealed class NewAddresses(ICalendarStore store, IClock clock)
{
    /// <summary>Notes the address that a person is to have. Whether somebody else has it is not told here: only who reads its mailbox learns that.</summary>
    /// <returns>The secret of the link to send there.</returns>
    /// <exception cref="PracticeDirectoryException">The person is no longer there.</exception>
    /// <exception cref="StoreException">It could not be written: nothing was changed.</exception>
    public async Task<string> AskAsync(string personId, string email)
    {
        ArgumentNullException.ThrowIfNull(email);
        var (address, secret) = NewAddress.Create(email.Trim(), clock.GetCurrentInstant());
        await PutAsync(personId, address);
        return secret;
    }

    /// <summary>Notes the address that a person is to have, where no e-mail can be sent to it: nobody can prove it.</summary>
    /// <exception cref="PracticeDirectoryException">The person is no longer there.</exception>
    /// <exception cref="StoreException">It could not be written: nothing was changed.</exception>
    public Task KeepAsync(string personId, string email)
    {
        ArgumentNullException.ThrowIfNull(email);
        return PutAsync(personId, new NewAddress(email.Trim(), null, default));
    }

    /// <summary>The address of a person that nobody has proved; or null.</summary>
    public async Task<string?> UnprovedAsync(string personId, CancellationToken cancelled = default)
    {
        using var snapshot = await store.OpenSnapshotAsync(cancelled);
        return (await NewAddress.FindAsync(snapshot, personId))?.Address.Email;
    }

    /// <summary>Takes from a person's address the link that was to be sent to it: whoever follows it proves nothing.</summary>
    /// <exception cref="StoreException">It could not be written: nothing was changed.</exception>
    public async Task EndLinkAsync(string personId)
    {
        var ended = await store.ChangeAsync(personId, async snapshot => await NewAddress.FindAsync(snapshot, personId) is var (address, version)
            ? new Decision<bool>([address.WithoutLink().Put(personId, version)], true)
            : new Decision<bool>(null, false));
        ended.Written();
    }

    /// <summary>Whether it is the address that nobody has proved yet, and nothing more is to be sent to it.</summary>
    /// <param name="personId">Whose.</param>
    /// <param name="email">The address.</param>
    /// <param name="byLink">Whether a link can be sent: then one has to be under way that still works.</param>
    public async Task<bool> IsWaitingAsync(string personId, string email, bool byLink)
    {
        using var snapshot = await store.OpenSnapshotAsync();
        return await NewAddress.FindAsync(snapshot, personId) is var (address, _) && address.Email == email
            && (!byLink || (address.Hash is not null && clock.GetCurrentInstant() < address.Until));
    }

    /// <summary>Forgets the address that a person was to have, and ends the links that were sent to it.</summary>
    /// <exception cref="StoreException">It could not be written: nothing was changed.</exception>
    public Task ForgetAsync(string personId) => ChangeAsync(personId, async snapshot =>
    {
        if (await NewAddress.FindAsync(snapshot, personId) is not var (address, _)) return null;
        // an invitation went there, too
        return [.. await NewAddress.EndAsync(snapshot, personId), .. address.Hash is null ? [] : await OneTimeLinks.EndAllAsync(snapshot, personId)];
    });

    /// <summary>Whose address a link is for; null when it was used, has ended or never was.</summary>
    public async Task<(Principal Person, string Email)?> FindAsync(string personId, string secret, CancellationToken cancelled = default)
    {
        using var snapshot = await store.OpenSnapshotAsync(cancelled);
        if (await snapshot.FindPrincipalAsync(personId) is not { Deactivated: null } person) return null;
        return await NewAddress.FindAsync(snapshot, personId) is var (address, _) && address.Has(secret, clock.GetCurrentInstant()) ? (person, address.Email) : null;
    }

    /// <summary>Makes the address that of the person. Null when the link no longer works; otherwise the person as they were.</summary>
    /// <exception cref="PracticeDirectoryException">Somebody else signs in with the address.</exception>
    /// <exception cref="StoreException">It could not be written: nothing was changed.</exception>
    public async Task<Principal?> ConfirmAsync(string personId, string secret)
    {
        if (await FindAsync(personId, secret) is not var (person, email)) return null;
        await new PracticePeople(store, clock).EditAsync(person.GroupId, AuditActor.ByLink(person, Secret.HashOf(secret)), personId, person.DisplayName, email);
        return person;
    }

    // an invitation that went to the address before must not open the account of whom another was meant for
    private Task PutAsync(string personId, NewAddress address) => ChangeAsync(personId, async snapshot =>
    {
        if (await snapshot.FindPrincipalAsync(personId) is not { Deactivated: null }) throw new PracticeDirectoryException("This person no longer exists.");
        var found = await NewAddress.FindAsync(snapshot, personId);
        var isOther = found is { Address: { Hash: not null } before } && before.Email != address.Email;
        return [address.Put(personId, found?.Version ?? 0), .. isOther ? await OneTimeLinks.EndAllAsync(snapshot, personId) : []];
    });

    private async Task ChangeAsync(string personId, Func<IStoreSnapshot, ValueTask<IReadOnlyList<StoreOperation>?>> decide)
    {
        var changed = await store.ChangeAsync(personId, async snapshot => new Decision<bool>(await decide(snapshot), true));
        changed.Written();
    }
}
