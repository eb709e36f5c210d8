using Calendaring.Store;
using Practice.Audit;
using Practice.Hx;

namespace Practice.Subscriptions;

public sealed partial class Billing
{
    /// <summary>
    /// Buys two-way sync for a practitioner: the first time it begins with free days; while a cancelled period still runs it takes the
    /// cancellation back; after it has ended it is charged at once.
    /// </summary>
    /// <param name="practitionerId">For whom.</param>
    /// <param name="buyer">Who buys: the practitioner, or an administrator of the practice group (R9).</param>
    /// <param name="by">The same for the audit log.</param>
    /// <exception cref="BillingException">There is no such practitioner, the buyer may not, there is nothing to buy, credits are missing, or it could not be written.</exception>
    public async Task BuyAsync(string practitionerId, Principal buyer, AuditActor by)
    {
        await ChangeAsync(PracticeOf(buyer), account =>
        {
            var standing = StandingFor(account, practitionerId, buyer);
            if (!standing.IsHere) throw new BillingException(BillingFault.Conflict, "This practitioner's account is deactivated: nothing can be bought for it.");
            return standing.State switch
            {
                SubscriptionState.None => [.. Put(account, standing, Subscription.Begin(account.Today)), By(AuditAction.SubscriptionBought)],
                SubscriptionState.Ending =>
                [
                    .. Put(account, standing, standing.Subscription! with { End = SubscriptionEnd.None }),
                    By(AuditAction.SubscriptionResumed),
                ],
                SubscriptionState.Lapsed => [.. Charge(account, standing, CreditReason.Bought, buyer), By(AuditAction.SubscriptionBought)],
                SubscriptionState.Free => throw new BillingException(
                    BillingFault.Conflict, "There is nothing to buy: the practice's payment band includes calendar synchronisation."),
                _ => throw new BillingException(BillingFault.Conflict, "This practitioner already has calendar synchronisation."),
            };

            StoreOperation By(AuditAction action) => Line(account, standing, by, action);
        });
    }

    /// <summary>Cancels: it runs to the end of the period paid for, or of the free days. Credits are not refunded.</summary>
    /// <param name="practitionerId">Whose.</param>
    /// <param name="canceller">Who cancels: the practitioner, or an administrator of the practice group.</param>
    /// <param name="by">The same for the audit log.</param>
    /// <exception cref="BillingException">There is no such practitioner, whoever cancels may not, no subscription is running, or it could not be written.</exception>
    public async Task CancelAsync(string practitionerId, Principal canceller, AuditActor by)
    {
        await ChangeAsync(PracticeOf(canceller), account =>
        {
            var standing = StandingFor(account, practitionerId, canceller);
            if (!standing.MayCancel) throw new BillingException(BillingFault.Conflict, "There is no running subscription to cancel.");
            return
            [
                .. Put(account, standing, standing.Subscription! with { End = SubscriptionEnd.Cancelled }),
                Line(account, standing, by, AuditAction.SubscriptionCancelled),
            ];
        });
    }

    /// <summary>
    /// Opens the practitioner's HX_ calendar to the outside (R10, the end of Add Calendar Synchronisation). From now on what is booked or
    /// edited is served (R5). Nothing happens when it is open, or when the practice group pays for nothing here.
    /// </summary>
    /// <param name="practitioner">The practitioner: nobody else sets up (R9).</param>
    /// <param name="by">The same for the audit log.</param>
    /// <exception cref="BillingException">The person is no practitioner, or has no calendar; nothing has been bought; or it could not be written.</exception>
    public async Task SetUpAsync(Principal practitioner, AuditActor by)
    {
        if (practitioner.Role != PrincipalRole.Practitioner)
            throw new BillingException(BillingFault.NotAllowed, "Only a practitioner can set up calendar synchronisation, for their own calendar.");
        if (await FindAsync(PracticeOf(practitioner)) is null) return;
        var hx = await FindHxAsync(practitioner.Id);
        await ChangeAsync(PracticeOf(practitioner), account =>
        {
            var standing = StandingOf(account, practitioner.Id);
            if (standing.IsSetUp) return [];
            if (!standing.HasAccess) throw new BillingException(BillingFault.Conflict, "Buy calendar synchronisation first.");
            return
            [
                (standing.Access with { State = HxState.Active }).Put(practitioner.Id, standing.AccessVersion),
                HxCalendar.Show(hx),
                Line(account, standing, by, AuditAction.SyncSetUp),
            ];
        });
    }

    private async Task<Collection> FindHxAsync(string practitionerId)
    {
        using var snapshot = await store.OpenSnapshotAsync();
        return await snapshot.FindCollectionAsync(practitionerId, HxCalendar.CollectionName)
            ?? throw new BillingException(BillingFault.NotFound, "There is no such calendar.");
    }

    private static IReadOnlyList<StoreOperation> Charge(PracticeAccount account, Standing standing, CreditReason reason, Principal? by)
    {
        if (account.Balance < Subscription.Price)
        {
            throw new BillingException(
                BillingFault.NoCredits, $"This costs {Subscription.Price} credits, and the practice has {account.Balance}. Credits have to be added first.");
        }

        var charged = standing.Subscription!.Charge(account.Today);
        return [.. Put(account, standing, charged), CreditLedger.Append(account.Practice.Id, LineOf(account, standing, charged, reason, by))];
    }

    private static CreditLine LineOf(PracticeAccount account, Standing standing, Subscription charged, CreditReason reason, Principal? by) =>
        new(account.Now, -Subscription.Price, account.Balance - Subscription.Price, reason, by?.Id)
        {
            PractitionerId = standing.Practitioner.Id,
            From = account.Today,
            Through = charged.LastDay,
        };

    private static Standing StandingFor(PracticeAccount account, string practitionerId, Principal by)
    {
        if (by.Id != practitionerId && by.Role != PrincipalRole.Administrator)
        {
            throw new BillingException(
                BillingFault.NotAllowed, "Only the practitioner or an administrator of the practice can buy or cancel this subscription.");
        }

        return StandingOf(account, practitionerId);
    }

    private static string PracticeOf(Principal person) =>
        person.GroupId ?? throw new BillingException(BillingFault.NotAllowed, "Calendar synchronisation belongs to a practice group.");
}
