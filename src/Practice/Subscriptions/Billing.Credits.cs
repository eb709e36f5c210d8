using Calendaring.Store;
using Practice.Audit;
using Practice.Groups;

namespace Practice.Subscriptions;

public sealed partial class Billing
{
    /// <summary>The most credits that are added at once.</summary>
    public const int MaxAdded = 1_000_000;

    private const int MaxNote = 200;

    /// <summary>Adds credits to a practice group's account: what whoever runs the server does when they have been paid.</summary>
    /// <param name="practiceId">The practice group.</param>
    /// <param name="amount">How many.</param>
    /// <param name="note">Why, for the ledger.</param>
    /// <exception cref="BillingException">The amount or the note is not valid, there is no such practice group, or it could not be written.</exception>
    public async Task<long> AddCreditsAsync(string practiceId, int amount, string note)
    {
        note = note.Trim();
        if (amount is < 1 or > MaxAdded) throw new BillingException(BillingFault.Invalid, $"Between 1 and {MaxAdded} credits can be added at once.");
        if (note.Length is 0 or > MaxNote) throw new BillingException(BillingFault.Invalid, $"Say why, in at most {MaxNote} characters: it is shown in the ledger.");
        long balance = 0;
        await ChangeAsync(practiceId, account =>
        {
            balance = account.Balance + amount;
            return
            [
                CreditLedger.Append(practiceId, new CreditLine(account.Now, amount, balance, CreditReason.Added) { Note = note }),
                PracticeAudit.Line(practiceId, account.Now, AuditActor.Command, AuditAction.CreditsAdded),
            ];
        });
        return balance;
    }

    /// <summary>
    /// Puts a practice group into a payment band. From Silver on everybody has access; after it, those whose period is over are charged or
    /// lapse at once.
    /// </summary>
    /// <exception cref="BillingException">There is no such practice group, or it could not be written.</exception>
    public async Task SetBandAsync(string practiceId, PaymentBand band)
    {
        await ChangeAsync(practiceId, account =>
        {
            if (account.Practice.PaymentBand == band) return [];
            var wasFree = account.IsFree;
            var changed = account with { Practice = account.Practice with { PaymentBand = band } };
            return
            [
                changed.Practice.Put(account.PracticeVersion),
                .. changed.IsFree == wasFree ? [] : AlignAccess(changed),
                PracticeAudit.Line(practiceId, account.Now, AuditActor.Command, AuditAction.PaymentBandChanged),
            ];
        });
        await RenewAsync(practiceId);
    }

    // what the records of access should say, where they do not
    private static IEnumerable<StoreOperation> AlignAccess(PracticeAccount account)
    {
        foreach (var standing in account.Standings)
        {
            var until = account.AccessUntil(standing, standing.Subscription);
            if (until != standing.Access.Until || standing.AccessVersion == 0)
                yield return (standing.Access with { Until = until }).Put(standing.Practitioner.Id, standing.AccessVersion);
        }
    }
}
