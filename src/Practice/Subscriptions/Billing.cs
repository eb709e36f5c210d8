using Calendaring.Store;
using NodaTime;
using Practice.Audit;

namespace Practice.Subscriptions;

/// <summary>
/// What practitioners' two-way sync costs their practice group (R7, R8, R9). Each change is one batch: the subscription, the line of the
/// ledger and what follows for the HX_ calendar happen together or not at all, and only if all is still as it was read; when somebody else
/// was faster it is decided again. So no period is charged twice, and no credit is spent twice.
/// </summary>
/// <param name="store">Where it is kept.</param>
/// <param name="clock">The current time.</param>
public sealed partial class Billing(ICalendarStore store, IClock clock)
{
    /// <summary>The account of a practice group; null when calendars are provided by whoever runs the server.</summary>
    public async Task<PracticeAccount?> FindAsync(string practiceId, CancellationToken cancelled = default)
    {
        using var snapshot = await store.OpenSnapshotAsync(cancelled);
        return await PracticeAccount.ReadAsync(snapshot, practiceId, clock.GetCurrentInstant());
    }

    /// <summary>The ledger of a practice group, newest line first: those before a line, at most so many.</summary>
    public async Task<IReadOnlyList<CreditLine>> ListLinesAsync(string practiceId, long before = long.MaxValue, int limit = int.MaxValue, CancellationToken cancelled = default)
    {
        using var snapshot = await store.OpenSnapshotAsync(cancelled);
        return await CreditLedger.ListLastAsync(snapshot, practiceId, before, limit);
    }

    private async Task ChangeAsync(string practiceId, Func<PracticeAccount, IReadOnlyList<StoreOperation>> decide)
    {
        var changed = await store.ChangeAsync(practiceId, async snapshot =>
        {
            var account = await PracticeAccount.ReadAsync(snapshot, practiceId, clock.GetCurrentInstant())
                ?? throw new BillingException(BillingFault.NotFound, "There is no such practice group, or it does not pay for calendar synchronisation here.");
            var operations = decide(account);
            if (operations.Count == 0) return new Decision<bool>(null, true);
            // what has changed is looked at by the next renewal, unless that is what changed it
            IEnumerable<StoreOperation> due = operations.Any(step => step is PutRecord { Kind: RenewalDue.RecordKind }) ? [] : [RenewalDue.Put(practiceId, account.Now, account.Renewal.Version)];
            return new Decision<bool>([CreditLedger.Expect(practiceId, account.LastLine), .. operations, .. due], true);
        });
        if (changed.Failure is not { } failure) return;
        throw new BillingException(BillingFault.Unavailable, failure.Kind switch
        {
            StoreFailureKind.NoSpace => "The disk is full: nothing was changed.",
            StoreFailureKind.Unavailable => "The disk cannot be written to: nothing was changed.",
            _ => "Others keep changing the subscriptions of the practice group: try again.",
        });
    }

    private static Standing StandingOf(PracticeAccount account, string practitionerId) =>
        account.Find(practitionerId) ?? throw new BillingException(BillingFault.NotFound, "There is no such practitioner in the practice group.");

    private static StoreOperation Line(PracticeAccount account, Standing standing, AuditActor by, AuditAction action) =>
        PracticeAudit.Line(account.Practice.Id, account.Now, by, action, standing.Practitioner.Id);

    /// <summary>The steps that make a subscription what it becomes, access with it.</summary>
    private static IEnumerable<StoreOperation> Put(PracticeAccount account, Standing standing, Subscription subscription)
    {
        var access = standing.Access with { Until = account.AccessUntil(standing, subscription) };
        yield return subscription.Put(account.Practice.Id, standing.Practitioner.Id, standing.SubscriptionVersion);
        yield return access.Put(standing.Practitioner.Id, standing.AccessVersion);
    }
}
