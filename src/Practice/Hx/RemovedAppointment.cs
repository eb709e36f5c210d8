using System.Text.Json;
using Calendaring.Store;
using NodaTime;

namespace Practice.Hx;

/// <summary>
/// A personal appointment that was deleted outside, by a device or in a linked calendar: nothing else is left of it, and its practitioner can put it back for thirty days. (A patient's is cancelled, and its record stays.)
/// </summary>
/// <param name="At">When it was deleted.</param>
/// <param name="Uid">Its UID.</param>
/// <param name="Name">Its path segment.</param>
/// <param name="Content">Its bytes.</param>
/// <param name="Details">What the diary knew of it.</param>
/// <param name="Level">The level from which on it is shown as stored.</param>
internal sealed record RemovedAppointment(Instant At, string Uid, string Name, byte[] Content, byte[] Details, int Level)
{
    private const string RecordKind = "removed-outside";
    private const int MostKept = 200;
    private const int MostBytes = 64 * 1024;

    /// <summary>How long it can be put back.</summary>
    public static readonly Duration Lasts = Duration.FromDays(30);

    /// <summary>The one that was deleted at a moment; null when it is not kept.</summary>
    public static async ValueTask<RemovedAppointment?> FindAsync(IStoreSnapshot snapshot, AppointmentKey appointment, Instant at, Instant now) =>
        at > now - Lasts && await snapshot.FindRecordAsync(RecordKind, appointment.PractitionerId, IdOf(at, appointment.Uid)) is { } record ? JsonSerializer.Deserialize(record.Document.Span, HxJson.Default.RemovedAppointment) : null;

    /// <summary>All that are kept of a practitioner and can be read, each with the version of its record.</summary>
    public static async ValueTask<IReadOnlyList<(RemovedAppointment Removed, long Version)>> ListAsync(IStoreSnapshot snapshot, string practitionerId) =>
        [.. (await snapshot.ListRecordsAsync(RecordKind, practitionerId)).Select(record => (Removed: TryRead(record), record.Version)).Where(one => one.Removed is not null).Select(one => (one.Removed!, one.Version))];

    /// <summary>The steps that keep what a removal deletes, in the place of the oldest when there are too many.</summary>
    public static async ValueTask<IReadOnlyList<StoreOperation>> KeepAsync(IStoreSnapshot snapshot, ExternalRemoval removal)
    {
        var (row, owner) = (removal.Current.Row, removal.Collection.PrincipalId);
        if (AppointmentDetailsOf(row) is not { } details || removal.Current.Bytes.Length > MostBytes || details.Length > MostBytes) return [];
        var kept = new RemovedAppointment(removal.At, row.Index.Uid, row.Name, removal.Current.Bytes.ToArray(), details, row.Level);
        var oldest = (await snapshot.ListRecordsAsync(RecordKind, owner)).SkipLast(MostKept - 1).Select(record => new DeleteRecord(RecordKind, record.Owner, record.Id, record.Version));
        return [.. oldest, kept.Put(owner)];
    }

    /// <summary>The steps that forget what is too old.</summary>
    public static async ValueTask<IReadOnlyList<StoreOperation>> ForgetOldAsync(IStoreSnapshot snapshot, string practitionerId, Instant now)
    {
        var records = await snapshot.ListRecordsAsync(RecordKind, practitionerId);
        var first = IdOf(now - Lasts, "");
        return [.. records.Where(record => string.CompareOrdinal(record.Id, first) < 0).Select(record => new DeleteRecord(RecordKind, record.Owner, record.Id, record.Version))];
    }

    /// <summary>The step that writes it; with a version, only when its record is still at that.</summary>
    public StoreOperation Put(string practitionerId, long? version = null) => new PutRecord(RecordKind, practitionerId, IdOf(At, Uid), JsonSerializer.SerializeToUtf8Bytes(this, HxJson.Default.RemovedAppointment), version);

    /// <summary>The step that forgets it.</summary>
    public StoreOperation Forget(string practitionerId) => new DeleteRecord(RecordKind, practitionerId, IdOf(At, Uid));

    /// <summary>The same, as it was stored.</summary>
    public ObjectDetails? StoredDetails() => Details.Length == 0 ? null : new ObjectDetails((int)Appointments.AppointmentKind.Personal, Details);

    private static byte[]? AppointmentDetailsOf(ObjectRow row) => row.Details is { } details && !Appointments.AppointmentDetails.IsPatient(details) ? details.Document.ToArray() : row.Details is null ? [] : null;

    private static RemovedAppointment? TryRead(StoredRecord record)
    {
        try
        {
            return JsonSerializer.Deserialize(record.Document.Span, HxJson.Default.RemovedAppointment);
        }
        catch (JsonException)
        {
            // nor can it be put back
            return null;
        }
    }

    private static string IdOf(Instant at, string uid) => $"{at.ToUnixTimeMilliseconds():D15} {uid}";
}
