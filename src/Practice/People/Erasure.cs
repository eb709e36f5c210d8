using Calendaring.Store;
using NodaTime;
using Practice.Audit;
using Practice.Feeds;
using Practice.Subscriptions;

namespace Practice.People;

/// <summary>Erases a person with all that is theirs.</summary>
public static class Erasure
{
    /// <summary>The steps. The audit log of the practice says that somebody was erased, and not who.</summary>
    /// <param name="snapshot">The store as it is.</param>
    /// <param name="person">Who is erased.</param>
    /// <param name="at">When.</param>
    /// <param name="by">Who does it; not the person.</param>
    public static async Task<StoreOperation[]> OfAsync(IStoreSnapshot snapshot, Principal person, Instant at, AuditActor by)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        ArgumentNullException.ThrowIfNull(person);
        var steps = new List<StoreOperation> { new ErasePrincipal(person.Id, [DiaryAudit.Log, PracticeAudit.Log], await FormerNames.ListAsync(snapshot, person.Id)) };
        steps.AddRange(await FeedAddress.ForgetAsync(snapshot, person.Id, at));
        var letters = await snapshot.ListRecordsAsync(CreditLetter.RecordKind, CreditLetter.RecordOwner);
        steps.AddRange(letters.Where(letter => CreditLetter.IsAbout(letter, person.Id)).Select(CreditLetter.Remove));
        if (person.PracticeId is not { } practice) return [.. steps];
        var notices = await snapshot.ListRecordsAsync(CreditNotice.RecordKind, practice);
        steps.AddRange(notices.Where(notice => CreditNotice.IsOf(notice, person.Id)).Select(notice => new DeleteRecord(CreditNotice.RecordKind, practice, notice.Id)));
        return [.. steps, PracticeAudit.Line(practice, at, by, AuditAction.Erased)];
    }
}
