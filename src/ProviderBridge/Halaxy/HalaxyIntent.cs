using System.Globalization;
using System.Security.Cryptography;
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
    internal const string RecordKind = "halaxy-intent";

    /// <summary>How long it is known at least: until everything was compared once after that (<see cref="PastOf"/>).</summary>
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

    // at one time, of one practitioner
    private const int MostAtOnce = 100;

    /// <summary>The UIDs of the personal appointments that may be one of Halaxy's, which was booked or added so, or was to be: the likeliest first; none when none was.</summary>
    public static async ValueTask<IReadOnlyList<string>> FindUidsAsync(IStoreSnapshot snapshot, HalaxyConnection connection, string practitionerId, MirroredAppointment there, Instant now)
    {
        var groupId = connection.GroupId;
        // by then it may have been moved there
        if (await snapshot.FindRecordAsync(RecordKind, groupId, $"{Known}|{there.HalaxyId}") is { Due: { } known } sure && known > now) return [UidOf(sure)];
        var begin = BeginOf(practitionerId, there.Start);
        var patients = there.Patients.Select(patient => patient.Reference).DefaultIfEmpty(Nobody).ToHashSet(StringComparer.Ordinal);
        var found = (await snapshot.ListRecordsAsync(RecordKind, groupId, begin, MostAtOnce)).TakeWhile(record => record.Id.StartsWith(begin, StringComparison.Ordinal));
        // of a personal one nothing more was noted once
        if (await snapshot.FindRecordAsync(RecordKind, groupId, begin) is { } bare) found = found.Prepend(bare);
        var notes = found.Where(record => record.Due > PastOf(connection, now)).Select(Read).Where(note => patients.Contains(note.Patient) && note.Fits(there.End, there.Comments));
        return [.. notes.OrderByDescending(note => note.Says(there.Comments)).Select(note => note.Uid).Distinct(StringComparer.Ordinal)];
    }

    /// <summary>What was noted of a personal appointment: as what it was booked, or when and with whom it was to be.</summary>
    public static async ValueTask<IReadOnlyList<Note>> ListAsync(IStoreSnapshot snapshot, HalaxyConnection connection, string uid, Instant now) =>
        [.. (await ListRecordsAsync(snapshot, connection, uid, now)).Select(Read)];

    private static async ValueTask<IEnumerable<StoredRecord>> ListRecordsAsync(IStoreSnapshot snapshot, HalaxyConnection connection, string uid, Instant now) =>
        (await snapshot.ListRecordsAsync(RecordKind, connection.GroupId)).Where(record => record.Due > PastOf(connection, now) && UidOf(record) == uid && !IsTurn(record.Id));

    /// <summary>What ended before then is past: what was made by then has come, since everything was compared after it. As long as Halaxy could not be asked nobody knows.</summary>
    private static Instant PastOf(HalaxyConnection connection, Instant now) => Instant.Max(now - KnownLasts, Instant.Min(now, connection.LastCompare ?? Instant.MinValue));

    /// <summary>A note.</summary>
    /// <param name="Uid">Of which personal appointment.</param>
    /// <param name="Id">What Halaxy calls it; null when it did not say.</param>
    /// <param name="Start">When it was to start.</param>
    /// <param name="Patient">With whom it was to be.</param>
    internal readonly record struct Note(string Uid, string? Id, Instant Start, string Patient)
    {
        /// <summary>When it was to end; null where that is not asked: with that patient it is none else.</summary>
        public Instant? End { get; init; }

        /// <summary>A hash of the comments that it was to have; empty for none.</summary>
        public string Comments { get; init; } = "";

        /// <summary>Of one that is to be added as it is, with these comments.</summary>
        public static Note OfPersonal(string uid, MirroredCopy copy, string? comments) => new(uid, null, copy.Start, Nobody) { End = copy.End, Comments = HashOf(uid, HalaxyComments.Bare(comments)) };

        /// <summary>Whether it may be one of Halaxy's at that time. Halaxy may leave the comments out; others it does not make up.</summary>
        public bool Fits(Instant end, string? comments) => End is null || (End == end && (HalaxyComments.Bare(comments).Length == 0 || Says(comments)));

        /// <summary>Whether it was to have these comments, in whatever form Halaxy has them. Once they were noted as they were sent.</summary>
        public bool Says(string? comments) => HashOf(Uid, HalaxyComments.Bare(comments)) == Comments || HashOf(Uid, MirroredAppointment.Plain(comments)) == Comments;
    }

    /// <summary>The step that notes as what it was booked.</summary>
    public static StoreOperation PutId(string groupId, string halaxyId, string uid, Instant now) => new PutRecord(RecordKind, groupId, $"{Known}|{halaxyId}", Encoding.UTF8.GetBytes(uid)) { Due = now + KnownLasts };

    /// <summary>Whether Halaxy said within a span of time what it calls a personal appointment, and it has not come from there.</summary>
    public static async ValueTask<bool> IsKnownAsync(IStoreSnapshot snapshot, string groupId, string uid, Instant since) =>
        (await snapshot.ListRecordsAsync(RecordKind, groupId)).Any(record => record.Id.StartsWith($"{Known}|", StringComparison.Ordinal) && record.Due > since + KnownLasts && UidOf(record) == uid);

    /// <summary>The step that forgets what was noted when Halaxy has refused it: what somebody else makes at that time is another one.</summary>
    public static StoreOperation Refused(string groupId, string practitionerId, Note note) => new DeleteRecord(RecordKind, groupId, IdOf(practitionerId, note));

    /// <summary>
    /// Notes that it is being made in Halaxy, and returns what was noted before: it may have been made then. Null when it is in Halaxy by now, or is being made there the other way, with a patient or as it is: of two who ask at once,
    /// one gets null, and a process that ends leaves its note.
    /// </summary>
    public static async Task<Changed<IReadOnlyList<Note>?>> TakeAsync(ICalendarStore store, IClock clock, HalaxyConnection connection, string practitionerId, Note note)
    {
        var groupId = connection.GroupId;
        var now = clock.GetCurrentInstant();
        var appointment = new AppointmentKey(practitionerId, note.Uid);
        return await store.ChangeAsync(appointment.Uid, async snapshot =>
        {
            List<StoredRecord> before = [.. await ListRecordsAsync(snapshot, connection, appointment.Uid, now)];
            if (before.Any(record => IsBeingMade(record, note.Patient != Nobody, now)) || await Mirroring.ReadAsync(snapshot, appointment, now) is not { HalaxyId: null }) return new Decision<IReadOnlyList<Note>?>(null, null);
            return new Decision<IReadOnlyList<Note>?>([await PutTurnAsync(snapshot, groupId, appointment, now), Put(groupId, practitionerId, note, now)], [.. before.Select(Read)]);
        });
    }

    /// <summary>Whether a note says that it is being made the other way: as it is, when it is to be booked with a patient, or the other way round.</summary>
    private static bool IsBeingMade(StoredRecord record, bool withPatient, Instant now) =>
        record.Due > now - (withPatient ? AddingTakes : BookingTakes) + Lasts && Read(record) is { Id: null } note && (note.Patient == Nobody) == withPatient;

    private static async ValueTask<PutRecord> PutTurnAsync(IStoreSnapshot snapshot, string groupId, AppointmentKey appointment, Instant now)
    {
        var id = $"{appointment.PractitionerId}|{Turn}|{appointment.Uid}";
        return new PutRecord(RecordKind, groupId, id, Encoding.UTF8.GetBytes(appointment.Uid), (await snapshot.FindRecordAsync(RecordKind, groupId, id))?.Version ?? 0) { Due = now + Lasts };
    }

    private static bool IsTurn(string id) => id.Split('|') is [_, Turn, ..];

    private static PutRecord Put(string groupId, string practitionerId, Note note, Instant now) =>
        new PutRecord(RecordKind, groupId, IdOf(practitionerId, note), Encoding.UTF8.GetBytes(note.Uid)) { Due = now + Lasts };

    /// <summary>The steps that forget what came, and what is too old.</summary>
    public static async ValueTask<IReadOnlyList<StoreOperation>> ForgetAsync(IStoreSnapshot snapshot, HalaxyConnection connection, string? uid, Instant now) =>
        [.. (await snapshot.ListRecordsAsync(RecordKind, connection.GroupId)).Where(record => record.Due <= PastOf(connection, now) || UidOf(record) == uid).Select(record => new DeleteRecord(RecordKind, connection.GroupId, record.Id, record.Version))];

    /// <summary>The steps that forget what was noted of a practitioner.</summary>
    public static async ValueTask<IReadOnlyList<StoreOperation>> ForgetOfAsync(IStoreSnapshot snapshot, string groupId, string practitionerId) =>
        [.. (await snapshot.ListRecordsAsync(RecordKind, groupId)).Where(record => record.Id.StartsWith($"{practitionerId}|", StringComparison.Ordinal)).Select(record => new DeleteRecord(RecordKind, groupId, record.Id, record.Version))];

    private static string UidOf(StoredRecord record) => Encoding.UTF8.GetString(record.Document.Span);

    private static Note Read(StoredRecord record) => record.Id.Split('|', 6) switch
    {
        [Known, var halaxyId] => new Note(UidOf(record), halaxyId, default, ""),
        // from before the rest was noted
        [_, var start, var patient] => new Note(UidOf(record), null, ReadInstant(start), patient),
        [_, var start, var patient, var end, var comments, _] => new Note(UidOf(record), null, ReadInstant(start), patient) { End = end.Length == 0 ? null : ReadInstant(end), Comments = comments },
        _ => throw new FormatException("A note of a booking cannot be read."),
    };

    private static Instant ReadInstant(string seconds) => Instant.FromUnixTimeSeconds(long.Parse(seconds, CultureInfo.InvariantCulture));

    private static string BeginOf(string practitionerId, Instant start) => string.Create(CultureInfo.InvariantCulture, $"{practitionerId}|{start.ToUnixTimeSeconds()}|");

    // two that begin at the same time have a note each
    private static string IdOf(string practitionerId, Note note) =>
        BeginOf(practitionerId, note.Start) + string.Create(CultureInfo.InvariantCulture, $"{note.Patient}|{note.End?.ToUnixTimeSeconds()}|{note.Comments}|{note.Uid}");

    private static string HashOf(string uid, string text) => text.Length == 0 ? "" : Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{uid}|{text}")).AsSpan(0, 8));
}
