using System.Text.Json;
using Calendaring.Store;

namespace Practice;

/// <summary>Whether a practitioner's HX_ calendar is open.</summary>
public enum HxState
{
    /// <summary>Served, and takes changes.</summary>
    Active,

    /// <summary>
    /// Not set up yet: what is booked now stays in the diary until it is edited or existing appointments are included (R5).
    /// </summary>
    NotStarted,

    /// <summary>The subscription has ended: readable, but changes from outside are refused.</summary>
    Lapsed,
}

/// <summary>A practitioner's access to two-way sync (R7). Active unless a record says otherwise.</summary>
/// <param name="State">Whether the HX_ calendar is open.</param>
public sealed record HxAccess(HxState State)
{
    /// <summary>What a person is told when a change is refused.</summary>
    public const string LapsedReason = "The calendar synchronisation subscription of this calendar has ended: it can be read, but not changed.";

    private const string RecordKind = "hx-access";

    /// <summary>What holds when there is no record.</summary>
    public static HxAccess Active { get; } = new(HxState.Active);

    /// <summary>The access of a practitioner.</summary>
    public static async ValueTask<HxAccess> ReadAsync(IStoreSnapshot snapshot, string practitionerId)
    {
        var record = await snapshot.FindRecordAsync(RecordKind, practitionerId, HxCalendar.CollectionName);
        return record is null ? Active : JsonSerializer.Deserialize(record.Document.Span, PracticeJson.Default.HxAccess) ?? Active;
    }

    /// <summary>The step that sets the access of a practitioner.</summary>
    public StoreOperation Put(string practitionerId) =>
        new PutRecord(RecordKind, practitionerId, HxCalendar.CollectionName, JsonSerializer.SerializeToUtf8Bytes(this, PracticeJson.Default.HxAccess));
}
