using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Calendaring.ICalendar;
using Calendaring.Store;
using NodaTime;

namespace ProviderBridge.Sync;

/// <summary>An appointment that a link mirrors, and what each side had when they last agreed.</summary>
/// <param name="Uid">The appointment's UID.</param>
/// <param name="HxName">Its path segment in the HX_ calendar.</param>
/// <param name="OutsideId">Its id outside; null while there is none.</param>
/// <param name="Generation">How many events of this UID were deleted outside before.</param>
/// <param name="HxBase">What the link was last shown of it (iCalendar); empty for what the practice has never taken.</param>
/// <param name="OutsideBase">What the outside calendar last answered (iCalendar); null while there is none.</param>
internal sealed record LinkItem(string Uid, string HxName, string? OutsideId, int Generation, string HxBase, string? OutsideBase)
{
    private const string RecordKind = "link-item";
    private const string IndexKind = "link-index";
    private const string GenerationKind = "link-generation";
    private const string CountKind = "link-count";

    /// <summary>When it was last written outside: what is written again and again goes back and forth between two that cannot agree.</summary>
    public IReadOnlyList<Instant> Writes { get; init; } = [];

    /// <summary>Whether it is with a patient.</summary>
    public bool IsPatient { get; init; }

    /// <summary>Whether it was hidden when the link was last shown it: its words outside are ours then, and nobody's title.</summary>
    public bool IsHidden { get; init; }

    /// <summary>Whether what is outside may show more of it than it may now: it was to be hidden or shown at a lower level, and the service has not let its words go yet.</summary>
    public bool MayShowMore { get; init; }

    /// <summary>Whether the outside calendar has still to be given the practice's version as a whole.</summary>
    public bool IsOwed { get; init; }

    /// <summary>Whether nothing of what is owed was changed in the practice: it was taken in from outside, or was not taken and is put back there. Whoever removes it outside then removes nothing that they did not know.</summary>
    public bool IsOwedBack { get; init; }

    /// <summary>
    /// What the outside calendar was being asked to have (iCalendar); null when it has answered. A series is written there in several steps: what a pass that was cut short left between two of them is no change of its user's.
    /// </summary>
    public string? Asked { get; init; }

    /// <summary>The version at which the outside calendar has what it answered; null when that is not known.</summary>
    public string? OutsideVersion { get; init; }

    /// <summary>Its address outside as the service writes it; null where that follows from its id.</summary>
    public string? OutsideAddress { get; init; }

    /// <summary>The events that it is outside in, by their ids, with what each is of it; null where it is one event or series there.</summary>
    public IReadOnlyDictionary<string, string>? OutsideParts { get; init; }

    /// <summary>Whether its parts outside are being removed: those that are gone are then nobody's edit.</summary>
    public bool IsLeaving { get; init; }

    /// <summary>Whether a listing has said that it is gone outside, and it could not be asked for then.</summary>
    public bool IsToldGone { get; init; }

    /// <summary>Why one of the sides does not have it as the other has; null when it has.</summary>
    public string? Quarantine { get; init; }

    /// <summary>Since when it is in quarantine.</summary>
    public Instant? HeldSince { get; init; }

    /// <summary>When it was last put in quarantine.</summary>
    public Instant? HeldAt { get; init; }

    /// <summary>When it was last removed outside and made again, as it showed more than it may; null when it never was.</summary>
    public Instant? ReplacedAt { get; init; }

    /// <summary>Whether it is an event outside that the practice has never taken.</summary>
    [JsonIgnore]
    public bool IsRejected => HxBase.Length == 0;

    public long Version { get; private init; }

    public static async ValueTask<LinkItem?> FindAsync(IStoreSnapshot snapshot, LinkKey link, string uid) =>
        await snapshot.FindRecordAsync(RecordKind, link.LinkId, uid) is { } record ? Read(record) : null;

    public static ValueTask<string?> FindUidByOutsideIdAsync(IStoreSnapshot snapshot, LinkKey link, string outsideId) => FindUidAsync(snapshot, link.LinkId, $"o:{outsideId}");

    public static ValueTask<string?> FindUidByNameAsync(IStoreSnapshot snapshot, LinkKey link, string name) => FindUidAsync(snapshot, link.LinkId, $"n:{name}");

    /// <summary>All that a link mirrors: only for what asks about all of it.</summary>
    public static async ValueTask<IReadOnlyList<LinkItem>> ListAsync(IStoreSnapshot snapshot, LinkKey link) =>
        [.. (await snapshot.ListRecordsAsync(RecordKind, link.LinkId)).Select(Read)];

    /// <summary>How many appointments a link mirrors. It is written together with each that is added or removed: a pass that was cut short has counted what it did.</summary>
    public static async ValueTask<int> CountAsync(ICalendarStore store, LinkKey link, CancellationToken cancelled)
    {
        int counted;
        using (var snapshot = await store.OpenSnapshotAsync(cancelled))
        {
            if (await snapshot.FindRecordAsync(CountKind, link.LinkId, CountKind) is { } record) return JsonSerializer.Deserialize<int>(record.Document.Span);
            counted = (await ListAsync(snapshot, link)).Count(item => !item.IsRejected);
        }

        await store.ApplyAsync(StoreBatch.Of(PutCount(link, counted)), cancelled);
        return counted;
    }

    /// <summary>The step that writes how many a link mirrors.</summary>
    public static StoreOperation PutCount(LinkKey link, int count) => new PutRecord(CountKind, link.LinkId, CountKind, JsonSerializer.SerializeToUtf8Bytes(count));

    /// <summary>The steps that write it in place of what there was.</summary>
    public IEnumerable<StoreOperation> Put(LinkKey link, LinkItem? before)
    {
        if (before is not null && before.OutsideId != OutsideId && before.OutsideId is { } old) yield return new DeleteRecord(IndexKind, link.LinkId, $"o:{old}");
        if (before is not null && before.HxName != HxName) yield return new DeleteRecord(IndexKind, link.LinkId, $"n:{before.HxName}");
        foreach (var part in before?.PartIds.Except(PartIds) ?? []) yield return new DeleteRecord(IndexKind, link.LinkId, $"o:{part}");
        if (OutsideId is { } id && id != before?.OutsideId) yield return Index(link, $"o:{id}");
        foreach (var part in PartIds.Except(before?.PartIds ?? [])) yield return Index(link, $"o:{part}");
        if (HxName != before?.HxName) yield return Index(link, $"n:{HxName}");
        yield return new PutRecord(RecordKind, link.LinkId, Uid, JsonSerializer.SerializeToUtf8Bytes(this, SyncJson.Default.LinkItem), before?.Version ?? 0);
    }

    /// <summary>The steps that forget all that a link mirrors.</summary>
    public static async ValueTask<IReadOnlyList<StoreOperation>> ForgetAsync(IStoreSnapshot snapshot, LinkKey link) =>
    [
        .. (await snapshot.ListRecordsAsync(IndexKind, link.LinkId)).Select(record => new DeleteRecord(IndexKind, link.LinkId, record.Id)),
        .. (await snapshot.ListRecordsAsync(RecordKind, link.LinkId)).Select(record => new DeleteRecord(RecordKind, link.LinkId, record.Id, record.Version)),
        .. (await snapshot.ListRecordsAsync(CountKind, link.LinkId)).Select(record => new DeleteRecord(CountKind, link.LinkId, record.Id)),
    ];

    /// <summary>The steps without those that would take a path segment or an id from another, which has it now.</summary>
    public static async ValueTask<IReadOnlyList<StoreOperation>> LeaveOthersAsync(ICalendarStore store, string uid, IReadOnlyList<StoreOperation> steps)
    {
        if (!steps.Any(static step => step is DeleteRecord { Kind: IndexKind })) return steps;
        List<StoreOperation> left = [];
        using var snapshot = await store.OpenSnapshotAsync();
        foreach (var step in steps)
        {
            if (step is not DeleteRecord { Kind: IndexKind } delete || await FindUidAsync(snapshot, delete.Owner, delete.Id) == uid) left.Add(step);
        }

        return left;
    }

    /// <summary>Which generation comes next of an appointment that was forgotten: a service may keep the ids of what was deleted for ever.</summary>
    public static async ValueTask<int> NextGenerationAsync(IStoreSnapshot snapshot, LinkKey link, string uid) =>
        await snapshot.FindRecordAsync(GenerationKind, link.LinkId, uid) is { } record ? JsonSerializer.Deserialize<int>(record.Document.Span) : 0;

    /// <summary>The steps that forget all that was noted of what is gone.</summary>
    public static async ValueTask<IReadOnlyList<StoreOperation>> ForgetGenerationsAsync(IStoreSnapshot snapshot, LinkKey link) =>
        [.. (await snapshot.ListRecordsAsync(GenerationKind, link.LinkId)).Select(record => new DeleteRecord(GenerationKind, link.LinkId, record.Id))];

    /// <summary>The steps that note that it is gone.</summary>
    public IEnumerable<StoreOperation> MarkGone(LinkKey link) =>
        OutsideId is null || IsRejected ? Remove(link) : [.. Remove(link), new PutRecord(GenerationKind, link.LinkId, Uid, JsonSerializer.SerializeToUtf8Bytes(Generation + 1))];

    /// <summary>The steps that forget it.</summary>
    public IEnumerable<StoreOperation> Remove(LinkKey link)
    {
        if (OutsideId is { } id) yield return new DeleteRecord(IndexKind, link.LinkId, $"o:{id}");
        foreach (var part in PartIds) yield return new DeleteRecord(IndexKind, link.LinkId, $"o:{part}");
        yield return new DeleteRecord(IndexKind, link.LinkId, $"n:{HxName}");
        yield return new DeleteRecord(RecordKind, link.LinkId, Uid, Version);
    }

    /// <summary>Whether it is outside as it was answered, and nothing is left to be done about it.</summary>
    public bool IsSettledAt(string version) => OutsideVersion == version && this is { IsOwed: false, Asked: null, Quarantine: null };

    /// <summary>Whether what is in quarantine is tried again, though nobody changed it: once an hour.</summary>
    public bool IsDue(Instant now) => HeldAt is not { } held || held <= now - Duration.FromHours(1) || held > now;

    /// <summary>What is remembered when it is asked for; null when there is nothing outside.</summary>
    public OutsideMemory? Remembered() => OutsideId is { } id ? Remembered(id) : null;

    /// <summary>What is remembered when it is asked for by an id.</summary>
    public OutsideMemory Remembered(string id) => new(Uid, id, OutsideAddress)
    {
        Had = OutsideBase is { } had ? Parse(had) : null,
        Asked = Asked is { } asked ? Parse(asked) : null,
        IsLeaving = IsLeaving,
        Parts = OutsideParts,
    };

    /// <summary>The UID of the appointment that an event outside is known as; null where it is none that the practice has taken.</summary>
    public static async ValueTask<string?> OwnerOfAsync(ICalendarStore store, LinkKey link, string outsideId, CancellationToken cancelled)
    {
        using var snapshot = await store.OpenSnapshotAsync(cancelled);
        return await FindUidByOutsideIdAsync(snapshot, link, outsideId) is { } uid && await FindAsync(snapshot, link, uid) is { IsRejected: false } ? uid : null;
    }

    public static CalendarObject Parse(string text) => CalendarObject.Parse(Encoding.UTF8.GetBytes(text));

    public static string Text(CalendarObject content) => Encoding.UTF8.GetString(content.ToText());

    private static LinkItem Read(StoredRecord record) => JsonSerializer.Deserialize(record.Document.Span, SyncJson.Default.LinkItem)! with { Version = record.Version };

    private IEnumerable<string> PartIds => OutsideParts?.Keys ?? [];

    private PutRecord Index(LinkKey link, string key) => new PutRecord(IndexKind, link.LinkId, key, Encoding.UTF8.GetBytes(Uid));

    private static async ValueTask<string?> FindUidAsync(IStoreSnapshot snapshot, string owner, string key) =>
        await snapshot.FindRecordAsync(IndexKind, owner, key) is { } record ? Encoding.UTF8.GetString(record.Document.Span) : null;
}
