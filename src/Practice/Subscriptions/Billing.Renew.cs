using Calendaring.Store;
using NodaTime;
using Practice.Audit;

namespace Practice.Subscriptions;

public sealed partial class Billing
{
    // a group is looked at that often, whatever is known to be due in it
    private static readonly Duration LongestWait = Duration.FromDays(1);

    /// <summary>The practice groups in which something is due, those that have waited longest first.</summary>
    public async Task<IReadOnlyList<string>> ListDueAsync(CancellationToken cancellationToken = default)
    {
        using var snapshot = await store.OpenSnapshotAsync(cancellationToken);
        return [.. (await snapshot.ListDueRecordsAsync(RenewalDue.RecordKind, clock.GetCurrentInstant())).Select(static record => record.Owner)];
    }

    /// <summary>When something is due next in any practice group; null when nothing is.</summary>
    public async Task<Instant?> FindNextDueAsync(CancellationToken cancellationToken = default)
    {
        using var snapshot = await store.OpenSnapshotAsync(cancellationToken);
        return (await snapshot.ListDueRecordsAsync(RenewalDue.RecordKind, Instant.MaxValue, limit: 1)) is [var next] ? next.Due : null;
    }

    /// <summary>
    /// Does what is due in a practice group: renews the subscriptions whose period is over, ends those for which there are no credits, and
    /// gives the notices of those that will lack them. It may be called at any time and any number of times.
    /// </summary>
    /// <returns>When something will be due again; null when nothing will.</returns>
    /// <exception cref="BillingException">It could not be written.</exception>
    public async Task<Instant?> RenewAsync(string practiceId)
    {
        while (await FindAsync(practiceId) is { } account)
        {
            if (account.IsFree || account.Upcoming.FirstOrDefault(standing => standing.State == SubscriptionState.Lapsed) is not { } due)
            {
                await ChangeAsync(practiceId, current => [.. AlignAccess(current), .. NoticesDue(current), .. DueNext(current)]);
                return NextDue(account);
            }

            await ChangeAsync(practiceId, current => Renew(current, due.Practitioner.Id));
        }

        await ForgetDueAsync(practiceId);
        return null;
    }

    /// <summary>Puts off what is due in a practice group that cannot be read: asking again each minute would not make it whole. Whatever changes it makes it due at once.</summary>
    public async Task PutOffAsync(string practiceId)
    {
        StoredRecord? record;
        using (var snapshot = await store.OpenSnapshotAsync()) record = await RenewalDue.FindAsync(snapshot, practiceId);
        if (record is not null) await store.ApplyAsync(StoreBatch.Of(RenewalDue.Put(practiceId, clock.GetCurrentInstant() + LongestWait, record.Version)));
    }

    // of a practice group that is gone, or for which nothing is paid
    private async Task ForgetDueAsync(string practiceId)
    {
        StoredRecord? record;
        using (var snapshot = await store.OpenSnapshotAsync()) record = await RenewalDue.FindAsync(snapshot, practiceId);
        if (record is not null) await store.ApplyAsync(StoreBatch.Of(RenewalDue.Remove(record)));
    }

    private static IEnumerable<StoreOperation> DueNext(PracticeAccount account)
    {
        var latest = account.Now + LongestWait;
        var next = NextDue(account) is { } moment && moment < latest ? moment : latest;
        // one that was put off already need not be put off by the minute
        if (account.Renewal.Due is { } due && due > account.Now && due <= next) yield break;
        yield return RenewalDue.Put(account.Practice.Id, next, account.Renewal.Version);
    }

    private static IReadOnlyList<StoreOperation> Renew(PracticeAccount account, string practitionerId)
    {
        // in the meantime somebody else may have done it, or the band may have changed
        if (account.Find(practitionerId) is not { IsHere: true, State: SubscriptionState.Lapsed, Subscription.Renews: true } standing) return [];
        return account.Balance < Subscription.Price
            ?
            [
                .. Put(account, standing, standing.Subscription with { End = SubscriptionEnd.NoCredits }),
                .. CreditNotice.OfEnd(account, standing).Give(account),
                Line(account, standing, AuditActor.Server, AuditAction.SubscriptionLapsed),
            ]
            : [.. Charge(account, standing, CreditReason.Renewed, by: null), Line(account, standing, AuditActor.Server, AuditAction.SubscriptionRenewed)];
    }

    private static IEnumerable<StoreOperation> NoticesDue(PracticeAccount account)
    {
        if (account.IsFree) yield break;
        foreach (var standing in account.Upcoming)
        {
            var due = standing.Subscription!.Ends;
            if (CreditNotice.StageAt(account.Today, due) is not { } stage || account.MissingFor(standing) is not (> 0 and var missing)) continue;
            foreach (var step in new CreditNotice(account.Now, standing.Practitioner.Id, due, stage, missing).Give(account)) yield return step;
        }
    }

    private static Instant? NextDue(PracticeAccount account)
    {
        if (account.IsFree) return null;
        var moments = account.Upcoming
            .SelectMany(standing => CreditNotice.DaysOf(standing.Subscription!.Ends))
            .Select(account.Practice.StartOf)
            .Where(moment => moment > account.Now)
            .ToList();
        return moments.Count == 0 ? null : moments.Min();
    }
}
