using System.Text.Json;
using Calendaring.Store;
using NodaTime;
using Practice.Audit;

namespace Practice.Hx;

/// <summary>
/// What one device was refused, so that a phone which tries again and again writes one line of history, and no device fills the log: a record of the practitioner's, with a count for each.
/// </summary>
/// <param name="Tries">What was refused, the first one first.</param>
public sealed record RefusedChanges(IReadOnlyList<RefusedTry> Tries)
{
    /// <summary>New lines of history that one device may cause in a day; what it is refused beyond that is not noted.</summary>
    public const int MaxOfDay = 20;

    private const int MaxKept = 100;
    private const string RecordKind = "refused-changes";
    private static readonly Duration Day = Duration.FromDays(1);
    private static readonly Duration Pause = Duration.FromMinutes(1);

    /// <summary>Notes a refusal: a line in the history where it is new, a count where it is not.</summary>
    /// <param name="store">Where it is kept.</param>
    /// <param name="practitionerId">Whose calendar.</param>
    /// <param name="origin">Who was refused.</param>
    /// <param name="refused">What.</param>
    /// <param name="now">When.</param>
    public static async ValueTask NoteAsync(ICalendarStore store, string practitionerId, ExternalOrigin origin, RefusedChange refused, Instant now)
    {
        ArgumentNullException.ThrowIfNull(store);
        ArgumentNullException.ThrowIfNull(origin);
        await store.ChangeAsync($"{RecordKind} {practitionerId}", async snapshot =>
        {
            var steps = Steps(await snapshot.FindRecordAsync(RecordKind, practitionerId, origin.Id), practitionerId, origin, refused, now);
            return new Decision<bool>(steps.Count == 0 ? null : steps, true);
        });
    }

    /// <summary>How often each thing was refused, of all devices of a practitioner, by device.</summary>
    public static async ValueTask<ILookup<string, RefusedTry>> ListAsync(IStoreSnapshot snapshot, string practitionerId)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        var records = await snapshot.ListRecordsAsync(RecordKind, practitionerId);
        return records.SelectMany(record => Read(record).Tries.Select(one => (record.Id, Try: one))).ToLookup(one => one.Id, one => one.Try);
    }

    private static IReadOnlyList<StoreOperation> Steps(StoredRecord? record, string practitionerId, ExternalOrigin origin, RefusedChange refused, Instant now)
    {
        List<RefusedTry> tries = [.. Read(record).Tries.Where(one => one.Last > now - RejectedEdit.Lasts)];
        var index = tries.FindIndex(one => one.Change == refused);
        if (index >= 0)
        {
            if (now - tries[index].Last < Pause) return [];
            tries[index] = tries[index] with { Last = now, Count = tries[index].Count + 1 };
            return [Put()];
        }

        if (tries.Count(one => one.First > now - Day) >= MaxOfDay) return [];
        tries.Add(new RefusedTry(refused, now, now, 1));
        var line = DiaryAudit.Line(new AppointmentKey(practitionerId, refused.AppointmentId), now, origin.Actor, AuditAction.Refused, refused.Occurrence, with: entry => entry with
        {
            Wanted = refused.Wanted,
            Reason = refused.Reason,
            Before = refused.Before,
            After = refused.After,
        });
        return [Put(), line];

        PutRecord Put() => new(
            RecordKind, practitionerId, origin.Id, JsonSerializer.SerializeToUtf8Bytes(new RefusedChanges([.. tries.TakeLast(MaxKept)]), HxJson.Default.RefusedChanges), record?.Version ?? 0);
    }

    private static RefusedChanges Read(StoredRecord? record)
    {
        try
        {
            return record is not null && JsonSerializer.Deserialize(record.Document.Span, HxJson.Default.RefusedChanges) is { Tries: not null } read ? read : new RefusedChanges([]);
        }
        catch (JsonException)
        {
            return new RefusedChanges([]);
        }
    }
}

/// <summary>One thing that was refused, and how often.</summary>
/// <param name="Change">What.</param>
/// <param name="First">When first.</param>
/// <param name="Last">When last.</param>
/// <param name="Count">How often; tries within a minute count once.</param>
public sealed record RefusedTry(RefusedChange Change, Instant First, Instant Last, int Count);
