using Calendaring.Store;
using NodaTime;

namespace Practice.Hx;

/// <summary>Where a change is decided whose sender has looked nothing up: each look is at a snapshot of the change's own.</summary>
internal sealed class HxView(ICalendarStore store, IClock clock, CancellationToken cancelled) : IHxView, IDisposable
{
    private IStoreSnapshot? _snapshot;

    public async ValueTask<IStoreSnapshot> OpenAsync(bool anew) => _snapshot = await store.OpenSnapshotAsync(cancelled);

    public void Release()
    {
        _snapshot?.Dispose();
        _snapshot = null;
    }

    public async ValueTask<Collection?> FindCalendarAsync(string practitionerId) =>
        await _snapshot!.FindCollectionAsync(practitionerId, HxCalendar.CollectionName) is { IsHx: true } hx && !HxCalendar.IsHidden(hx) ? hx : null;

    public async ValueTask<ObjectRow?> FindRowAsync(string practitionerId, string name) =>
        await FindCalendarAsync(practitionerId) is { } hx ? await _snapshot!.FindRowAsync(hx.Id, name) : null;

    public ValueTask<HxAccess> ReadAccessAsync(string practitionerId) => HxAccess.ReadAsync(_snapshot!, practitionerId, clock.GetCurrentInstant());

    public void Dispose() => Release();
}
