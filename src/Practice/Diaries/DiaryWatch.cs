using Calendaring.Store;
using Practice.Hx;

namespace Practice.Diaries;

/// <summary>Tells that something in diaries has changed: not what.</summary>
/// <param name="store">Where they are kept.</param>
public sealed class DiaryWatch(ICalendarStore store)
{
    /// <summary>The state of some diaries, which grows with each change to one of them.</summary>
    public async Task<long> StateAsync(IReadOnlyList<string> practitionerIds, CancellationToken cancelled = default)
    {
        ArgumentNullException.ThrowIfNull(practitionerIds);
        using var snapshot = await store.OpenSnapshotAsync(cancelled);
        long state = 0;
        foreach (var id in practitionerIds) state += (await snapshot.FindCollectionAsync(id, HxCalendar.CollectionName))?.Change ?? 0;
        return state;
    }

    /// <summary>Calls <paramref name="changed"/> after each change to one of some diaries, until what is returned is disposed. It is called while others wait, and must return at once.</summary>
    public async Task<IDisposable> SubscribeAsync(IReadOnlyList<string> practitionerIds, Action changed, CancellationToken cancelled = default)
    {
        ArgumentNullException.ThrowIfNull(practitionerIds);
        ArgumentNullException.ThrowIfNull(changed);
        HashSet<long> diaries = [];
        using (var snapshot = await store.OpenSnapshotAsync(cancelled))
        {
            foreach (var id in practitionerIds)
            {
                if (await snapshot.FindCollectionAsync(id, HxCalendar.CollectionName) is { } hx) diaries.Add(hx.Id);
            }
        }

        return store.Subscribe(notice =>
        {
            if (diaries.Contains(notice.CollectionId)) changed();
        });
    }
}
