using Calendaring.Store;
using NodaTime;
using Practice.Audit;

namespace Practice.Subscriptions;

public sealed partial class Billing
{
    /// <summary>
    /// Does what is due in a practice group: renews the subscriptions whose period is over, ends those for which there are no credits, and
    /// gives the notices of those that will lack them. It may be called at any time and any number of times.
    /// </summary>
    /// <returns>When something will be due again; null when nothing will.</returns>
    public async Task<Instant?> RenewAsync(string practiceId)
    {
        Instant? next = null;
        while (await FindAsync(practiceId) is { } account)
        {
            if (account.IsFree || account.Upcoming.FirstOrDefault(standing => standing.State == SubscriptionState.Lapsed) is not { } due)
            {
                await ChangeAsync(practiceId, current => [.. AlignAccess(current), .. NoticesDue(current)]);
                next = NextDue(account);
                break;
            }

            await ChangeAsync(practiceId, current => Renew(current, due.Practitioner.Id));
        }

        return next;
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
