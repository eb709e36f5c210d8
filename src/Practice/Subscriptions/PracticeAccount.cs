using System.Text.Json;
using Calendaring.Store;
using NodaTime;
using Practice.Groups;
using Practice.Hx;

namespace Practice.Subscriptions;

/// <summary>How one practitioner stands.</summary>
/// <param name="Practitioner">Who.</param>
/// <param name="State">How two-way sync stands.</param>
/// <param name="Subscription">What was bought; null when nothing ever was.</param>
/// <param name="Access">What follows for the HX_ calendar.</param>
public sealed record Standing(Principal Practitioner, SubscriptionState State, Subscription? Subscription, HxAccess Access)
{
    internal long SubscriptionVersion { get; init; }

    internal long AccessVersion { get; init; }

    /// <summary>Whether there is two-way sync to set up or use now.</summary>
    public bool HasAccess => State is not (SubscriptionState.None or SubscriptionState.Lapsed);

    /// <summary>Whether the practitioner has added the HX_ calendar to something (R10).</summary>
    public bool IsSetUp => Access.State != HxState.NotStarted;

    /// <summary>Whether the practitioner may sign in at all: for whom may not, nothing is bought and nothing renewed.</summary>
    public bool IsHere => Practitioner.Deactivated is null;

    /// <summary>Whether there is something to buy.</summary>
    public bool MayBuy => IsHere && State is SubscriptionState.None or SubscriptionState.Lapsed or SubscriptionState.Ending;

    /// <summary>
    /// Whether there is something to cancel: whatever will be charged for again, even while the payment band includes it, since a charge is due as soon as it no longer does.
    /// </summary>
    public bool MayCancel => Subscription is { Renews: true };

    /// <summary>Whether buying is charged at once: not the first time, and not while the period paid for still runs.</summary>
    public bool IsChargedAtOnce => State == SubscriptionState.Lapsed;
}

/// <summary>What a practice group that pays for two-way sync has: its credits, and how its practitioners stand at one moment.</summary>
/// <param name="Practice">The practice group.</param>
/// <param name="Now">The moment.</param>
/// <param name="Balance">Its credits.</param>
/// <param name="Standings">Its practitioners, by name; not those of whom a record is damaged.</param>
/// <param name="Notices">The notices given so far.</param>
public sealed record PracticeAccount(
    PracticeGroup Practice, Instant Now, long Balance, IReadOnlyList<Standing> Standings, IReadOnlyList<CreditNotice> Notices)
{
    internal long PracticeVersion { get; init; }

    internal long LastLine { get; init; }

    /// <summary>When a renewal looks at it next (<see cref="RenewalDue"/>), with the version of the record.</summary>
    internal (Instant? Due, long Version) Renewal { get; init; }

    /// <summary>The ids of the notices given so far, those that cannot be read among them.</summary>
    internal IReadOnlySet<string> Given { get; init; } = new HashSet<string>();

    /// <summary>Who runs the practice group.</summary>
    public IReadOnlyList<Principal> Administrators { get; init; } = [];

    /// <summary>The day that it is in the practice.</summary>
    public LocalDate Today => Now.InZone(Practice.Zone()).Date;

    /// <summary>What the payment band includes.</summary>
    public bool IsFree => Practice.PaymentBand != PaymentBand.Standard;

    /// <summary>The standing of a practitioner of the practice group, or null.</summary>
    public Standing? Find(string practitionerId) => Standings.FirstOrDefault(standing => standing.Practitioner.Id == practitionerId);

    /// <summary>How many credits will be missing when a subscription is renewed, as things are: those due before it take theirs first. 0 when none will.</summary>
    public long MissingFor(Standing standing)
    {
        ArgumentNullException.ThrowIfNull(standing);
        var needed = Upcoming.TakeWhile(other => other != standing).Count() + 1;
        return Math.Max(0, ((long)needed * Subscription.Price) - Balance);
    }

    /// <summary>The subscriptions that will be renewed, in the order in which they are.</summary>
    public IReadOnlyList<Standing> Upcoming { get; } =
    [
        .. Standings
            .Where(standing => standing is { IsHere: true, Subscription.Renews: true })
            .OrderBy(standing => standing.Subscription!.Ends)
            .ThenBy(standing => standing.Practitioner.Id, StringComparer.Ordinal),
    ];

    /// <summary>Until when a practitioner has access; null when there is no end to see.</summary>
    internal Instant? AccessUntil(Standing standing, Subscription? subscription) =>
        IsFree ? null : subscription?.EndsAt(Practice) ?? standing.Access.Until ?? Now;

    /// <summary>Reads the account of a practice group that has one; null when calendars are provided by whoever runs the server.</summary>
    internal static async ValueTask<PracticeAccount?> ReadAsync(IStoreSnapshot snapshot, string practiceId, Instant now)
    {
        var record = await snapshot.FindRecordAsync(PracticeGroup.RecordKind, PracticeGroup.RecordOwner, practiceId);
        if (record is null || PracticeGroup.Read(record) is not { Billing: true } practice) return null;
        var subscriptions = (await snapshot.ListRecordsAsync(Subscription.RecordKind, practiceId)).ToDictionary(found => found.Id);
        var standings = new List<Standing>();
        var people = await snapshot.ListPrincipalsAsync(practiceId);
        foreach (var person in people)
        {
            if (person.Role != PrincipalRole.Practitioner) continue;
            var access = await HxAccess.FindRecordAsync(snapshot, person.Id);
            if (TryRead(practice, now, person, subscriptions.GetValueOrDefault(person.Id), access) is { } standing) standings.Add(standing);
        }

        var last = await CreditLedger.FindLastAsync(snapshot, practiceId);
        var notices = await snapshot.ListRecordsAsync(CreditNotice.RecordKind, practiceId);
        var renewal = await RenewalDue.FindAsync(snapshot, practiceId);
        standings.Sort((one, other) => string.CompareOrdinal(one.Practitioner.DisplayName, other.Practitioner.DisplayName));
        return new PracticeAccount(practice, now, last?.Balance ?? 0, standings, [.. notices.Select(CreditNotice.TryRead).OfType<CreditNotice>()])
        {
            PracticeVersion = record.Version,
            LastLine = last?.Number ?? 0,
            Renewal = (renewal?.Due, renewal?.Version ?? 0),
            Given = notices.Select(notice => notice.Id).ToHashSet(),
            Administrators = [.. people.Where(person => person.Role == PrincipalRole.Administrator)],
        };
    }

    // nothing is bought, charged or changed of what cannot be read, and that does not hold up the others
    private static Standing? TryRead(PracticeGroup practice, Instant now, Principal person, StoredRecord? bought, StoredRecord? access)
    {
        try
        {
            return StandingOf(practice, now, person, bought is null ? null : Subscription.Read(bought), HxAccess.Read(access)) with
            {
                SubscriptionVersion = bought?.Version ?? 0,
                AccessVersion = access?.Version ?? 0,
            };
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static Standing StandingOf(PracticeGroup practice, Instant now, Principal person, Subscription? bought, HxAccess access)
    {
        var state = practice.PaymentBand != PaymentBand.Standard
            ? SubscriptionState.Free
            : bought?.StateAt(now, practice) ?? SubscriptionState.None;
        return new Standing(person, state, bought, access);
    }
}
