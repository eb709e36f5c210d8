using Calendaring.Store;
using NodaTime;
using Practice.Audit;

namespace Practice.Feeds;

/// <summary>
/// Switches one-way feeds on and off (R12): free for every practitioner, whatever the subscription. What the store cannot write throws <see cref="StoreException"/>.
/// </summary>
/// <param name="store">Where they are kept.</param>
/// <param name="clock">The current time.</param>
public sealed class FeedBook(ICalendarStore store, IClock clock)
{
    /// <summary>The feed of a practitioner; null when it is off.</summary>
    public async Task<Feed?> FindAsync(string practitionerId, CancellationToken cancelled = default)
    {
        using var snapshot = await store.OpenSnapshotAsync(cancelled);
        return (await Feed.FindAsync(snapshot, practitionerId))?.Feed;
    }

    /// <summary>Switches a feed on, or gives it another address; the old one ends at once. False when it has another address in the meantime, or is off: the person has not seen that.</summary>
    /// <param name="practitioner">Whose feed.</param>
    /// <param name="seen">The feed as the person saw it; null when it was off.</param>
    /// <param name="secretHash">SHA-256 of the new secret.</param>
    /// <param name="protectedSecret">The new secret, encrypted.</param>
    /// <param name="level">What it shows.</param>
    /// <param name="by">Who does it.</param>
    /// <exception cref="StoreException">It could not be written: nothing was changed.</exception>
    public Task<bool> SetAddressAsync(Principal practitioner, Feed? seen, string secretHash, string protectedSecret, PrivacyLevel level, AuditActor by) =>
        ChangeAsync(practitioner, by, (current, version, now) => current?.SecretHash != seen?.SecretHash
            ? Refused
            : Do([
                new Feed(secretHash, protectedSecret, level, now).Put(practitioner.Id, version),
                new FeedAddress(practitioner.Id).Put(secretHash),
                .. End(practitioner, current, now),
                .. Line(practitioner, now, by, current is null ? AuditAction.FeedMade : AuditAction.FeedRegenerated)]));

    /// <summary>Changes what a feed shows; its address stays. False when it is off.</summary>
    /// <exception cref="StoreException">It could not be written: nothing was changed.</exception>
    public Task<bool> SetLevelAsync(Principal practitioner, PrivacyLevel level, AuditActor by) =>
        ChangeAsync(practitioner, by, (current, version, now) => current is null ? Refused
            : current.Level == level ? Done
            : Do([(current with { Level = level, Changed = now }).Put(practitioner.Id, version), .. Line(practitioner, now, by, AuditAction.FeedChanged)]));

    /// <summary>Switches a feed off, where it is on.</summary>
    /// <exception cref="StoreException">It could not be written: nothing was changed.</exception>
    public Task EndAsync(Principal practitioner, AuditActor by) =>
        ChangeAsync(practitioner, by, (current, version, now) => current is null
            ? Done
            : Do([
                new DeleteRecord(Feed.RecordKind, practitioner.Id, Feed.RecordId, version),
                .. End(practitioner, current, now),
                .. Line(practitioner, now, by, AuditAction.FeedStopped)]));

    /// <summary>Notes that the address was sent to its practitioner by e-mail.</summary>
    /// <exception cref="StoreException">It could not be written: nothing was changed.</exception>
    public Task NoteSentAsync(Principal practitioner, AuditActor by) =>
        ChangeAsync(practitioner, by, (_, _, now) => Do([.. Line(practitioner, now, by, AuditAction.FeedSent)]));

    private async Task<bool> ChangeAsync(Principal practitioner, AuditActor by, Func<Feed?, long, Instant, Decision<bool>> decide)
    {
        ArgumentNullException.ThrowIfNull(practitioner);
        ArgumentNullException.ThrowIfNull(by);
        var changed = await store.ChangeAsync(practitioner.Id, async snapshot =>
            await Feed.FindAsync(snapshot, practitioner.Id) is var (feed, version) ? decide(feed, version, clock.GetCurrentInstant()) : decide(null, 0, clock.GetCurrentInstant()));
        return changed.Written();
    }

    private static Decision<bool> Refused => new(null, false);

    private static Decision<bool> Done => new(null, true);

    private static Decision<bool> Do(IReadOnlyList<StoreOperation> steps) => new(steps, true);

    private static IEnumerable<StoreOperation> End(Principal practitioner, Feed? current, Instant now) =>
        current is null ? [] : [new FeedAddress(practitioner.Id, now).Put(current.SecretHash)];

    private static IEnumerable<StoreOperation> Line(Principal practitioner, Instant now, AuditActor by, AuditAction action) => PracticeAudit.LinesAbout(practitioner, now, by, action);

    /// <summary>The steps that switch a feed off, in a batch with others; none when it is off.</summary>
    public static async ValueTask<IReadOnlyList<StoreOperation>> EndAsync(IStoreSnapshot snapshot, Principal practitioner, AuditActor by, Instant now)
    {
        ArgumentNullException.ThrowIfNull(practitioner);
        return await Feed.FindAsync(snapshot, practitioner.Id) is var (current, version)
            ? [new DeleteRecord(Feed.RecordKind, practitioner.Id, Feed.RecordId, version), .. End(practitioner, current, now), .. Line(practitioner, now, by, AuditAction.FeedStopped)]
            : [];
    }
}
