using System.Globalization;
using System.Text;
using Calendaring.Store;
using NodaTime;

namespace ProviderBridge.Halaxy;

/// <summary>
/// That a personal appointment is being booked in Halaxy with a patient: noted before Halaxy is asked, since its answer may be lost. When such an appointment comes from Halaxy, by whatever way, it is that one, and no second.
/// </summary>
internal static class HalaxyIntent
{
    private const string RecordKind = "halaxy-intent";
    private static readonly Duration Lasts = Duration.FromDays(1);

    /// <summary>The UID of the personal appointment that was to be booked so; null when none was.</summary>
    public static async ValueTask<string?> FindUidAsync(IStoreSnapshot snapshot, string groupId, string practitionerId, Instant start, IEnumerable<string> patients, Instant now)
    {
        foreach (var patient in patients)
        {
            if (await snapshot.FindRecordAsync(RecordKind, groupId, IdOf(practitionerId, start, patient)) is { Due: { } until } record && until > now) return Encoding.UTF8.GetString(record.Document.Span);
        }

        return null;
    }

    /// <summary>The step that notes it.</summary>
    public static StoreOperation Put(string groupId, string practitionerId, Instant start, string patient, string uid, Instant now) =>
        new PutRecord(RecordKind, groupId, IdOf(practitionerId, start, patient), Encoding.UTF8.GetBytes(uid)) { Due = now + Lasts };

    /// <summary>The steps that forget what came, and what is too old.</summary>
    public static async ValueTask<IReadOnlyList<StoreOperation>> ForgetAsync(IStoreSnapshot snapshot, string groupId, string? uid, Instant now) =>
        [.. (await snapshot.ListRecordsAsync(RecordKind, groupId)).Where(record => record.Due <= now || Encoding.UTF8.GetString(record.Document.Span) == uid).Select(record => new DeleteRecord(RecordKind, groupId, record.Id, record.Version))];

    private static string IdOf(string practitionerId, Instant start, string patient) => string.Create(CultureInfo.InvariantCulture, $"{practitionerId}|{start.ToUnixTimeSeconds()}|{patient}");
}
