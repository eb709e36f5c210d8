using System.Text.Json;
using Calendaring.Store;
using NodaTime;
using Practice.Hx;

namespace ProviderBridge.Sync;

/// <summary>Two sides changed the same of an appointment at one time: which counts, and both versions, so that nothing that a person wrote is lost.</summary>
/// <param name="At">When it was found.</param>
/// <param name="LinkId">The link.</param>
/// <param name="Uid">The appointment.</param>
/// <param name="PracticeWins">Whether the practice's version counts.</param>
/// <param name="Practice">The practice's version, as the link is shown it (iCalendar).</param>
/// <param name="Outside">The outside calendar's version (iCalendar).</param>
public sealed record Conflict(Instant At, string LinkId, string Uid, bool PracticeWins, string Practice, string Outside)
{
    private const string RecordKind = "link-conflict";

    /// <summary>Whether the practice's version of a field group counts: always that of time and status of an appointment with a patient, and otherwise the newer one.</summary>
    internal static bool PracticeWinsOver(FieldGroup group, HxSide hx, OutsideSeries outside) =>
        (hx.IsPatient && group is FieldGroup.Times or FieldGroup.Status) || outside.Updated is not { } updated || hx.Modified >= updated;

    /// <summary>The conflicts of a practitioner's links, oldest first.</summary>
    public static async ValueTask<IReadOnlyList<Conflict>> ListAsync(IStoreSnapshot snapshot, string practitionerId)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        return [.. (await snapshot.ListRecordsAsync(RecordKind, practitionerId)).Select(record => JsonSerializer.Deserialize(record.Document.Span, SyncJson.Default.Conflict)!)];
    }

    internal StoreOperation Put(string practitionerId) =>
        new PutRecord(RecordKind, practitionerId, $"{At.ToUnixTimeMilliseconds():D14} {LinkId} {Uid}", JsonSerializer.SerializeToUtf8Bytes(this, SyncJson.Default.Conflict));
}
