using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;
using Calendaring.Store;
using NodaTime;
using Practice.Audit;

namespace Practice.Hx;

/// <summary>What a device wrote of a patient appointment that only the diary changes (docs/rules.md A6). The names are in stored documents.</summary>
public enum RejectionKind
{
    /// <summary>The title.</summary>
    Title,

    /// <summary>The status, a word of iCalendar.</summary>
    Status,

    /// <summary>Comments, where the device is not shown any.</summary>
    Comments,

    /// <summary>The location, where the device is not shown any, or Halaxy keeps it.</summary>
    Location,

    /// <summary>Who is invited.</summary>
    People,

    /// <summary>How somebody is reached.</summary>
    Contact,

    /// <summary>How it repeats, an RRULE; empty when it no longer does.</summary>
    Repeat,

    /// <summary>An appointment more in the series: when, local time in its zone.</summary>
    Session,

    /// <summary>That it takes place, though the practice had cancelled it.</summary>
    Again,
}

/// <summary>One thing that a device wrote and that was not taken.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Sent">What the device wrote.</param>
/// <param name="Occurrence">The occurrence of a series, or null for the whole.</param>
public sealed record RejectedField(RejectionKind Kind, string Sent, LocalDateTime? Occurrence = null);

/// <summary>
/// What was not taken of what a device wrote, until the practitioner has decided (docs/decisions/0010). A record of the practitioner's, never part of a log: it has content in it. One for each
/// appointment and device; so many, so large and for so long.
/// </summary>
/// <param name="At">When it was written, last.</param>
/// <param name="AppointmentId">The appointment's UID.</param>
/// <param name="DeviceId">The app password's or link's id.</param>
/// <param name="Device">What the person called it.</param>
/// <param name="Fields">What was written.</param>
public sealed record RejectedEdit(Instant At, string AppointmentId, string DeviceId, string Device, IReadOnlyList<RejectedField> Fields)
{
    /// <summary>How long it is kept.</summary>
    public static Duration Lasts { get; } = Duration.FromDays(90);

    internal const int MaxText = 2000;
    internal const int MaxFields = 12;
    internal const int MaxKept = 100;

    private const string RecordKind = "rejected-edit";

    /// <summary>Names it among those of a practitioner; later ones have greater ids.</summary>
    [JsonIgnore]
    public string Id { get; private init; } = "";

    [JsonIgnore]
    internal long Version { get; private init; }

    /// <summary>Those of a practitioner that are not too old, newest first.</summary>
    public static async ValueTask<IReadOnlyList<RejectedEdit>> ListAsync(IStoreSnapshot snapshot, string practitionerId, Instant now)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        var records = await snapshot.ListRecordsAsync(RecordKind, practitionerId);
        return [.. records.Select(TryRead).OfType<RejectedEdit>().Where(edit => edit.IsKept(now)).Reverse()];
    }

    /// <summary>The steps that remove what is too old, or cannot be read.</summary>
    public static async ValueTask<IReadOnlyList<StoreOperation>> ForgetOldAsync(IStoreSnapshot snapshot, string practitionerId, Instant now)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        var records = await snapshot.ListRecordsAsync(RecordKind, practitionerId);
        return [.. records.Where(record => TryRead(record)?.IsKept(now) != true).Select(Remove), .. await StaysDeleted.ForgetOldAsync(snapshot, practitionerId, now), .. await RemovedAppointment.ForgetOldAsync(snapshot, practitionerId, now)];
    }

    internal static async ValueTask<RejectedEdit?> FindAsync(IStoreSnapshot snapshot, string practitionerId, string id, Instant now) =>
        await snapshot.FindRecordAsync(RecordKind, practitionerId, id) is { } record && TryRead(record) is { } edit && edit.IsKept(now) ? edit : null;

    /// <summary>The steps that keep it: with what the same device wrote of the appointment before, and in the place of the oldest ones when there are too many.</summary>
    internal async ValueTask<IReadOnlyList<StoreOperation>> KeepAsync(IStoreSnapshot snapshot, ExternalChange change)
    {
        var practitionerId = change.Collection.PrincipalId;
        List<StoreOperation> steps = [];
        List<StoredRecord> others = [];
        IEnumerable<RejectedField> fields = Fields;
        HashSet<RejectedField> known = [];
        foreach (var record in await snapshot.ListRecordsAsync(RecordKind, practitionerId))
        {
            var before = TryRead(record);
            if (before?.AppointmentId == AppointmentId && before.DeviceId == DeviceId)
            {
                known.UnionWith(before.Fields);
                fields = [.. fields, .. before.Fields.Where(field => !IsReplaced(field))];
            }
            else if (before?.IsKept(At) == true)
            {
                others.Add(record);
                continue;
            }

            steps.Add(Remove(record));
        }

        // what is refused has its line in the history, once
        steps.AddRange(Fields.Where(field => field.Kind == RejectionKind.Again && !known.Contains(field)).Select(field => change.Note(AuditAction.Refused, AppointmentId, field.Occurrence, static entry => entry with { Wanted = AuditAction.Restored })));
        steps.AddRange(others.SkipLast(MaxKept - 1).Select(Remove));
        return [.. steps, (this with { Fields = [.. fields.Take(MaxFields)] }).PutNew(practitionerId)];
    }

    private PutRecord PutNew(string practitionerId) => new(
        RecordKind,
        practitionerId,
        $"{At.ToUnixTimeMilliseconds():D15}-{RandomNumberGenerator.GetHexString(8, lowercase: true)}",
        JsonSerializer.SerializeToUtf8Bytes(this, HxJson.Default.RejectedEdit),
        0);

    /// <summary>The steps that remove what is kept of an appointment, with it.</summary>
    internal static async ValueTask<IReadOnlyList<StoreOperation>> ForgetAsync(IStoreSnapshot snapshot, AppointmentKey appointment)
    {
        var records = await snapshot.ListRecordsAsync(RecordKind, appointment.PractitionerId);
        return [.. records.Where(record => TryRead(record)?.AppointmentId == appointment.Uid).Select(Remove)];
    }

    /// <summary>The step that keeps only what is still to be decided, or removes it.</summary>
    internal StoreOperation Decide(string practitionerId, params IReadOnlyList<RejectedField> open) => open.Count > 0
        ? new PutRecord(RecordKind, practitionerId, Id, JsonSerializer.SerializeToUtf8Bytes(this with { Fields = open }, HxJson.Default.RejectedEdit), Version)
        : new DeleteRecord(RecordKind, practitionerId, Id, Version);

    /// <summary>The steps that let what was written of occurrences go with them when the series is moved, or with all that follow to a series of their own.</summary>
    internal static async ValueTask<IReadOnlyList<StoreOperation>> MoveAsync(
        IStoreSnapshot snapshot, AppointmentKey appointment, Func<LocalDateTime, LocalDateTime> place, (LocalDateTime From, string TailId)? split = null)
    {
        List<StoreOperation> steps = [];
        foreach (var edit in (await snapshot.ListRecordsAsync(RecordKind, appointment.PractitionerId)).Select(TryRead).OfType<RejectedEdit>())
        {
            if (edit.AppointmentId != appointment.Uid) continue;
            var moving = edit.Fields.Where(field => field.Occurrence is { } key && !(key < split?.From)).ToList();
            if (moving.Count == 0) continue;
            var moved = moving.Select(field => field with { Occurrence = place(field.Occurrence!.Value) });
            var stays = edit.Fields.Except(moving);
            if (split is not { } tail)
            {
                steps.Add(edit.Decide(appointment.PractitionerId, [.. stays, .. moved]));
                continue;
            }

            steps.Add(edit.Decide(appointment.PractitionerId, [.. stays]));
            steps.Add((edit with { AppointmentId = tail.TailId, Fields = [.. moved] }).PutNew(appointment.PractitionerId));
        }

        return steps;
    }

    private static DeleteRecord Remove(StoredRecord record) => new(RecordKind, record.Owner, record.Id, record.Version);

    private bool IsKept(Instant now) => now < At + Lasts;

    private bool IsReplaced(RejectedField before) =>
        Fields.Any(field => field.Kind == before.Kind && field.Occurrence == before.Occurrence && (field.Kind != RejectionKind.Session || field.Sent == before.Sent));

    private static RejectedEdit? TryRead(StoredRecord record)
    {
        try
        {
            return JsonSerializer.Deserialize(record.Document.Span, HxJson.Default.RejectedEdit) is { AppointmentId: not null, DeviceId: not null, Fields: not null } edit
                ? edit with { Id = record.Id, Version = record.Version }
                : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
