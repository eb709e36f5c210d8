using NodaTime;

namespace Calendaring.Store;

/// <summary>
/// The store as it was at one moment. Not thread-safe. Objects that are not published are returned too: the caller decides who may see them.
/// A row whose bytes do not match its hash throws <see cref="CorruptObjectException"/> when its bytes are read, and no other row.
/// A listing may be left early, and other questions may be asked in its midst, a second listing among them: a backend whose connection takes one query at a time reads ahead what it lists.
/// The token with which the snapshot was opened ends every read of it.
/// </summary>
public interface IStoreSnapshot : IDisposable
{
    /// <summary>A principal by its id, or null.</summary>
    ValueTask<Principal?> FindPrincipalAsync(string id);

    /// <summary>A principal by its normalised login, or null.</summary>
    ValueTask<Principal?> FindPrincipalByLoginAsync(string login);

    /// <summary>The principals with an e-mail address by id, whatever its case: no work grows with those of others.</summary>
    ValueTask<IReadOnlyList<Principal>> ListPrincipalsByEmailAsync(string email);

    /// <summary>All principals by id.</summary>
    ValueTask<IReadOnlyList<Principal>> ListPrincipalsAsync();

    /// <summary>The principals of a group by id: no work grows with those of others.</summary>
    ValueTask<IReadOnlyList<Principal>> ListPrincipalsAsync(string groupId);

    /// <summary>The app passwords of a principal, oldest first.</summary>
    ValueTask<IReadOnlyList<Credential>> ListCredentialsAsync(string principalId);

    /// <summary>The home of a principal; the default value when there is no such principal.</summary>
    ValueTask<HomeState> GetHomeAsync(string principalId);

    /// <summary>A collection by its name in a home, or null.</summary>
    ValueTask<Collection?> FindCollectionAsync(string principalId, string name);

    /// <summary>A collection by its key, or null.</summary>
    ValueTask<Collection?> FindCollectionAsync(long collectionId);

    /// <summary>The collections of a home by name.</summary>
    ValueTask<IReadOnlyList<Collection>> ListCollectionsAsync(string principalId);

    /// <summary>An object without its bytes, or null.</summary>
    ValueTask<ObjectRow?> FindRowAsync(long collectionId, string name);

    /// <summary>An object with its bytes, or null.</summary>
    /// <exception cref="CorruptObjectException">Its bytes do not match their hash.</exception>
    ValueTask<StoredObject?> FindObjectAsync(long collectionId, string name);

    /// <summary>The object that has a UID in a collection, or null.</summary>
    ValueTask<ObjectRow?> FindRowByUidAsync(long collectionId, string uid);

    /// <summary>The objects of a collection in the order of their change numbers, without bytes.</summary>
    IAsyncEnumerable<ObjectRow> ListRowsAsync(long collectionId);

    /// <summary>
    /// The objects that may have an occurrence in [start, end), by index: candidates, a superset, with bytes. A null bound is open.
    /// With <paramref name="component"/> only those of that type.
    /// </summary>
    /// <exception cref="CorruptObjectException">The bytes of the next object do not match their hash: the listing ends there.</exception>
    IAsyncEnumerable<StoredObject> ListCandidatesAsync(long collectionId, string? component, Instant? start, Instant? end);

    /// <summary>
    /// What changed in a collection after a change number, by change number: each member once, as it is now;
    /// removed ones as tombstones. After 0: every member, and no tombstones.
    /// </summary>
    IAsyncEnumerable<ChangeEntry> ListChangesAsync(long collectionId, long after);

    /// <summary>
    /// The oldest change number from which <see cref="ListChangesAsync"/> is complete: tombstones before it have been swept. A first sync that is read page by page from 0 is complete when the
    /// collection's change number at its first page is not before this, whatever numbers its pages end with: a token given in the midst of it must carry that number too, or a long-lived
    /// calendar could never be read in pages.
    /// </summary>
    ValueTask<long> OldestSyncAsync(long collectionId);

    /// <summary>The collections removed from a home after a change number, by change number. One whose name is used again is not among them: the new one says when (<see cref="Collection.ReplacedAt"/>).</summary>
    ValueTask<IReadOnlyList<RemovedCollection>> ListRemovedCollectionsAsync(string principalId, long after);

    /// <summary>
    /// What changed in all collections of a home after a change number, by change number: what <see cref="ListChangesAsync"/> lists for each. A change number stands for one entry only. The members of
    /// a collection that has been removed are not told.
    /// </summary>
    IAsyncEnumerable<ChangeEntry> ListHomeChangesAsync(string principalId, long after);

    /// <summary>What a home holds: for the quota properties (RFC 4331). Nothing when there is no such principal.</summary>
    ValueTask<HomeUsage> GetUsageAsync(string principalId);

    /// <summary>What all homes of a group hold together, as a level may know it: no work grows with what is in them.</summary>
    ValueTask<long> GroupUsageAsync(string groupId, int level);

    /// <summary>
    /// The properties of a resource as a level sees them: those that clients set at that level, below them those of each lower level, and below all those of the server. With <paramref name="names"/> only
    /// these: no other is read.
    /// </summary>
    ValueTask<PropertyBag> ReadPropertiesAsync(PropertyTarget target, int level, IReadOnlyCollection<PropertyName>? names = null);

    /// <summary>The properties that clients set on a resource, with the level of each, up to a level.</summary>
    ValueTask<IReadOnlyList<LeveledProperty>> ListPropertiesAsync(PropertyTarget target, int level);

    /// <summary>The members of a collection that have properties which a level may see.</summary>
    ValueTask<IReadOnlySet<string>> ListMembersWithPropertiesAsync(Collection collection, int level);

    /// <summary>A record, or null.</summary>
    ValueTask<StoredRecord?> FindRecordAsync(string kind, string owner, string id);

    /// <summary>The records of a kind and owner with an id after <paramref name="afterId"/> (null: from the first), in ordinal order, at most <paramref name="limit"/>.</summary>
    ValueTask<IReadOnlyList<StoredRecord>> ListRecordsAsync(string kind, string owner, string? afterId = null, int limit = int.MaxValue);

    /// <summary>
    /// The records of a kind, whoever's they are, after those of <paramref name="afterOwner"/> up to <paramref name="afterId"/> (null: from the first), in the ordinal order of owner and id, at most
    /// <paramref name="limit"/>. No work grows with records of other kinds.
    /// </summary>
    ValueTask<IReadOnlyList<StoredRecord>> ListRecordsOfAllAsync(string kind, string? afterOwner = null, string? afterId = null, int limit = int.MaxValue);

    /// <summary>The records of a kind, whoever's they are, that are due at <paramref name="until"/> or before (<see cref="PutRecord.Due"/>), the longest due first, at most <paramref name="limit"/>: no work grows with those that are not.</summary>
    ValueTask<IReadOnlyList<StoredRecord>> ListDueRecordsAsync(string kind, Instant until, int limit = int.MaxValue);

    /// <summary>
    /// The lines of a log with a number after <paramref name="after"/>, oldest first, at most <paramref name="limit"/>; with <paramref name="subject"/> only those about it. No more is read than is
    /// returned.
    /// </summary>
    ValueTask<IReadOnlyList<LogLine>> ListLinesAsync(string log, string owner, long after = 0, int limit = int.MaxValue, string? subject = null);

    /// <summary>Every log there is.</summary>
    ValueTask<IReadOnlyList<LogHead>> ListLogsAsync();

    /// <summary>The same from the end: the lines with a number before <paramref name="before"/>, newest first.</summary>
    ValueTask<IReadOnlyList<LogLine>> ListLastLinesAsync(string log, string owner, long before = long.MaxValue, int limit = int.MaxValue, string? subject = null);
}
