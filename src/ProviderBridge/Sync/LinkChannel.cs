using System.Text.Json;
using System.Text.Json.Serialization;
using Calendaring.Store;
using NodaTime;

namespace ProviderBridge.Sync;

/// <summary>A channel on which a service tells that a link's calendar has changed.</summary>
/// <param name="Id">Its id.</param>
/// <param name="PractitionerId">Whose link.</param>
/// <param name="LinkId">The link.</param>
/// <param name="SecretHash">Hash of what the service says along, so that it is known to be the service.</param>
/// <param name="Expires">When it ends, as far as is known.</param>
internal sealed record LinkChannel(string Id, string PractitionerId, string LinkId, string SecretHash, Instant Expires)
{
    private const string RecordKind = "link-channel";

    /// <summary>The service's own name for it, or for what is watched: needed to end it. Null until the service has answered.</summary>
    public string? ResourceId { get; init; }

    /// <summary>Whether its end is only what the service was asked for: it may have granted less, and has not said so yet.</summary>
    public bool IsEndAssumed { get; init; }

    [JsonIgnore]
    public long Version { get; private init; }

    /// <summary>The link.</summary>
    [JsonIgnore]
    public LinkKey Link => new(PractitionerId, LinkId);

    /// <summary>A channel of a link as it is kept; null when it is not, or cannot be read.</summary>
    public static async ValueTask<LinkChannel?> FindAsync(IStoreSnapshot snapshot, LinkKey link, string id) =>
        await snapshot.FindRecordAsync(RecordKind, link.LinkId, id) is { } record ? TryRead(record) : null;

    /// <summary>The channels of a link. One that cannot be read is left out: the service is asked for another.</summary>
    public static async ValueTask<IReadOnlyList<LinkChannel>> ListAsync(IStoreSnapshot snapshot, LinkKey link) =>
        [.. (await snapshot.ListRecordsAsync(RecordKind, link.LinkId)).Select(TryRead).OfType<LinkChannel>()];

    /// <summary>The steps that forget those channels of a link that cannot be read.</summary>
    public static async ValueTask<IReadOnlyList<StoreOperation>> ForgetUnreadableAsync(IStoreSnapshot snapshot, LinkKey link) =>
        [.. (await snapshot.ListRecordsAsync(RecordKind, link.LinkId)).Where(record => TryRead(record) is null).Select(record => new DeleteRecord(RecordKind, link.LinkId, record.Id))];

    /// <summary>The steps that forget the channels of a link.</summary>
    public static async ValueTask<IReadOnlyList<StoreOperation>> ForgetAsync(IStoreSnapshot snapshot, LinkKey link) =>
        [.. (await snapshot.ListRecordsAsync(RecordKind, link.LinkId)).Select(record => new DeleteRecord(RecordKind, link.LinkId, record.Id))];

    /// <summary>The channel with the end that the service says; as it is when it says none.</summary>
    public LinkChannel EndingAt(Instant? said) => said is { } end ? this with { Expires = end, IsEndAssumed = false } : this;

    /// <param name="expected">The version that it must still be at; null for any.</param>
    public StoreOperation Put(long? expected = null) => new PutRecord(RecordKind, LinkId, Id, JsonSerializer.SerializeToUtf8Bytes(this, SyncJson.Default.LinkChannel), expected);

    public StoreOperation Remove() => new DeleteRecord(RecordKind, LinkId, Id);

    private static LinkChannel? TryRead(StoredRecord record)
    {
        try
        {
            return JsonSerializer.Deserialize(record.Document.Span, SyncJson.Default.LinkChannel) is { Id: not null, LinkId: not null, SecretHash: not null } read ? read with { Version = record.Version } : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
