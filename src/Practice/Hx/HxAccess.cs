using System.Text.Json;
using System.Text.Json.Serialization;
using Calendaring.Store;
using NodaTime;

namespace Practice.Hx;

/// <summary>Whether a practitioner's HX_ calendar is open.</summary>
public enum HxState
{
    /// <summary>Served, and takes changes.</summary>
    Active,

    /// <summary>
    /// Not set up yet: what is booked now stays in the diary until it is edited or existing appointments are included (R5), and the calendar
    /// is not listed outside.
    /// </summary>
    NotStarted,

    /// <summary>The subscription has ended: readable, but changes from outside are refused.</summary>
    Lapsed,
}

/// <summary>
/// A practitioner's access to two-way sync (R7). Active unless a record says otherwise. Where it is paid for, each change of the subscription
/// writes here until when, so that access ends with the period, whatever runs or does not run then, and asking for it costs one record.
/// </summary>
/// <param name="State">Whether the HX_ calendar is open.</param>
public sealed record HxAccess(HxState State)
{
    /// <summary>What a person is told when a change is refused.</summary>
    public const string LapsedReason = "The calendar synchronisation subscription of this calendar has ended: it can be read, but not changed.";

    /// <summary>What is said of a change that is refused since its practitioner was deactivated.</summary>
    public const string DeactivatedReason = "Access had been taken away.";

    private const string RecordKind = "hx-access";

    /// <summary>What holds when there is no record.</summary>
    public static HxAccess Active { get; } = new(HxState.Active);

    /// <summary>When access ends or has ended; null when no end is known.</summary>
    public Instant? Until { get; init; }

    /// <summary>Whether the practitioner was deactivated: never stored here, the principal says it.</summary>
    [JsonIgnore]
    public bool IsDeactivated { get; init; }

    /// <summary>Why changes from outside are refused; null when they are taken.</summary>
    [JsonIgnore]
    public string? Refusal => IsDeactivated ? DeactivatedReason : State == HxState.Lapsed ? LapsedReason : null;

    /// <summary>The access of a practitioner at a moment.</summary>
    public static async ValueTask<HxAccess> ReadAsync(IStoreSnapshot snapshot, string practitionerId, Instant now) =>
        Read(await FindRecordAsync(snapshot, practitionerId)).At(now);

    internal static ValueTask<StoredRecord?> FindRecordAsync(IStoreSnapshot snapshot, string practitionerId) =>
        snapshot.FindRecordAsync(RecordKind, practitionerId, HxCalendar.CollectionName);

    internal static HxAccess Read(StoredRecord? record) =>
        record is null ? Active : JsonSerializer.Deserialize(record.Document.Span, HxJson.Default.HxAccess) ?? throw new JsonException("A record of access to synchronisation is empty.");

    /// <summary>The step that sets the access of a practitioner.</summary>
    public StoreOperation Put(string practitionerId, long? expectedVersion = null)
    {
        var document = JsonSerializer.SerializeToUtf8Bytes(this, HxJson.Default.HxAccess);
        return new PutRecord(RecordKind, practitionerId, HxCalendar.CollectionName, document, expectedVersion);
    }

    private HxAccess At(Instant now) => State == HxState.Active && now >= Until ? this with { State = HxState.Lapsed } : this;
}
