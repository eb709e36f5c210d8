using NodaTime;
using Practice.Diaries;

namespace ProviderBridge.Halaxy;

/// <summary>What is in a diary and not in Halaxy.</summary>
public static class HalaxyOnlyHere
{
    /// <summary>What takes place in the coming year; what repeats, once.</summary>
    public static async Task<IReadOnlyList<Appointment>> ListAsync(Diary diary, Instant now, CancellationToken cancelled)
    {
        ArgumentNullException.ThrowIfNull(diary);
        var coming = await diary.ListAsync(now, now + Duration.FromDays(365), DiaryBudget.OfPage(cancelled));
        return [.. coming.Where(one => one is { TakesPlace: true, HalaxyId: null }).DistinctBy(one => one.Id)];
    }
}
