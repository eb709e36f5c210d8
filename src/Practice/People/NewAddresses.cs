using Calendaring.Store;
using NodaTime;
using Practice.Audit;
using Practice.Groups;

namespace Practice.People;

/// <summary>Gives people new e-mail addresses, each after the link that was sent to it was followed: nobody has letters sent to a mailbox that is somebody else's.</summary>
/// <param name="store">Where they are kept.</param>
/// <param name="clock">The current time.</param>
public sealed class NewAddresses(ICalendarStore store, IClock clock)
{
    /// <summary>Notes the address that a person is to have. Whether somebody else has it is not told here: only who reads its mailbox learns that.</summary>
    /// <returns>The secret of the link to send there.</returns>
    /// <exception cref="PracticeDirectoryException">The person is not there any more.</exception>
    public async Task<string> AskAsync(string personId, string email)
    {
        ArgumentNullException.ThrowIfNull(email);
        var (address, secret) = NewAddress.Create(email.Trim(), clock.GetCurrentInstant());
        using (var snapshot = await store.OpenSnapshotAsync())
        {
            if (await snapshot.FindPrincipalAsync(personId) is not { Deactivated: null }) throw new PracticeDirectoryException("There is no such person any more.");
        }

        return (await store.ApplyAsync(StoreBatch.Of(address.Put(personId)))).Succeeded ? secret : throw new PracticeDirectoryException("Nothing was changed. Try again in a moment.");
    }

    /// <summary>Forgets what a person asked for before.</summary>
    public async Task ForgetAsync(string personId)
    {
        using var snapshot = await store.OpenSnapshotAsync();
        if (await NewAddress.EndAsync(snapshot, personId) is { Count: > 0 } end) await store.ApplyAsync(new StoreBatch(end));
    }

    /// <summary>Whose address a link is for; null when it was used, has ended or never was.</summary>
    public async Task<(Principal Person, string Email)?> FindAsync(string personId, string secret)
    {
        using var snapshot = await store.OpenSnapshotAsync();
        if (await snapshot.FindPrincipalAsync(personId) is not { Deactivated: null } person) return null;
        return await NewAddress.FindAsync(snapshot, personId) is var (address, _) && address.Has(secret, clock.GetCurrentInstant()) ? (person, address.Email) : null;
    }

    /// <summary>Makes the address that of the person. Null when the link does not work any more; otherwise the person as they were.</summary>
    /// <exception cref="PracticeDirectoryException">Somebody else signs in with the address.</exception>
    public async Task<Principal?> ConfirmAsync(string personId, string secret)
    {
        if (await FindAsync(personId, secret) is not var (person, email)) return null;
        await new PracticePeople(store, clock).EditAsync(person.PracticeId, AuditActor.OnPages(person), personId, person.DisplayName, email);
        return person;
    }
}
