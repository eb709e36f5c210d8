using System.Text.Json;
using Calendaring.Store;
using NodaTime;
using Practice.Audit;

namespace Practice.Diaries;

/// <summary>
/// The inclusion of what was in the diary before the link was made (R5): begun once, carried on until it is done, and then counted. It is kept, so that whoever stops it, it can be carried on.
/// </summary>
/// <param name="Begun">When it began.</param>
/// <param name="Total">How many appointments were to be included; a repeating one counts once.</param>
public sealed record Inclusion(Instant Begun, int Total)
{
    private const string RecordKind = "inclusion";

    /// <summary>In which session the practitioner began it: whoever carries it on does so for them. Null for one that was begun before this was noted.</summary>
    public string? SessionId { get; init; }

    /// <summary>When it ended; null while it has not.</summary>
    public Instant? Ended { get; init; }

    /// <summary>How many appointments were in the diary when it ended, without those that are cancelled.</summary>
    public int InDiary { get; init; }

    /// <summary>How many of the HX_ calendar's appointments could be read when it ended.</summary>
    public int Served { get; init; }

    /// <summary>Whether the count after it came out even.</summary>
    public bool Even => InDiary == Served;

    /// <summary>The last inclusion of a practitioner's appointments, or null. One that cannot be read is none: it can be begun again.</summary>
    public static async ValueTask<Inclusion?> FindAsync(IStoreSnapshot snapshot, string practitionerId)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        try
        {
            return await snapshot.FindRecordAsync(RecordKind, practitionerId, RecordKind) is { } record
                ? JsonSerializer.Deserialize(record.Document.Span, DiaryJson.Default.Inclusion)
                : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>Whose appointments are not all included yet: no work grows with other practitioners.</summary>
    public static async ValueTask<IReadOnlyList<string>> ListUnfinishedAsync(IStoreSnapshot snapshot)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        return [.. (await snapshot.ListDueRecordsAsync(RecordKind, Instant.MaxValue)).Select(static record => record.Owner)];
    }

    /// <summary>Who includes the appointments, for the audit log.</summary>
    public AuditActor ActorOf(Principal practitioner) => SessionId is null ? AuditActor.Server : AuditActor.OnPages(practitioner, SessionId);

    internal StoreOperation Put(string practitionerId) =>
        new PutRecord(RecordKind, practitionerId, RecordKind, JsonSerializer.SerializeToUtf8Bytes(this, DiaryJson.Default.Inclusion)) { Due = Ended is null ? Begun : null };
}
