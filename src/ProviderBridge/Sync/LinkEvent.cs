using System.Text.Json;
using Calendaring.Store;
using NodaTime;

namespace ProviderBridge.Sync;

/// <summary>What can happen to a link. The names are in stored documents.</summary>
public enum LinkEventKind
{
    /// <summary>It was made.</summary>
    Made,

    /// <summary>A pass changed something.</summary>
    Passed,

    /// <summary>It was paused.</summary>
    Paused,

    /// <summary>It goes on.</summary>
    WentOn,

    /// <summary>The account no longer lets the server in.</summary>
    Lost,

    /// <summary>The account was connected again.</summary>
    Reconnected,

    /// <summary>The calendar was deleted outside.</summary>
    CalendarGone,

    /// <summary>The calendar was made again.</summary>
    Renewed,

    /// <summary>Many deletions wait for a person.</summary>
    DeletesHeld,

    /// <summary>A person has allowed them.</summary>
    DeletesAllowed,

    /// <summary>A person had them looked at again.</summary>
    DeletesLookedAt,

    /// <summary>A person had them undone outside.</summary>
    DeletesPutBack,

    /// <summary>What the outside calendar is shown was changed.</summary>
    LevelChanged,

    /// <summary>All is compared again.</summary>
    Resynced,
}

/// <summary>Something that happened to a link: when and how many, and nothing of what.</summary>
/// <param name="At">When.</param>
/// <param name="Kind">What.</param>
public sealed record LinkEvent(Instant At, LinkEventKind Kind)
{
    /// <summary>What a pass did.</summary>
    public PassCounts? Counts { get; init; }

    /// <summary>How many deletions; 0 where it is about something else.</summary>
    public int Deletions { get; init; }
}

/// <summary>The last events of a link, oldest first.</summary>
internal sealed record LinkTimeline(IReadOnlyList<LinkEvent> Events)
{
    private const string RecordKind = "link-timeline";
    private const int MostKept = 200;

    public static async ValueTask<IReadOnlyList<LinkEvent>> ReadAsync(IStoreSnapshot snapshot, LinkKey link) =>
        await snapshot.FindRecordAsync(RecordKind, link.LinkId, RecordKind) is { } record ? JsonSerializer.Deserialize(record.Document.Span, SyncJson.Default.LinkTimeline)!.Events : [];

    /// <summary>The step that adds an event, and forgets what is more than is kept.</summary>
    public static async ValueTask<StoreOperation> AddAsync(IStoreSnapshot snapshot, LinkKey link, LinkEvent one) =>
        new PutRecord(RecordKind, link.LinkId, RecordKind, JsonSerializer.SerializeToUtf8Bytes(new LinkTimeline([.. (await ReadAsync(snapshot, link)).TakeLast(MostKept - 1), one]), SyncJson.Default.LinkTimeline));

    public static async ValueTask<IReadOnlyList<StoreOperation>> ForgetAsync(IStoreSnapshot snapshot, LinkKey link) =>
        await snapshot.FindRecordAsync(RecordKind, link.LinkId, RecordKind) is null ? [] : [new DeleteRecord(RecordKind, link.LinkId, RecordKind)];
}
