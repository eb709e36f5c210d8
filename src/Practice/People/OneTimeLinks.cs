using System.Text.Json;
using Calendaring.Store;
using NodaTime;

namespace Practice.People;

/// <summary>
/// The links with which a person sets a password. Several work at the same time: everybody may ask for one in the name of somebody else, and must not make useless by that what its owner has in the
/// mailbox, or what the operator printed. They stand in one record, so that the password is set with one of them once, and all the others end in the same transaction.
/// </summary>
/// <param name="All">The links; of those that ended by themselves only an invitation is kept, to be seen.</param>
public sealed record OneTimeLinks(IReadOnlyList<OneTimeLink> All)
{
    private const string RecordKind = "one-time-links";
    private const int MostResets = 20;

    /// <summary>The last invitation, also one that has ended by itself; or null.</summary>
    public OneTimeLink? Invitation => All.FirstOrDefault(link => link.Purpose == LinkPurpose.Invitation);

    /// <summary>The links of a person, with the version of their record; 0 when there is none.</summary>
    public static async ValueTask<(OneTimeLinks Links, long Version)> ReadAsync(IStoreSnapshot snapshot, string personId)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        if (await snapshot.FindRecordAsync(RecordKind, personId, RecordKind) is not { } record) return (new OneTimeLinks([]), 0);
        var links = JsonSerializer.Deserialize(record.Document.Span, PeopleJson.Default.OneTimeLinks) ?? throw new JsonException("A list of links is empty.");
        return (links, record.Version);
    }

    /// <summary>The steps that end every link of a person. An empty list stays: a link that somebody makes at the same time has its version as precondition.</summary>
    public static async ValueTask<IReadOnlyList<StoreOperation>> EndAllAsync(IStoreSnapshot snapshot, string personId)
    {
        var (_, version) = await ReadAsync(snapshot, personId);
        return [new OneTimeLinks([]).Put(personId, version)];
    }

    /// <summary>Whether so many links for a forgotten password work that there is no need of another.</summary>
    public bool AreEnough(Instant now) => All.Count(link => link.Purpose == LinkPurpose.Reset && now < link.Until) >= MostResets;

    /// <summary>The link that has a secret and works; or null.</summary>
    public OneTimeLink? Find(string secret, Instant now) => All.FirstOrDefault(link => now < link.Until && link.Has(secret));

    /// <summary>With one more. An invitation takes the place of the one before: who invites again says that that one is not to be used.</summary>
    public OneTimeLinks With(OneTimeLink link, Instant now)
    {
        ArgumentNullException.ThrowIfNull(link);
        return new OneTimeLinks([.. All.Where(other => other.Purpose == LinkPurpose.Invitation ? link.Purpose != LinkPurpose.Invitation : now < other.Until), link]);
    }

    /// <summary>The step that keeps them.</summary>
    public StoreOperation Put(string personId, long expectedVersion) =>
        new PutRecord(RecordKind, personId, RecordKind, JsonSerializer.SerializeToUtf8Bytes(this, PeopleJson.Default.OneTimeLinks), expectedVersion);
}
