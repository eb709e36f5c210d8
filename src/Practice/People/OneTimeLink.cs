using System.Security.Cryptography;
using System.Text.Json;
using Calendaring.Store;
using NodaTime;

namespace Practice.People;

/// <summary>Why somebody has a one-time link.</summary>
public enum LinkPurpose
{
    /// <summary>Not said.</summary>
    None,

    /// <summary>The password is forgotten.</summary>
    Reset,

    /// <summary>The person was invited and has no password yet.</summary>
    Invitation,
}

/// <summary>A link with which a person sets a password, once. Each person has at most one for each purpose: a new one ends the one before.</summary>
/// <param name="Purpose">Why.</param>
/// <param name="Hash">Of the secret in the link.</param>
/// <param name="Until">When it ends by itself.</param>
public sealed record OneTimeLink(LinkPurpose Purpose, string Hash, Instant Until)
{
    private const string RecordKind = "one-time-link";
    private const int Letters = 28;
    private static readonly Duration ResetLasts = Duration.FromHours(1);
    private static readonly Duration InvitationLasts = Duration.FromDays(7);

    /// <summary>A new link and its secret of 140 random bits, which is kept nowhere.</summary>
    public static (OneTimeLink Link, string Secret) Create(LinkPurpose purpose, Instant now)
    {
        var secret = People.Secret.Generate(Letters);
        return (new OneTimeLink(purpose, People.Secret.HashOf(secret), now + (purpose == LinkPurpose.Reset ? ResetLasts : InvitationLasts)), secret);
    }

    /// <summary>The link of a person for a purpose, also one that has ended by itself, with the version of its record; or null.</summary>
    public static async ValueTask<(OneTimeLink Link, long Version)?> FindAsync(IStoreSnapshot snapshot, string personId, LinkPurpose purpose)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        return await snapshot.FindRecordAsync(RecordKind, personId, purpose.ToString()) is { } record ? (Read(record), record.Version) : null;
    }

    /// <summary>The link of a person that has a secret and has not ended; or null.</summary>
    public static async ValueTask<(OneTimeLink Link, long Version)?> FindAsync(IStoreSnapshot snapshot, string personId, string secret, Instant now)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        var hash = Convert.FromHexString(People.Secret.HashOf(secret));
        foreach (var record in await snapshot.ListRecordsAsync(RecordKind, personId))
        {
            var link = Read(record);
            if (now < link.Until && CryptographicOperations.FixedTimeEquals(hash, Convert.FromHexString(link.Hash))) return (link, record.Version);
        }

        return null;
    }

    /// <summary>The step that keeps it, and ends an earlier one for the same purpose.</summary>
    public StoreOperation Put(string personId) =>
        new PutRecord(RecordKind, personId, Purpose.ToString(), JsonSerializer.SerializeToUtf8Bytes(this, PracticeJson.Default.OneTimeLink));

    /// <summary>The step that uses it up: of two who use it at the same time one fails.</summary>
    public StoreOperation Use(string personId, long version) => new DeleteRecord(RecordKind, personId, Purpose.ToString(), version);

    /// <summary>The steps that end every link of a person, or every one for another purpose.</summary>
    public static async ValueTask<IReadOnlyList<StoreOperation>> EndAllAsync(IStoreSnapshot snapshot, string personId, LinkPurpose but = LinkPurpose.None)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        var records = await snapshot.ListRecordsAsync(RecordKind, personId);
        return [.. records.Where(record => record.Id != but.ToString()).Select(record => new DeleteRecord(RecordKind, personId, record.Id))];
    }

    private static OneTimeLink Read(StoredRecord record) =>
        JsonSerializer.Deserialize(record.Document.Span, PracticeJson.Default.OneTimeLink) ?? throw new JsonException("A link is empty.");
}
