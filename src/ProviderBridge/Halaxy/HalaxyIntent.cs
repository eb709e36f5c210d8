using System.Globalization;
using System.Text;
using Calendaring.Store;
using NodaTime;
using Practice;
using Practice.Diaries;

namespace ProviderBridge.Halaxy;

/// <summary>
/// That a personal appointment is being booked in Halaxy with a patient, or added there as it is: noted before Halaxy is asked, since its answer may be lost. When such an appointment comes from Halaxy, by whatever way, it is that one,
/// and no second.
/// </summary>
internal static class HalaxyIntent
{
    private const string RecordKind = "halaxy-intent";
    private static readonly Duration Lasts = Duration.FromDays(1);

    // however long it waits for the connection
    private static readonly Duration KnownLasts = Duration.FromDays(400);

    /// <summary>How long something that is being booked is not added as it is: nobody waits for that, and Halaxy may say late that it was booked.</summary>
    private static readonly Duration BookingTakes = Duration.FromHours(1);

    /// <summary>How long something that is being added as it is cannot be booked: a person waits, and the next pass finds out what became of it.</summary>
    private static readonly Duration AddingTakes = Duration.FromMinutes(10);

    private const string Known = "id";

    // of which two that make the same appointment at once write one version each
    private const string Turn = "turn";

    // with whom a personal appointment is
    private const string Nobody = "";

    /// <summary>The UID of the personal appointment that was booked as one of Halaxy's, or was to be booked so; null when none was.</summary>
    public static async ValueTask<string?> FindUidAsync(IStoreSnapshot snapshot, string groupId, string practitionerId, string halaxyId, Instant start, IEnumerable<string> patients, Instant now)
    {
        // by then it may have been moved there
        if (await snapshot.FindRecordAsync(RecordKind, groupId, $"{Known}|{halaxyId}") is { Due: { } known } sure && known > now) return Encoding.UTF8.GetString(sure.Document.Span);
        foreach (var patient in patients.DefaultIfEmpty(Nobody))
        {
            if (await snapshot.FindRecordAsync(RecordKind, groupId, IdOf(practitionerId, start, patient)) is { Due: { } until } record && until > now) return Encoding.UTF8.GetString(record.Document.Span);
        }

        return null;
    }

    /// <summary>What was noted of a personal appointment: as what it was booked, or when and with whom it was to be.</summary>
    public static async ValueTask<IReadOnlyList<Note>> ListAsync(IStoreSnapshot snapshot, string groupId, string uid, Instant now) =>
        [.. (await ListRecordsAsync(snapshot, groupId, uid, now)).Select(record => Read(record.Id))];

    private static async ValueTask<IEnumerable<StoredRecord>> ListRecordsAsync(IStoreSnapshot snapshot, string groupId, string uid, Instant now) =>
        (await snapshot.ListRecordsAsync(RecordKind, groupId)).Where(record => record.Due > now && Encoding.UTF8.GetString(record.Document.Span) == uid && !IsTurn(record.Id));

    /// <summary>A note.</summary>
    /// <param name="Id">What Halaxy calls it; null when it did not say.</param>
    /// <param name="Start">When it was to start.</param>
    /// <param name="Patient">With whom it was to be.</param>
    internal readonly record struct Note(string? Id, Instant Start, string Patient);

    /// <summary>The step that notes as what it was booked.</summary>
    public static StoreOperation PutId(string groupId, string halaxyId, string uid, Instant now) => new PutRecord(RecordKind, groupId, $"{Known}|{halaxyId}", Encoding.UTF8.GetBytes(uid)) { Due = now + KnownLasts };

    /// <summary>Whether Halaxy said within a span of time what it calls a personal appointment, and it has not come from there.</summary>
    public static async ValueTask<bool> IsKnownAsync(IStoreSnapshot snapshot, string groupId, string uid, Instant since) =>
        (await snapshot.ListRecordsAsync(RecordKind, groupId)).Any(record => record.Id.StartsWith($"{Known}|", StringComparison.Ordinal) && record.Due > since + KnownLasts && Encoding.UTF8.GetString(record.Document.Span) == uid);

    /// <summary>The step that forgets what was noted when Halaxy has refused it: what somebody else makes at that time is another one.</summary>
    public static StoreOperation Refused(string groupId, AppointmentKey appointment, Instant start, string patient) => new DeleteRecord(RecordKind, groupId, IdOf(appointment.PractitionerId, start, patient));

    /// <summary>
    /// Notes that it is being made in Halaxy, and returns what was noted before: it may have been made then. Null when it is in Halaxy by now, or is being made there the other way, with a patient or as it is: of two who ask at once,
    /// one gets null, and a process that ends leaves its note.
    /// </summary>
    public static async Task<Changed<IReadOnlyList<Note>?>> TakeAsync(ICalendarStore store, IClock clock, string groupId, AppointmentKey appointment, Instant start, string patient)
    {
        var now = clock.GetCurrentInstant();
        return await store.ChangeAsync(appointment.Uid, async snapshot =>
        {
            List<StoredRecord> before = [.. await ListRecordsAsync(snapshot, groupId, appointment.Uid, now)];
            if (before.Any(record => IsBeingMade(record, patient != Nobody, now)) || await Mirroring.ReadAsync(snapshot, appointment, now) is not { HalaxyId: null }) return new Decision<IReadOnlyList<Note>?>(null, null);
            return new Decision<IReadOnlyList<Note>?>([await PutTurnAsync(snapshot, groupId, appointment, now), Put(groupId, appointment, start, patient, now)], [.. before.Select(record => Read(record.Id))]);
        });
    }

    /// <summary>Whether a note says that it is being made the other way: as it is, when it is to be booked with a patient, or the other way round.</summary>
    private static bool IsBeingMade(StoredRecord record, bool withPatient, Instant now) =>
        record.Due > now - (withPatient ? AddingTakes : BookingTakes) + Lasts && Read(record.Id) is { Id: null } note && (note.Patient == Nobody) == withPatient;

    private static async ValueTask<PutRecord> PutTurnAsync(IStoreSnapshot snapshot, string groupId, AppointmentKey appointment, Instant now)
    {
        var id = $"{appointment.PractitionerId}|{Turn}|{appointment.Uid}";
        return new PutRecord(RecordKind, groupId, id, Encoding.UTF8.GetBytes(appointment.Uid), (await snapshot.FindRecordAsync(RecordKind, groupId, id))?.Version ?? 0) { Due = now + Lasts };
    }

    private static bool IsTurn(string id) => id.Split('|') is [_, Turn, ..];

    private static PutRecord Put(string groupId, AppointmentKey appointment, Instant start, string patient, Instant now) =>
        new PutRecord(RecordKind, groupId, IdOf(appointment.PractitionerId, start, patient), Encoding.UTF8.GetBytes(appointment.Uid)) { Due = now + Lasts };

    /// <summary>The steps that forget what came, and what is too old.</summary>
    public static async ValueTask<IReadOnlyList<StoreOperation>> ForgetAsync(IStoreSnapshot snapshot, string groupId, string? uid, Instant now) =>
        [.. (await snapshot.ListRecordsAsync(RecordKind, groupId)).Where(record => record.Due <= now || Encoding.UTF8.GetString(record.Document.Span) == uid).Select(record => new DeleteRecord(RecordKind, groupId, record.Id, record.Version))];

    /// <summary>The steps that forget what was noted of a practitioner.</summary>
    public static async ValueTask<IReadOnlyList<StoreOperation>> ForgetOfAsync(IStoreSnapshot snapshot, string groupId, string practitionerId) =>
        [.. (await snapshot.ListRecordsAsync(RecordKind, groupId)).Where(record => record.Id.StartsWith($"{practitionerId}|", StringComparison.Ordinal)).Select(record => new DeleteRecord(RecordKind, groupId, record.Id, record.Version))];

    private static Note Read(string id) => id.Split('|') switch
    {
        [Known, var halaxyId] => new Note(halaxyId, default, ""),
        [_, .., var seconds, var patient] => new Note(null, Instant.FromUnixTimeSeconds(long.Parse(seconds, CultureInfo.InvariantCulture)), patient),
        _ => throw new FormatException("A note of a booking cannot be read."),
    };

    private static string IdOf(string practitionerId, Instant start, string patient) => string.Create(CultureInfo.InvariantCulture, $"{practitionerId}|{start.ToUnixTimeSeconds()}|{patient}");
}
