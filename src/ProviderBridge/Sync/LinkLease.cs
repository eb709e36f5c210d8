using System.Text.Json;
using Calendaring.Store;
using NodaTime;

namespace ProviderBridge.Sync;

/// <summary>The right to work on a link: one worker at a time, in whatever process. Every write of that worker expects that it still has it.</summary>
/// <param name="Epoch">Goes up each time somebody takes it.</param>
/// <param name="Until">When somebody else may take it.</param>
internal sealed record LinkLease(long Epoch, Instant Until)
{
    private const string RecordKind = "link-lease";

    private static readonly Duration Lasts = Duration.FromMinutes(5);

    /// <summary>Takes the lease; null when somebody else has it. What is returned is a step that fails when it was taken by another since.</summary>
    public static async ValueTask<StoreOperation?> TakeAsync(ICalendarStore store, string linkId, Instant now)
    {
        StoredRecord? record;
        using (var snapshot = await store.OpenSnapshotAsync()) record = await snapshot.FindRecordAsync(RecordKind, linkId, RecordKind);
        var held = record is null ? null : JsonSerializer.Deserialize(record.Document.Span, SyncJson.Default.LinkLease);
        if (held is not null && held.Until > now && held.Until <= now + Lasts) return null;
        var taken = new LinkLease((held?.Epoch ?? 0) + 1, now + Lasts);
        if (!(await store.ApplyAsync(StoreBatch.Of(taken.Put(linkId, record?.Version ?? 0)))).Succeeded) return null;
        using var after = await store.OpenSnapshotAsync();
        return await after.FindRecordAsync(RecordKind, linkId, RecordKind) is { } mine && Read(mine).Epoch == taken.Epoch
            ? new ExpectRecord(RecordKind, linkId, RecordKind, mine.Version)
            : null;
    }

    /// <summary>Gives the lease back, if it is still held.</summary>
    public static async ValueTask ReturnAsync(ICalendarStore store, StoreOperation held, Instant now)
    {
        var expected = (ExpectRecord)held;
        StoredRecord? record;
        using (var snapshot = await store.OpenSnapshotAsync()) record = await snapshot.FindRecordAsync(RecordKind, expected.Owner, RecordKind);
        if (record?.Version != expected.Version) return;
        await store.ApplyAsync(StoreBatch.Of((Read(record) with { Until = now }).Put(expected.Owner, expected.Version)));
    }

    /// <summary>Takes it from whoever has it, for good: none of their writes succeeds after that.</summary>
    public static async ValueTask<IReadOnlyList<StoreOperation>> BreakAsync(IStoreSnapshot snapshot, string linkId) =>
        await snapshot.FindRecordAsync(RecordKind, linkId, RecordKind) is null ? [] : [new DeleteRecord(RecordKind, linkId, RecordKind)];

    private static LinkLease Read(StoredRecord record) => JsonSerializer.Deserialize(record.Document.Span, SyncJson.Default.LinkLease)!;

    private PutRecord Put(string linkId, long version) => new(RecordKind, linkId, RecordKind, JsonSerializer.SerializeToUtf8Bytes(this, SyncJson.Default.LinkLease), version);
}
