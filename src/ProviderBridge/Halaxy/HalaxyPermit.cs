using Calendaring.Store;
using ProviderBridge.Sync;

namespace ProviderBridge.Halaxy;

/// <summary>What a pass needs to write: its lease, and the connection as it was when the pass began. Asked before each write in Halaxy; each write in a diary expects it.</summary>
internal sealed class HalaxyPermit(ICalendarStore store, HalaxyConnection connection, Lease lease)
{
    /// <summary>Steps that fail when another has the lease, or the connection was changed since.</summary>
    public IReadOnlyList<StoreOperation> Expected { get; } = [lease.Expect(), connection.Expect()];

    /// <summary>Writes steps, where the pass may go on.</summary>
    /// <exception cref="PassStoppedException">It may not.</exception>
    /// <exception cref="HalaxyException">They could not be written.</exception>
    public async Task ApplyAsync(params IReadOnlyList<StoreOperation> steps) => await RequireAsync((await store.ApplyAsync(new StoreBatch([.. Expected, .. steps]))).Failure);

    /// <summary>Ends the pass where a write failed.</summary>
    /// <exception cref="PassStoppedException">It may not go on.</exception>
    /// <exception cref="HalaxyException">It could not be written.</exception>
    public async Task RequireAsync(StoreFailure? failure)
    {
        if (failure is null) return;
        await CheckAsync();
        throw new HalaxyException(HalaxyFault.Unavailable, "The diary could not be written.");
    }

    /// <summary>Fails when the pass may not go on.</summary>
    /// <exception cref="PassStoppedException">It may not.</exception>
    public async Task CheckAsync()
    {
        using var snapshot = await store.OpenSnapshotAsync();
        if (!await LinkLease.IsStillHeldAsync(snapshot, lease) || (await HalaxyConnection.FindAsync(snapshot, connection.GroupId))?.Version != connection.Version) throw new PassStoppedException();
    }
}
