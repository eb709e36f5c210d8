using System.Text.Json;
using Calendaring.Store;
using NodaTime;
using Practice.Audit;
using Practice.Groups;

namespace Practice.Subscriptions;

/// <summary>How a practitioner's two-way sync stands (R7).</summary>
public enum SubscriptionState
{
    /// <summary>Nothing was ever bought.</summary>
    None,

    /// <summary>The free days that the first purchase begins with.</summary>
    Trial,

    /// <summary>A period that is paid for, and will be followed by another.</summary>
    Active,

    /// <summary>Cancelled: it runs to the end of the period paid for, or of the free days.</summary>
    Ending,

    /// <summary>It has ended: HX_ calendars can be read, and not changed.</summary>
    Lapsed,

    /// <summary>The practice group's payment band includes it.</summary>
    Free,
}

/// <summary>Why a subscription is not renewed.</summary>
public enum SubscriptionEnd
{
    /// <summary>It is.</summary>
    None,

    /// <summary>It was cancelled.</summary>
    Cancelled,

    /// <summary>The practice group did not have the credits when the next period was due.</summary>
    NoCredits,

    /// <summary>The next period fell due while the practitioner's access had been taken away.</summary>
    Deactivated,
}

/// <summary>
/// What one practitioner has bought (R8): a run of days, each belonging to the practice's time zone (docs/decisions/0008). A period is 30 whole
/// days, and the rest of the day on which it is bought comes on top.
/// </summary>
/// <param name="Since">The day on which it was first bought.</param>
/// <param name="Ends">The first day that it does not cover.</param>
/// <param name="Paid">Whether the present period is paid for; otherwise it is the free one.</param>
/// <param name="End">Why no period will follow; none when one will.</param>
public sealed record Subscription(LocalDate Since, LocalDate Ends, bool Paid = false, SubscriptionEnd End = SubscriptionEnd.None)
{
    /// <summary>The days of a period.</summary>
    public const int PeriodDays = 30;

    /// <summary>What a period costs, in credits.</summary>
    public const int Price = 25;

    internal const string RecordKind = "subscription";

    /// <summary>The last day that it covers.</summary>
    public LocalDate LastDay => Ends.PlusDays(-1);

    /// <summary>Whether another period is bought when this one ends.</summary>
    public bool Renews => End == SubscriptionEnd.None;

    /// <summary>The subscription that the first purchase makes: free days, and no charge.</summary>
    public static Subscription Begin(LocalDate today) => new(today, today.PlusDays(PeriodDays + 1));

    /// <summary>
    /// After a charge. A renewal on the day it is due follows without a gap; after that, and when it is bought again, the period begins on the day of the charge, so that nobody pays for
    /// days on which there was no access.
    /// </summary>
    public Subscription Charge(LocalDate today) =>
        this with { Ends = today.PlusDays(Renews && today == Ends ? PeriodDays : PeriodDays + 1), Paid = true, End = SubscriptionEnd.None };

    /// <summary>When it ends: as <see cref="Ends"/> begins.</summary>
    public Instant EndsAt(PracticeGroup practice) => practice.StartOf(Ends);

    /// <summary>How it stands at a moment, in a practice group whose band does not include it.</summary>
    public SubscriptionState StateAt(Instant now, PracticeGroup practice)
    {
        if (now >= EndsAt(practice)) return SubscriptionState.Lapsed;
        if (!Renews) return SubscriptionState.Ending;
        return Paid ? SubscriptionState.Active : SubscriptionState.Trial;
    }

    /// <summary>
    /// What giving a practitioner's access back means for the subscription: what fell due in the meantime has ended, since nobody could cancel
    /// it, and buying it again is the practitioner's choice.
    /// </summary>
    internal static async ValueTask<IReadOnlyList<StoreOperation>> EndDueAsync(IStoreSnapshot snapshot, string practiceId, string practitionerId, Instant now)
    {
        var record = await snapshot.FindRecordAsync(RecordKind, practiceId, practitionerId);
        if (record is null || await PracticeGroup.FindAsync(snapshot, practiceId) is not { } practice) return [];
        var bought = Read(record);
        // what goes on is renewed again
        if (!bought.Renews || now < bought.EndsAt(practice)) return [RenewalDue.Put(practiceId, now)];
        return
            [
                (bought with { End = SubscriptionEnd.Deactivated }).Put(practiceId, practitionerId, record.Version),
                PracticeAudit.Line(practiceId, now, AuditActor.Server, AuditAction.SubscriptionLapsed, practitionerId),
            ];
    }

    internal static Subscription Read(StoredRecord record) =>
        JsonSerializer.Deserialize(record.Document.Span, SubscriptionJson.Default.Subscription) ?? throw new JsonException("A subscription's document is empty.");

    internal StoreOperation Put(string practiceId, string practitionerId, long expectedVersion) =>
        new PutRecord(RecordKind, practiceId, practitionerId, JsonSerializer.SerializeToUtf8Bytes(this, SubscriptionJson.Default.Subscription), expectedVersion);
}
