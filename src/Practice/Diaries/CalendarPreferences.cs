using Calendaring.Store;

namespace Practice.Diaries;

/// <summary>How people want to see the calendar: remembered for them, in whatever browser.</summary>
/// <param name="store">Where it is kept.</param>
public sealed class CalendarPreferences(ICalendarStore store)
{
    private const string RecordKind = "calendar-view";
    private const string HidesCancelled = "hides-cancelled";

    /// <summary>Whether a person hides cancelled appointments.</summary>
    public async Task<bool> HidesCancelledAsync(string personId, CancellationToken cancelled = default)
    {
        using var snapshot = await store.OpenSnapshotAsync(cancelled);
        return await snapshot.FindRecordAsync(RecordKind, personId, HidesCancelled) is not null;
    }

    /// <summary>Hides cancelled appointments from now on, or shows them again. What is so already stays so.</summary>
    public async Task HideCancelledAsync(string personId, bool hide)
    {
        StoreOperation step = hide ? new PutRecord(RecordKind, personId, HidesCancelled, "{}"u8.ToArray()) : new DeleteRecord(RecordKind, personId, HidesCancelled);
        await store.ApplyAsync(StoreBatch.Of(step));
    }
}
