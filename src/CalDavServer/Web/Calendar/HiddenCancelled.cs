using System.Text;
using Calendaring.Store;

namespace CalDavServer.Web.Calendar;

/// <summary>Whether a person hides cancelled appointments in the calendar: remembered for them, in whatever browser.</summary>
internal static class HiddenCancelled
{
    private const string RecordKind = "calendar-view";
    private const string Id = "hides-cancelled";

    public static async ValueTask<bool> IsSetAsync(IStoreSnapshot snapshot, string personId) => await snapshot.FindRecordAsync(RecordKind, personId, Id) is not null;

    /// <summary>What is set already stays set.</summary>
    public static async Task SetAsync(ICalendarStore store, string personId, bool hidden)
    {
        StoreOperation step = hidden ? new PutRecord(RecordKind, personId, Id, Encoding.UTF8.GetBytes("{}")) : new DeleteRecord(RecordKind, personId, Id);
        await store.ApplyAsync(StoreBatch.Of(step));
    }
}
