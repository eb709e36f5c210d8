using Calendaring.Store;
using NodaTime;

namespace Practice.Subscriptions;

/// <summary>An e-mail that can be written now.</summary>
/// <param name="Email">What it is about.</param>
/// <param name="Recipient">To whom; with an address.</param>
/// <param name="Account">The practice group's account as it is now.</param>
/// <param name="Standing">How the practitioner stands now.</param>
public sealed record DueEmail(CreditEmail Email, Principal Recipient, PracticeAccount Account, Standing Standing)
{
    internal long Version { get; init; }
}

/// <summary>The e-mails about missing credits that are still to be written (R7).</summary>
/// <param name="store">Where they are kept.</param>
/// <param name="clock">The current time.</param>
public sealed class CreditEmailBook(ICalendarStore store, IClock clock)
{
    /// <summary>The ids of the e-mails whose turn it is. One that cannot be read is among them.</summary>
    public async Task<IReadOnlyList<string>> ListDueAsync(CancellationToken cancelled = default)
    {
        using var snapshot = await store.OpenSnapshotAsync(cancelled);
        return [.. (await snapshot.ListDueRecordsAsync(CreditEmail.RecordKind, clock.GetCurrentInstant())).Select(static record => record.Id)];
    }

    /// <summary>An e-mail with what it has to say; null when it no longer has anything to say, or nobody to say it to: then it is gone.</summary>
    public async Task<DueEmail?> FindAsync(string id, CancellationToken cancelled = default)
    {
        StoredRecord? record;
        using (var snapshot = await store.OpenSnapshotAsync(cancelled))
        {
            record = await snapshot.FindRecordAsync(CreditEmail.RecordKind, CreditEmail.RecordOwner, id);
            if (record is null) return null;
            if (CreditEmail.TryRead(record) is { } email && await ReadAsync(snapshot, email) is { } due) return due with { Version = record.Version };
        }

        await store.ApplyAsync(StoreBatch.Of(CreditEmail.Remove(record)), cancelled);
        return null;
    }

    /// <summary>
    /// Notes that an e-mail is tried now, before it is: so it is not tried again soon, whatever comes. False when that cannot be noted, or somebody else has been faster: it is not to be tried.
    /// </summary>
    public async Task<bool> BeginAsync(DueEmail due)
    {
        ArgumentNullException.ThrowIfNull(due);
        return (await store.ApplyAsync(StoreBatch.Of(due.Email.Try(clock.GetCurrentInstant()).Put(due.Version)))).Succeeded;
    }

    /// <summary>Notes that an e-mail has gone, or never can. False when that cannot be noted.</summary>
    public async Task<bool> EndAsync(string id)
    {
        var outcome = await store.ApplyAsync(StoreBatch.Of(new DeleteRecord(CreditEmail.RecordKind, CreditEmail.RecordOwner, id)));
        return outcome.Succeeded || outcome.Failure!.Kind == StoreFailureKind.NotFound;
    }

    private async Task<DueEmail?> ReadAsync(IStoreSnapshot snapshot, CreditEmail email)
    {
        if (await snapshot.FindPrincipalAsync(email.RecipientId) is not { Deactivated: null, Email: not null } recipient || recipient.GroupId != email.PracticeId) return null;
        var account = await PracticeAccount.ReadAsync(snapshot, email.PracticeId, clock.GetCurrentInstant());
        return account?.Find(email.PractitionerId) is { } standing && email.IsTrue(account, standing) ? new DueEmail(email, recipient, account, standing) : null;
    }
}
