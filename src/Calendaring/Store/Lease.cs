using NodaTime;

namespace Calendaring.Store;

/// <summary>
/// The right of one worker to something for a time, in whatever process. Every batch of that worker expects that it still has it (<see cref="Expect"/>), so that one who was slow and lost it writes
/// nothing more. It is a record that is due when the lease ends, and its epoch is the record's version.
/// </summary>
/// <param name="Kind">The kind of the record, e.g. one for each kind of work.</param>
/// <param name="Owner">What is worked on.</param>
/// <param name="Epoch">Goes up each time somebody takes it.</param>
/// <param name="Until">When somebody else may take it.</param>
public sealed record Lease(string Kind, string Owner, long Epoch, Instant Until)
{
    /// <summary>Takes a lease; null when somebody else has it, or took it at the same moment, or nothing can be written.</summary>
    /// <param name="store">The store.</param>
    /// <param name="kind">The kind of work.</param>
    /// <param name="owner">What is worked on.</param>
    /// <param name="now">The current time.</param>
    /// <param name="lasts">For how long. One that seems to last longer, since a clock was set back, is nobody's.</param>
    /// <param name="cancellationToken">Stops the wait.</param>
    public static async ValueTask<Lease?> TakeAsync(ICalendarStore store, string kind, string owner, Instant now, Duration lasts, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(store);
        StoredRecord? held;
        using (var snapshot = await store.OpenSnapshotAsync(cancellationToken)) held = await snapshot.FindRecordAsync(kind, owner, kind);
        if (held is { Due: { } until } && until > now && until <= now + lasts) return null;
        // known again by it: between the commit and the next look another may have taken it
        var mine = Guid.NewGuid().ToByteArray();
        var taken = await store.ApplyAsync(StoreBatch.Of(new PutRecord(kind, owner, kind, mine, held?.Version ?? 0) { Due = now + lasts }), cancellationToken);
        if (!taken.Succeeded) return null;
        using var after = await store.OpenSnapshotAsync(cancellationToken);
        return await after.FindRecordAsync(kind, owner, kind) is { } found && found.Document.Span.SequenceEqual(mine) ? new Lease(kind, owner, found.Version, now + lasts) : null;
    }

    /// <summary>The step that fails when somebody else has taken it since.</summary>
    public ExpectRecord Expect() => new(Kind, Owner, Kind, Epoch);

    /// <summary>Gives it back, unless somebody else has it: whoever comes next need not wait until it ends.</summary>
    /// <param name="store">The store.</param>
    /// <param name="now">The current time.</param>
    public async ValueTask ReturnAsync(ICalendarStore store, Instant now)
    {
        ArgumentNullException.ThrowIfNull(store);
        await store.ApplyAsync(StoreBatch.Of(new PutRecord(Kind, Owner, Kind, ReadOnlyMemory<byte>.Empty, Epoch) { Due = now }));
    }

    /// <summary>The steps that take it from whoever has it, for good: none of their batches succeeds after that.</summary>
    public static async ValueTask<IReadOnlyList<StoreOperation>> BreakAsync(IStoreSnapshot snapshot, string kind, string owner)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        return await snapshot.FindRecordAsync(kind, owner, kind) is null ? [] : [new DeleteRecord(kind, owner, kind)];
    }
}
