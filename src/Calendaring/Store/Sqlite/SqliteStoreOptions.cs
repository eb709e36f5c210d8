using NodaTime;

namespace Calendaring.Store.Sqlite;

/// <summary>How a <see cref="SqliteStore"/> works. The defaults suit a server.</summary>
public sealed record SqliteStoreOptions
{
    /// <summary>How long removals are remembered: a client that has not synced for longer starts again.</summary>
    public Duration TombstoneLifetime { get; init; } = Duration.FromDays(90);

    /// <summary>How often uses of app passwords are written and old tombstones are looked for.</summary>
    public Duration HousekeepingInterval { get; init; } = Duration.FromSeconds(30);

    /// <summary>Readers at most; each open snapshot holds one. They are made as they are needed.</summary>
    public int Readers { get; init; } = 64;

    /// <summary>How long a caller waits for a reader when all are taken: then it fails with <see cref="StoreFailureKind.Busy"/>, and can come again.</summary>
    public Duration ReaderPatience { get; init; } = Duration.FromSeconds(10);

    /// <summary>Batches that may wait for the writer; further callers wait for a place.</summary>
    public int QueueLength { get; init; } = 4096;

    /// <summary>Batches that share one commit at most.</summary>
    public int GroupLength { get; init; } = 512;

    /// <summary>Bytes of batches that share one commit at most, unless one alone is larger.</summary>
    public long GroupSize { get; init; } = 16 << 20;

    /// <summary>
    /// The largest file, in bytes, whose whole structure is checked before it is opened. Of a larger one only the header and the catalog are read: the whole is for
    /// <see cref="IStoreMaintenance.CheckAsync"/>, and bytes are verified whenever they are read.
    /// </summary>
    public long QuickCheckSize { get; init; } = 64 << 20;

    /// <summary>The largest size of the file in bytes, or null for what the disk holds. At the limit writes fail with <see cref="StoreFailureKind.NoSpace"/> until something is removed.</summary>
    public long? MaximumSize { get; init; }

    /// <summary>Bytes, about, that the objects kept in memory may take: some 12 000 of usual size.</summary>
    public long CacheSize { get; init; } = 16 << 20;

    /// <summary>What the listings of calendars may take in memory together, about, in bytes.</summary>
    public long ListingsSize { get; init; } = 32 << 20;
}
