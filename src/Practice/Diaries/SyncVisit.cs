using System.Text.Json;
using Calendaring.Store;
using NodaTime;
using Practice.Audit;

namespace Practice.Diaries;

/// <summary>When a practitioner looked at what devices did, so that the page can say what is new since the visit before.</summary>
/// <param name="Line">The last line of the diary's audit log that there was then.</param>
/// <param name="At">When.</param>
public sealed record SyncVisit(long Line, Instant At)
{
    private const string RecordKind = "sync-visit";
    private const string Id = "last";

    /// <summary>The last line that there was at the visit before; 0 when there was none.</summary>
    public long LineBefore { get; init; }

    /// <summary>When the visit before was; null when there was none.</summary>
    public Instant? Before { get; init; }

    /// <summary>The visit that a practitioner makes now; or, when they go on with it, the one they are making.</summary>
    public static async Task<SyncVisit> MakeAsync(ICalendarStore store, string practitionerId, Instant now, bool goesOn, CancellationToken cancelled = default)
    {
        ArgumentNullException.ThrowIfNull(store);
        SyncVisit? last;
        long line;
        using (var snapshot = await store.OpenSnapshotAsync(cancelled))
        {
            last = await snapshot.FindRecordAsync(RecordKind, practitionerId, Id) is { } record ? JsonSerializer.Deserialize(record.Document.Span, DiaryJson.Default.SyncVisit) : null;
            if (goesOn && last is not null) return last;
            line = await snapshot.ListLastLinesAsync(DiaryAudit.Log, practitionerId, long.MaxValue, 1) is [var newest] ? newest.Number : 0;
        }

        var visit = new SyncVisit(line, now) { LineBefore = last?.Line ?? 0, Before = last?.At };
        await store.ApplyAsync(StoreBatch.Of(new PutRecord(RecordKind, practitionerId, Id, JsonSerializer.SerializeToUtf8Bytes(visit, DiaryJson.Default.SyncVisit))), cancelled);
        return visit;
    }
}
