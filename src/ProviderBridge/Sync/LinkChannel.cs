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
/// <param name="Expires">When it ends.</param>
internal sealed record LinkChannel(string Id, string PractitionerId, string LinkId, string SecretHash, Instant Expires)
{
    private const string RecordKind = "link-channel";

    /// <summary>The service's own name for it, or for what is watched: needed to end it. Null until the service has answered.</summary>
    public string? ResourceId { get; init; }

    /// <summary>The link.</summary>
    [JsonIgnore]
    public LinkKey Link => new(PractitionerId, LinkId);

    /// <summary>The channels of a link. One that cannot be read is left out: the service is asked for another.</summary>
    public static async ValueTask<IReadOnlyList<LinkChannel>> ListAsync(IStoreSnapshot snapshot, LinkKey link) =>
        [.. (await snapshot.ListRecordsAsync(RecordKind, link.LinkId)).Select(TryRead).OfType<LinkChannel>()];

    /// <summary>The steps that forget those channels of a link that cannot be read.</summary>
    public static async ValueTask<IReadOnlyList<StoreOperation>> ForgetUnreadableAsync(IStoreSnapshot snapshot, LinkKey link) =>
        [.. (await snapshot.ListRecordsAsync(RecordKind, link.LinkId)).Where(record => TryRead(record) is null).Select(record => new DeleteRecord(RecordKind, link.LinkId, record.Id))];

    /// <summary>The steps that forget the channels of a link.</summary>
    public static async ValueTask<IReadOnlyList<StoreOperation>> ForgetAsync(IStoreSnapshot snapshot, LinkKey link) =>
        [.. (await snapshot.ListRecordsAsync(RecordKind, link.LinkId)).Select(record => new DeleteRecord(RecordKind, link.LinkId, record.Id))];

    public StoreOperation Put() => new PutRecord(RecordKind, LinkId, Id, JsonSerializer.SerializeToUtf8Bytes(this, SyncJson.Default.LinkChannel));

    public StoreOperation Remove() => new DeleteRecord(RecordKind, LinkId, Id);

    private static LinkChannel? TryRead(StoredRecord record)
    {
        try
        {
            return JsonSerializer.Deserialize(record.Document.Span, SyncJson.Default.LinkChannel) is { Id: not null, LinkId: not null, SecretHash: not null } read ? read : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
