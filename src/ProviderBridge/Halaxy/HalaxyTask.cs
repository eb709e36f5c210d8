using System.Text.Json;
using System.Text.Json.Serialization;
using Calendaring.Store;
using NodaTime;
using Practice;
using Practice.Appointments;
using Practice.Diaries;

namespace ProviderBridge.Halaxy;

/// <summary>Why something is left for a person to do in Halaxy.</summary>
public enum HalaxyTaskReason
{
    /// <summary>Halaxy said yes and left it as it was.</summary>
    NotTaken,

    /// <summary>The API key may read and not write.</summary>
    MayNotWrite,

    /// <summary>Halaxy cannot delete by its API.</summary>
    CannotDelete,

    /// <summary>It repeats in the diary here, which Halaxy cannot be told.</summary>
    Repeats,

    /// <summary>It cannot be read, here or there.</summary>
    Unreadable,

    /// <summary>Halaxy fails whenever it is asked for it, or told something of it.</summary>
    Failing,

    /// <summary>It is personal and only here: in Halaxy its time is taken.</summary>
    TimeTaken,

    /// <summary>It is personal and only here: the API key may not add appointments.</summary>
    MayNotAdd,

    /// <summary>It is personal and only here: Halaxy did not take it.</summary>
    NotAdded,
}

/// <summary>
/// What the diary has of an appointment and Halaxy does not, and Halaxy cannot be told: a person does it there by hand. It goes by itself when both agree, and is tried again now and then.
/// </summary>
/// <param name="GroupId">The practice group.</param>
/// <param name="Id">What Halaxy calls the appointment.</param>
/// <param name="PractitionerId">In whose diary.</param>
/// <param name="Uid">The appointment's UID there.</param>
/// <param name="Reason">Why.</param>
/// <param name="Start">When it starts in Halaxy, so that a person finds it there.</param>
/// <param name="Since">Since when.</param>
/// <param name="Tried">When Halaxy was last told.</param>
public sealed record HalaxyTask(string GroupId, string Id, string PractitionerId, string Uid, HalaxyTaskReason Reason, Instant Start, Instant Since, Instant Tried)
{
    internal const string RecordKind = "halaxy-task";
    private const int MostTakePart = 1000;
    private static readonly Duration Pause = Duration.FromHours(1);
    private static readonly Duration ShortestPause = Duration.FromMinutes(1);

    /// <summary>Whether it is with a patient in Halaxy: where it is in the diary no longer, a colleague may have it now.</summary>
    public bool IsPatient { get; init; }

    /// <summary>Whether a colleague has it here who is not in Halaxy, where it is in the diary no longer.</summary>
    public bool IsWithUnmatched { get; init; }

    /// <summary>Which parts.</summary>
    public MirroredFields Fields { get; init; }

    /// <summary>The new start, where that is one of them.</summary>
    public Instant? WantedStart { get; init; }

    /// <summary>The new end, where that is one of them.</summary>
    public Instant? WantedEnd { get; init; }

    /// <summary>Whether it does not take place here, where the status is one of them.</summary>
    public bool WantsCancelled { get; init; }

    /// <summary>A hash of the new comments, where they are one of them: enough to see that they changed again.</summary>
    public string? WantedComments { get; init; }

    /// <summary>The appointment in the diary.</summary>
    [JsonIgnore]
    public AppointmentKey Appointment => new(PractitionerId, Uid);

    /// <summary>The id of the record it was read from; null before it is stored.</summary>
    [JsonIgnore]
    private string? StoredAs { get; init; }

    /// <summary>Whether Halaxy does not have the appointment.</summary>
    [JsonIgnore]
    public bool IsOnlyHere => Reason is HalaxyTaskReason.TimeTaken or HalaxyTaskReason.MayNotAdd or HalaxyTaskReason.NotAdded;

    /// <summary>That a personal appointment is only here.</summary>
    public static HalaxyTask OfOnlyHere(string groupId, AppointmentKey appointment, Instant start, Instant now) =>
        new(groupId, $"here:{appointment.PractitionerId}:{appointment.Uid}", appointment.PractitionerId, appointment.Uid, HalaxyTaskReason.NotAdded, start, now, now);

    /// <summary>What is left to be done of one appointment: for each practitioner who takes part at most one.</summary>
    public static async ValueTask<IReadOnlyList<HalaxyTask>> ListOfAsync(IStoreSnapshot snapshot, string groupId, string id)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        var begin = RecordIdOf(id, "");
        IEnumerable<StoredRecord> found = (await snapshot.ListRecordsAsync(RecordKind, groupId, begin, MostTakePart)).TakeWhile(record => record.Id.StartsWith(begin, StringComparison.Ordinal));
        // one was kept for all who take part once
        if (await snapshot.FindRecordAsync(RecordKind, groupId, id) is { } shared) found = found.Prepend(shared);
        return [.. found.Select(Read)];
    }

    /// <summary>The one that is as this one but for what it says; null when there is none.</summary>
    public async ValueTask<HalaxyTask?> FindBeforeAsync(IStoreSnapshot snapshot)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        return await snapshot.FindRecordAsync(RecordKind, GroupId, RecordIdOf(Id, PractitionerId)) is { } record ? Read(record) : null;
    }

    /// <summary>All that is left to be done by hand for a practice group.</summary>
    public static async ValueTask<IReadOnlyList<HalaxyTask>> ListAsync(IStoreSnapshot snapshot, string groupId)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        return [.. (await snapshot.ListRecordsAsync(RecordKind, groupId)).Select(Read)];
    }

    /// <summary>Whether it is the same as another one but for the times at which it was noted and tried.</summary>
    public bool IsSameAs(HalaxyTask? other) => other is not null && this == other with { Start = Start, Since = Since, Tried = Tried, StoredAs = StoredAs };

    /// <summary>Whether it is tried again though nobody changed anything.</summary>
    public bool IsDue(Instant now) => Tried <= now - PauseAfter || Tried > now;

    // a failure may be of a moment: tried soon, and less often the longer it lasts
    private Duration PauseAfter => Reason != HalaxyTaskReason.Failing ? Pause : Tried == Since ? Duration.Zero : Duration.Min(Pause, Duration.Max(ShortestPause, Tried - Since));

    /// <summary>The step that writes it.</summary>
    public StoreOperation Put() => new PutRecord(RecordKind, GroupId, RecordIdOf(Id, PractitionerId), JsonSerializer.SerializeToUtf8Bytes(this, HalaxyJson.Default.HalaxyTask));

    /// <summary>The step that forgets it.</summary>
    public StoreOperation Remove() => new DeleteRecord(RecordKind, GroupId, StoredAs ?? RecordIdOf(Id, PractitionerId));

    // no id has the sign between the two (FHIR R4 §2.24.0.1)
    private static string RecordIdOf(string id, string practitionerId) => $"{id}|{practitionerId}";

    private static HalaxyTask Read(StoredRecord record) => JsonSerializer.Deserialize(record.Document.Span, HalaxyJson.Default.HalaxyTask)! with { StoredAs = record.Id };
}

/// <summary>Why an appointment is not in a diary any more.</summary>
public enum HalaxyLeft
{
    /// <summary>It is still.</summary>
    No,

    /// <summary>It is somebody else's in Halaxy.</summary>
    ToOthers,

    /// <summary>It was deleted in Halaxy.</summary>
    Deleted,
}

/// <summary>What was changed in the diary and in Halaxy at once, or was refused by Halaxy: Halaxy's version counts, and the other is kept to be looked at.</summary>
/// <param name="GroupId">The practice group.</param>
/// <param name="Id">What Halaxy calls the appointment.</param>
/// <param name="PractitionerId">In whose diary.</param>
/// <param name="Uid">The appointment's UID there.</param>
/// <param name="At">When it was found.</param>
/// <param name="Fields">Which parts.</param>
/// <param name="Start">The diary's start.</param>
/// <param name="End">The diary's end.</param>
public sealed record HalaxyOverruled(string GroupId, string Id, string PractitionerId, string Uid, Instant At, MirroredFields Fields, Instant Start, Instant End)
{
    internal const string RecordKind = "halaxy-overruled";
    private static readonly Duration Kept = Duration.FromDays(90);

    /// <summary>How long it may take until all parts of one change are overruled or refused.</summary>
    private static readonly Duration Moment = Duration.FromMinutes(10);

    /// <summary>Whether it did not take place in the diary, where the status is one of the parts.</summary>
    public bool WasCancelled { get; init; }

    /// <summary>Whether Halaxy refused it because the time is taken.</summary>
    public bool IsDoubleBooking { get; init; }

    /// <summary>Whether Halaxy refused it, rather than having been changed itself.</summary>
    public bool IsRefused { get; init; }

    /// <summary>Whether a patient has attended it in Halaxy, or missed it: it is not cancelled any more.</summary>
    public bool HasTakenPlace { get; init; }

    /// <summary>Whether those who were still to come are cancelled in Halaxy too, since it was told of the cancellation.</summary>
    public bool OthersCancelled { get; init; }

    /// <summary>Whether it is out of the diary since, as it is in Halaxy, and how.</summary>
    public HalaxyLeft Left { get; init; }

    /// <summary>Whether nothing of it was lost: it became a patient appointment here while Halaxy was not told, is a meeting there still, and is the practice's own appointment from then on.</summary>
    public bool IsOwnNow { get; init; }

    /// <summary>Whether some of it can be changed in Halaxy only.</summary>
    [JsonIgnore]
    public bool IsHalaxysToSay => (Fields & (MirroredFields.Patients | MirroredFields.Location | MirroredFields.Invoice)) != MirroredFields.None || Marked is not null;

    /// <summary>As what it was marked here, where that is one of the parts and says nothing of whether it takes place; otherwise null.</summary>
    public AppointmentStatus? Marked { get; init; }

    /// <summary>The invoice that was linked here, where that is one of the parts; null for none.</summary>
    public string? Invoice { get; init; }

    /// <summary>The diary's comments, where they are one of the parts, encrypted; null for none.</summary>
    public string? ProtectedComments { get; init; }

    /// <summary>The same to be read: they are not kept so.</summary>
    [JsonIgnore]
    public string? Comments { get; init; }

    /// <summary>What it is put away by, of those of its practitioner.</summary>
    [JsonIgnore]
    public string Key => IsOwnNow ? $"{Id}|{Uid}" : Id;

    /// <summary>What is kept by a key of those of a practitioner; null when nothing is.</summary>
    internal static async ValueTask<HalaxyOverruled?> FindAsync(IStoreSnapshot snapshot, string groupId, string key, string practitionerId) =>
        await snapshot.FindRecordAsync(RecordKind, groupId, RecordIdOf(key, practitionerId)) is { } record ? Read(record) : null;

    /// <summary>All that a practice group was not told of, or has not put away yet.</summary>
    public static async ValueTask<IReadOnlyList<HalaxyOverruled>> ListAsync(IStoreSnapshot snapshot, string groupId)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        return [.. (await snapshot.ListRecordsAsync(RecordKind, groupId)).Select(Read)];
    }

    /// <summary>What was not told of one appointment of a diary.</summary>
    /// <param name="snapshot">The store as it is.</param>
    /// <param name="groupId">The practice group.</param>
    /// <param name="id">What Halaxy calls it, or called it; null where that is not known: then it is looked for among all.</param>
    /// <param name="appointment">The appointment.</param>
    public static async ValueTask<IReadOnlyList<HalaxyOverruled>> ListOfAsync(IStoreSnapshot snapshot, string groupId, string? id, AppointmentKey appointment)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        if (id is null) return [.. (await ListAsync(snapshot, groupId)).Where(one => one.PractitionerId == appointment.PractitionerId && one.Uid == appointment.Uid)];
        return await FindAsync(snapshot, groupId, id, appointment.PractitionerId) is { } told && told.Uid == appointment.Uid ? [told] : [];
    }

    /// <summary>The steps that forget what is too old.</summary>
    public static async ValueTask<IReadOnlyList<StoreOperation>> ForgetOldAsync(IStoreSnapshot snapshot, string groupId, Instant now) =>
        [.. (await ListAsync(snapshot, groupId)).Where(one => one.At < now - Kept).Select(one => one.Remove())];

    /// <summary>The step that writes it in the place of what is kept of the same appointment: with what did not count of it a moment before, part by part, and with that one's comments if it has none, which are nowhere else.</summary>
    internal async ValueTask<StoreOperation> PutAsync(IStoreSnapshot snapshot) => (await FindAsync(snapshot, GroupId, Key, PractitionerId) is { } before ? After(before) : this).Put();

    private HalaxyOverruled After(HalaxyOverruled before)
    {
        // days later it is another change, and the last counts; but of one change a part may be overruled, and another refused
        var kept = At - before.At <= Moment ? before.Fields & ~Fields : MirroredFields.None;
        var comments = ProtectedComments ?? before.ProtectedComments;
        return this with
        {
            Fields = Fields | kept | (comments is null ? MirroredFields.None : MirroredFields.Comments),
            Start = kept.HasFlag(MirroredFields.Times) ? before.Start : Start,
            End = kept.HasFlag(MirroredFields.Times) ? before.End : End,
            WasCancelled = kept.HasFlag(MirroredFields.Status) ? before.WasCancelled : WasCancelled,
            ProtectedComments = comments,
            IsRefused = IsRefused && (kept == MirroredFields.None || before.IsRefused),
            IsDoubleBooking = IsDoubleBooking || (kept != MirroredFields.None && before.IsDoubleBooking),
        };
    }

    /// <summary>The step that writes it; of one appointment the last counts.</summary>
    public StoreOperation Put() => new PutRecord(RecordKind, GroupId, RecordIdOf(Key, PractitionerId), JsonSerializer.SerializeToUtf8Bytes(this, HalaxyJson.Default.HalaxyOverruled));

    /// <summary>The step that forgets it.</summary>
    public StoreOperation Remove() => new DeleteRecord(RecordKind, GroupId, RecordIdOf(Key, PractitionerId));

    private static string RecordIdOf(string key, string practitionerId) => $"{key}|{practitionerId}";

    private static HalaxyOverruled Read(StoredRecord record) => JsonSerializer.Deserialize(record.Document.Span, HalaxyJson.Default.HalaxyOverruled)!;
}
