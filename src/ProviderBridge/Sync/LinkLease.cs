using Calendaring.Store;
using NodaTime;

namespace ProviderBridge.Sync;

/// <summary>The right to work on a link: one worker at a time, in whatever process.</summary>
internal static class LinkLease
{
    private const string RecordKind = "link-lease";

    private static readonly Duration Lasts = Duration.FromMinutes(5);

    /// <summary>Takes the lease; null when somebody else has it.</summary>
    public static ValueTask<Lease?> TakeAsync(ICalendarStore store, string linkId, Instant now, CancellationToken cancelled = default) =>
        Lease.TakeAsync(store, RecordKind, linkId, now, Lasts, cancelled);

    /// <summary>Takes it from whoever has it, for good: none of their writes succeeds after that.</summary>
    public static ValueTask<IReadOnlyList<StoreOperation>> BreakAsync(IStoreSnapshot snapshot, string linkId) => Lease.BreakAsync(snapshot, RecordKind, linkId);
}
