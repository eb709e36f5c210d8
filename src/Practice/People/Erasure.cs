using Calendaring.Store;
using NodaTime;
using Practice.Audit;
using Practice.Feeds;
using Practice.Subscriptions;

namespace Practice.People;

/// <summary>Erases a person with all that is theirs.</summary>
public static class Erasure
{
    /// <summary>Erases a person: decided again when an e-mail or notice of theirs changes in the meantime. Fails with NotFound when they are no longer there.</summary>
    /// <param name="store">Where they are kept.</param>
    /// <param name="person">Who is erased.</param>
    /// <param name="at">When.</param>
    /// <param name="by">Who does it; not the person.</param>
    /// <param name="with">What else is written, in the same transaction.</param>
    public static Task<BatchOutcome> ApplyAsync(ICalendarStore store, Principal person, Instant at, AuditActor by, params StoreOperation[] with) =>
        ApplyAsync(store, person, at, by, static (_, _) => ValueTask.FromResult<IReadOnlyList<StoreOperation>>([]), with);

    /// <summary>Erases a person, and what is theirs among what others keep. Fails as the other one.</summary>
    /// <param name="store">Where they are kept.</param>
    /// <param name="person">Who is erased.</param>
    /// <param name="at">When.</param>
    /// <param name="by">Who does it; not the person.</param>
    /// <param name="elsewhere">The steps that take out what is theirs and is found by nothing that the store knows of them: decided again with the rest.</param>
    /// <param name="with">What else is written, in the same transaction.</param>
    public static async Task<BatchOutcome> ApplyAsync(
        ICalendarStore store, Principal person, Instant at, AuditActor by, Func<IStoreSnapshot, Principal, ValueTask<IReadOnlyList<StoreOperation>>> elsewhere, params StoreOperation[] with)
    {
        ArgumentNullException.ThrowIfNull(store);
        ArgumentNullException.ThrowIfNull(person);
        ArgumentNullException.ThrowIfNull(elsewhere);
        var erased = await store.ChangeAsync(person.Id, async snapshot => await snapshot.FindPrincipalAsync(person.Id) is null
            ? new Decision<bool>(null, false)
            : new Decision<bool>([.. await elsewhere(snapshot, person), .. await OfAsync(snapshot, person, at, by), .. with], true));
        return erased.Outcome ?? new BatchOutcome(new StoreFailure(StoreFailureKind.NotFound, 0), [], []);
    }

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
        var emails = await snapshot.ListRecordsAsync(CreditEmail.RecordKind, CreditEmail.RecordOwner);
        steps.AddRange(emails.Where(email => CreditEmail.IsAbout(email, person.Id)).Select(CreditEmail.Remove));
        if (person.GroupId is not { } practice) return [.. steps];
        var notices = await snapshot.ListRecordsAsync(CreditNotice.RecordKind, practice);
        steps.AddRange(notices.Where(notice => CreditNotice.IsOf(notice, person.Id)).Select(notice => new DeleteRecord(CreditNotice.RecordKind, practice, notice.Id)));
        return [.. steps, PracticeAudit.Line(practice, at, by, AuditAction.Erased)];
    }
}
