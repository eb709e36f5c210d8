using Calendaring.Store;
using NodaTime;

namespace Practice.Hx;

/// <summary>For a change whose sender has looked nothing up: it reads from snapshots of its own.</summary>
internal sealed class HxView(ICalendarStore store, IClock clock, CancellationToken cancelled) : IHxView, IDisposable
{
    private IStoreSnapshot? _snapshot;
    private Collection? _calendar;

    public async ValueTask<IStoreSnapshot> OpenAsync(bool anew) => _snapshot = await store.OpenSnapshotAsync(cancelled);

    public void Release()
    {
        _snapshot?.Dispose();
        _snapshot = null;
        _calendar = null;
    }

    public async ValueTask<Collection?> FindCalendarAsync(string practitionerId) =>
        _calendar ??= await _snapshot!.FindCollectionAsync(practitionerId, HxCalendar.CollectionName) is { IsHx: true } hx && !HxCalendar.IsHidden(hx) ? hx : null;

    public ValueTask<Principal?> FindPractitionerAsync(string practitionerId) => _snapshot!.FindPrincipalAsync(practitionerId);

    public async ValueTask<ObjectRow?> FindRowAsync(string practitionerId, string name) =>
        await FindCalendarAsync(practitionerId) is { } hx ? await _snapshot!.FindRowAsync(hx.Id, name) : null;

    public ValueTask<HxAccess> ReadAccessAsync(string practitionerId) => HxAccess.ReadAsync(_snapshot!, practitionerId, clock.GetCurrentInstant());

    public void Dispose() => Release();
}
