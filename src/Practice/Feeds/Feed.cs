using System.Text.Json;
using Calendaring.Store;
using NodaTime;

namespace Practice.Feeds;

/// <summary>A practitioner's one-way calendar feed (R12), as it is switched on.</summary>
/// <param name="SecretHash">SHA-256 of the secret in its address, lower-case hexadecimal: by it the feed is found.</param>
/// <param name="ProtectedSecret">The secret, encrypted, so that the address can be shown again.</param>
/// <param name="Level">What it shows.</param>
/// <param name="Changed">When it was switched on or its level changed.</param>
public sealed record Feed(string SecretHash, string ProtectedSecret, PrivacyLevel Level, Instant Changed)
{
    internal const string RecordKind = "feed";
    internal const string RecordId = "one-way";

    /// <summary>The feed of a practitioner with its version; null when it is off.</summary>
    public static async ValueTask<(Feed Feed, long Version)?> FindAsync(IStoreSnapshot snapshot, string practitionerId)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        if (await snapshot.FindRecordAsync(RecordKind, practitionerId, RecordId) is not { } record) return null;
        return JsonSerializer.Deserialize(record.Document.Span, FeedJson.Default.Feed) is { } feed ? (feed, record.Version) : null;
    }

    internal StoreOperation Put(string practitionerId, long expectedVersion) =>
        new PutRecord(RecordKind, practitionerId, RecordId, JsonSerializer.SerializeToUtf8Bytes(this, FeedJson.Default.Feed), expectedVersion);
}

/// <summary>An address that a feed has or had. It is never given to another feed, and never forgotten: who asks at an old one is told.</summary>
/// <param name="PractitionerId">Whose feed.</param>
/// <param name="Ended">When it was replaced or switched off; null while it is in use.</param>
public sealed record FeedAddress(string PractitionerId, Instant? Ended = null)
{
    private const string RecordKind = "feed-address";
    private const string RecordOwner = "feeds";

    /// <summary>The address with a secret of this hash, or null.</summary>
    public static async ValueTask<FeedAddress?> FindAsync(IStoreSnapshot snapshot, string secretHash)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        return await snapshot.FindRecordAsync(RecordKind, RecordOwner, secretHash) is { } record
            ? JsonSerializer.Deserialize(record.Document.Span, FeedJson.Default.FeedAddress)
            : null;
    }

    /// <summary>Ends every address of a person who is erased, and forgets whose it was.</summary>
    internal static async Task<IEnumerable<StoreOperation>> ForgetAsync(IStoreSnapshot snapshot, string personId, Instant now) =>
        from record in await snapshot.ListRecordsAsync(RecordKind, RecordOwner)
        let address = JsonSerializer.Deserialize(record.Document.Span, FeedJson.Default.FeedAddress)
        where address.PractitionerId == personId
        select new FeedAddress("", address.Ended ?? now).Put(record.Id);

    internal StoreOperation Put(string secretHash) =>
        new PutRecord(RecordKind, RecordOwner, secretHash, JsonSerializer.SerializeToUtf8Bytes(this, FeedJson.Default.FeedAddress));
}
