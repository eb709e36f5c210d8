using Calendaring.Store;
using NodaTime;
using Practice;
using Practice.Diaries;
using Practice.Hx;

namespace ProviderBridge.Halaxy;

/// <summary>What is in a diary and not in Halaxy. What is in Halaxy too, nearly all of it, is left out before it is read.</summary>
public static class HalaxyOnlyHere
{
    private static readonly Duration Ahead = Duration.FromDays(365);

    /// <summary>What takes place in the coming year, as far as a budget goes; what repeats, once.</summary>
    public static async Task<IReadOnlyList<Appointment>> ListAsync(Diary diary, Instant now, DiaryBudget budget)
    {
        ArgumentNullException.ThrowIfNull(diary);
        var coming = await diary.ListAsync(now, now + Ahead, budget, static row => Mirroring.HalaxyIdOf(row) is null);
        return [.. coming.Where(static one => one is { TakesPlace: true, HalaxyId: null }).DistinctBy(static one => one.Id)];
    }

    /// <summary>What of the coming year may be a single personal appointment that Halaxy does not have: all of it, since nothing is read for it.</summary>
    internal static async Task<IReadOnlyList<AppointmentKey>> ListSingleAsync(ICalendarStore store, string practitionerId, Instant now, CancellationToken cancelled)
    {
        List<AppointmentKey> found = [];
        using var snapshot = await store.OpenSnapshotAsync(cancelled);
        if (await snapshot.FindCollectionAsync(practitionerId, HxCalendar.CollectionName) is not { IsHx: true } hx) return found;
        await foreach (var row in snapshot.ListRowsAsync(hx.Id).WithCancellation(cancelled))
        {
            if (Mirroring.MayBeOwn(row, now, now + Ahead)) found.Add(new AppointmentKey(practitionerId, row.Index.Uid));
        }

        return found;
    }
}
