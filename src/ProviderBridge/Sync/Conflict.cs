using System.Text.Json;
using Calendaring.ICalendar;
using Calendaring.Store;
using NodaTime;
using Practice;
using Practice.Hx;

namespace ProviderBridge.Sync;

/// <summary>Two sides changed the same of an appointment at one time: which counts, and both versions, so that nothing that a person wrote is lost.</summary>
/// <param name="At">When it was found.</param>
/// <param name="LinkId">The link.</param>
/// <param name="Uid">The appointment.</param>
/// <param name="PracticeGroups">Of what the practice's version counts; of all else the outside calendar's does.</param>
/// <param name="Practice">The practice's version, as the link is shown it (iCalendar).</param>
/// <param name="Outside">The outside calendar's version (iCalendar).</param>
public sealed record Conflict(Instant At, string LinkId, string Uid, IReadOnlyList<FieldGroup> PracticeGroups, string Practice, string Outside)
{
    /// <summary>How many are kept of a link.</summary>
    public const int MostKept = 200;

    private const string RecordKind = "link-conflict";

    /// <summary>How long one is kept.</summary>
    public static readonly Duration Lasts = Duration.FromDays(90);

    /// <summary>What the link was shown when the versions were made; null where that was not noted.</summary>
    public PrivacyLevel? Level { get; init; }

    /// <summary>Names it among those of its practitioner.</summary>
    [System.Text.Json.Serialization.JsonIgnore]
    public string Id => $"{At.ToUnixTimeMilliseconds():D14} {LinkId} {Uid}";

    /// <summary>Whether the practice's version counts of anything.</summary>
    [System.Text.Json.Serialization.JsonIgnore]
    public bool PracticeWins => PracticeGroups.Count > 0;

    /// <summary>Whether the practice's version of a field group counts: always that of time and status of an appointment with a patient, and otherwise the newer one.</summary>
    internal static bool PracticeWinsOver(FieldGroup group, HxSide hx, OutsideSeries outside) =>
        (hx.IsPatient && group is FieldGroup.Times or FieldGroup.Status) || outside.Updated is not { } updated || hx.Modified >= updated;

    /// <summary>The conflicts of a practitioner's links that are still kept, oldest first.</summary>
    public static async ValueTask<IReadOnlyList<Conflict>> ListAsync(IStoreSnapshot snapshot, string practitionerId)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        return [.. (await snapshot.ListRecordsAsync(RecordKind, practitionerId)).Select(Read).OfType<Conflict>()];
    }

    /// <summary>Reads one; null when it is no longer kept.</summary>
    public static async ValueTask<Conflict?> FindAsync(IStoreSnapshot snapshot, string practitionerId, string id)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        return await snapshot.FindRecordAsync(RecordKind, practitionerId, id) is { } record ? Read(record) : null;
    }

    /// <summary>The steps that forget what is too old, more than is kept of a link, or cannot be read.</summary>
    public static async ValueTask<IReadOnlyList<StoreOperation>> ForgetOldAsync(IStoreSnapshot snapshot, string practitionerId, Instant now)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        var records = await snapshot.ListRecordsAsync(RecordKind, practitionerId);
        var kept = records.Select(Read).OfType<Conflict>().Where(conflict => conflict.At > now - Lasts)
            .GroupBy(conflict => conflict.LinkId).SelectMany(same => same.TakeLast(MostKept)).Select(conflict => conflict.Id).ToHashSet(StringComparer.Ordinal);
        return [.. records.Where(record => !kept.Contains(record.Id)).Select(Remove)];
    }

    /// <summary>The steps that forget those of a link.</summary>
    public static async ValueTask<IReadOnlyList<StoreOperation>> ForgetAsync(IStoreSnapshot snapshot, Link link)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        ArgumentNullException.ThrowIfNull(link);
        return [.. (await snapshot.ListRecordsAsync(RecordKind, link.PractitionerId)).Where(record => Read(record) is not { } read || read.LinkId == link.Id).Select(Remove)];
    }

    /// <summary>The practice's version.</summary>
    public CalendarObject ReadPractice() => LinkItem.Parse(Practice);

    /// <summary>The outside calendar's version.</summary>
    public CalendarObject ReadOutside() => LinkItem.Parse(Outside);

    /// <summary>The step that forgets it.</summary>
    public StoreOperation Remove(string practitionerId) => new DeleteRecord(RecordKind, practitionerId, Id);

    internal StoreOperation Put(string practitionerId) => new PutRecord(RecordKind, practitionerId, Id, JsonSerializer.SerializeToUtf8Bytes(this, SyncJson.Default.Conflict));

    private static DeleteRecord Remove(StoredRecord record) => new(RecordKind, record.Owner, record.Id);

    private static Conflict? Read(StoredRecord record)
    {
        try
        {
            return JsonSerializer.Deserialize(record.Document.Span, SyncJson.Default.Conflict) is { PracticeGroups: not null } read ? read : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
