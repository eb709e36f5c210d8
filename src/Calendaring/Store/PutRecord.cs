using NodaTime;

namespace Calendaring.Store;

/// <summary>Makes or replaces a record. With <paramref name="ExpectedVersion"/>, only when it is still at that version (0: when it does not exist).</summary>
public sealed record PutRecord(string Kind, string Owner, string Id, ReadOnlyMemory<byte> Document, long? ExpectedVersion = null) : StoreOperation
{
    /// <summary>When a worker has something to do with it (<see cref="IStoreSnapshot.ListDueRecordsAsync"/>), to 100 ns; null for never.</summary>
    public Instant? Due { get; init; }
}
