using Calendaring.Store;
using NodaTime;

namespace ProviderBridge.Sync;

/// <summary>A pass may not go on: another worker has its link, it was paused, changed or ended, or its practitioner no longer has access.</summary>
internal sealed class PassStoppedException() : Exception("The pass may not continue.");

/// <summary>
/// What a pass needs to write: the lease, the link as it was when the pass began, and a practitioner who has access. Asked before each write outside; each write in the practice expects it.
/// </summary>
internal sealed class PassPermit(ICalendarStore store, IClock clock, Link link, Lease lease)
{
    /// <summary>Steps that fail when another has the lease, or the link was changed since.</summary>
    public IReadOnlyList<StoreOperation> Expected { get; } = [lease.Expect(), link.Expect()];

    /// <summary>Fails when the pass may not go on.</summary>
    /// <exception cref="PassStoppedException">It may not.</exception>
    public async Task CheckAsync(CancellationToken cancelled)
    {
        using var snapshot = await store.OpenSnapshotAsync(cancelled);
        if (!await LinkLease.IsStillHeldAsync(snapshot, lease) || (await Link.FindAsync(snapshot, link.Key))?.Version != link.Version || !await Link.HasAccessAsync(snapshot, link.PractitionerId, clock.GetCurrentInstant()))
            throw new PassStoppedException();
    }
}
