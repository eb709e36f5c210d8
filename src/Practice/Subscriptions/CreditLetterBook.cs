using Calendaring.Store;
using NodaTime;

namespace Practice.Subscriptions;

/// <summary>A letter that can be written now.</summary>
/// <param name="Letter">What it is about.</param>
/// <param name="Reader">To whom; with an address.</param>
/// <param name="Account">The practice group's account as it is now.</param>
/// <param name="Standing">How the practitioner stands now.</param>
public sealed record DueLetter(CreditLetter Letter, Principal Reader, PracticeAccount Account, Standing Standing)
{
    internal long Version { get; init; }
}

/// <summary>The letters about missing credits that are still to be written (R7).</summary>
/// <param name="store">Where they are kept.</param>
/// <param name="clock">The current time.</param>
public sealed class CreditLetterBook(ICalendarStore store, IClock clock)
{
    /// <summary>The ids of the letters whose turn it is. One that cannot be read is among them.</summary>
    public async Task<IReadOnlyList<string>> ListDueAsync()
    {
        using var snapshot = await store.OpenSnapshotAsync();
        var now = clock.GetCurrentInstant();
        var records = await snapshot.ListRecordsAsync(CreditLetter.RecordKind, CreditLetter.RecordOwner);
        return [.. records.Where(record => CreditLetter.TryRead(record) is not { } letter || letter.Next is null || letter.Next <= now).Select(record => record.Id)];
    }

    /// <summary>A letter with what it has to say; null when it has nothing to say any more, or nobody to say it to: then it is gone.</summary>
    public async Task<DueLetter?> FindAsync(string id)
    {
        StoredRecord? record;
        using (var snapshot = await store.OpenSnapshotAsync())
        {
            record = await snapshot.FindRecordAsync(CreditLetter.RecordKind, CreditLetter.RecordOwner, id);
            if (record is null) return null;
            if (CreditLetter.TryRead(record) is { } letter && await ReadAsync(snapshot, letter) is { } due) return due with { Version = record.Version };
        }

        await store.ApplyAsync(StoreBatch.Of(CreditLetter.Remove(record)));
        return null;
    }

    /// <summary>
    /// Notes that a letter is tried now, before it is: so it is not tried again soon, whatever comes. False when that cannot be noted, or somebody else has been faster: it is not to be tried.
    /// </summary>
    public async Task<bool> BeginAsync(DueLetter due)
    {
        ArgumentNullException.ThrowIfNull(due);
        return (await store.ApplyAsync(StoreBatch.Of(due.Letter.Try(clock.GetCurrentInstant()).Put(due.Version)))).Succeeded;
    }

    /// <summary>Notes that a letter has gone, or never can. False when that cannot be noted.</summary>
    public async Task<bool> EndAsync(string id)
    {
        var outcome = await store.ApplyAsync(StoreBatch.Of(new DeleteRecord(CreditLetter.RecordKind, CreditLetter.RecordOwner, id)));
        return outcome.Succeeded || outcome.Failure!.Kind == StoreFailureKind.NotFound;
    }

    private async Task<DueLetter?> ReadAsync(IStoreSnapshot snapshot, CreditLetter letter)
    {
        if (await snapshot.FindPrincipalAsync(letter.ReaderId) is not { Deactivated: null, Email: not null } reader || reader.PracticeId != letter.PracticeId) return null;
        var account = await PracticeAccount.ReadAsync(snapshot, letter.PracticeId, clock.GetCurrentInstant());
        return account?.Find(letter.PractitionerId) is { } standing && letter.IsTrue(account, standing) ? new DueLetter(letter, reader, account, standing) : null;
    }
}
