using NodaTime;

namespace Calendaring.Store;

/// <summary>What must be so about an object for an operation to go ahead.</summary>
/// <param name="Kind">The condition.</param>
/// <param name="ETag">The ETag, without quotes, for <see cref="ExpectationKind.ETag"/>.</param>
public readonly record struct Expectation(ExpectationKind Kind, string? ETag = null)
{
    /// <summary>Nothing is asked.</summary>
    public static Expectation Any => default;

    /// <summary>No such object may exist, published or not.</summary>
    public static Expectation Absent => new(ExpectationKind.Absent);

    /// <summary>The object must exist.</summary>
    public static Expectation Present => new(ExpectationKind.Present);

    /// <summary>The object must exist with this ETag.</summary>
    public static Expectation Matches(string etag) => new(ExpectationKind.ETag, etag);

    /// <summary>The object must exist and be at this change number: bytes, details and publication are all as they were read.</summary>
    public static Expectation AtChange(long change) => new(ExpectationKind.Change, change.ToString(System.Globalization.CultureInfo.InvariantCulture));
}

/// <summary>The kinds of <see cref="Expectation"/>.</summary>
public enum ExpectationKind
{
    /// <summary>Nothing is asked.</summary>
    Any,

    /// <summary>No such object may exist.</summary>
    Absent,

    /// <summary>The object must exist.</summary>
    Present,

    /// <summary>The object must exist with the given ETag.</summary>
    ETag,

    /// <summary>The object must exist and be at the given change number.</summary>
    Change,
}

/// <summary>One step of a <see cref="StoreBatch"/>.</summary>
public abstract record StoreOperation;

/// <summary>Makes a principal. Fails with <see cref="StoreFailureKind.Exists"/> when its id or login is taken.</summary>
public sealed record CreatePrincipal(Principal Principal) : StoreOperation;

/// <summary>Replaces a principal's row (same id). Fails with NotFound, or Exists when the login is another's.</summary>
public sealed record UpdatePrincipal(Principal Principal) : StoreOperation;

/// <summary>Takes a principal's access away, or gives it back (null), and changes nothing else of its row. Fails with NotFound.</summary>
public sealed record SetDeactivated(string PrincipalId, Instant? Deactivated) : StoreOperation;

/// <summary>Gives a principal another display name and e-mail address, and changes nothing else of its row. Fails with NotFound.</summary>
public sealed record RenamePrincipal(string PrincipalId, string DisplayName, string? Email) : StoreOperation;

/// <summary>
/// Sets (an element) or removes (null) properties of a resource at a level, and no others: nothing is read or written of those that stay. Each level has its own over those of the levels below, which stay
/// as they are for who sees no more. Fails with NotFound, with Precondition when <paramref name="Expected"/> of a member does not hold, or with Quota.
/// </summary>
/// <param name="Target">The resource.</param>
/// <param name="Level">Whose they are: they are seen from this level on.</param>
/// <param name="Properties">The properties.</param>
/// <param name="Room">How much there may be; null for no limit. What is above it already can still be made less.</param>
/// <param name="Expected">What must be so about a member.</param>
public sealed record SetProperties(
    PropertyTarget Target, int Level, IReadOnlyDictionary<PropertyName, string?> Properties, PropertyRoom? Room = null, Expectation Expected = default) : StoreOperation;

/// <summary>How much properties may take, each counted as the writer's level sees it.</summary>
/// <param name="Count">Properties of one resource.</param>
/// <param name="Bytes">Bytes of the properties of one resource.</param>
/// <param name="BytesOfHome">Bytes of the properties of all resources of a principal.</param>
public sealed record PropertyRoom(int Count, long Bytes, long BytesOfHome);

/// <summary>
/// Changes nothing. Fails with Quota when the batch up to here has made a home hold more than it may, or a practice group's homes together; what is above that already can still be made less. Counted as a
/// level sees it (<see cref="HomeUsage.SeenAt"/>), so that a refusal tells nothing of what is hidden.
/// </summary>
/// <param name="PrincipalId">Whose home.</param>
/// <param name="Level">The writer's level.</param>
/// <param name="Bytes">Bytes that the home may hold; null for no limit.</param>
/// <param name="BytesOfPractice">Bytes that all homes of its practice group may hold; null for no limit.</param>
public sealed record KeepWithin(string PrincipalId, int Level, long? Bytes, long? BytesOfPractice) : StoreOperation;

/// <summary>Makes or replaces an app password.</summary>
/// <param name="Credential">The app password.</param>
/// <param name="OnlyNew">Whether it is only made: fails with Exists when it is there.</param>
public sealed record PutCredential(Credential Credential, bool OnlyNew = false) : StoreOperation;

/// <summary>
/// Changes an app password that is still as <paramref name="Earlier"/> was, its last use aside, which stays as it is stored: of two who change one at the same time neither undoes what the other did.
/// Fails with NotFound when it has been revoked (it is not revived), with Precondition when it was changed meanwhile.
/// </summary>
public sealed record ChangeCredential(Credential Earlier, Credential Credential) : StoreOperation;

/// <summary>Revokes an app password; from the commit on it opens nothing. Fails with NotFound.</summary>
public sealed record DeleteCredential(string PrincipalId, string CredentialId) : StoreOperation;

/// <summary>
/// Makes a collection; <see cref="Collection.Id"/>, <see cref="Collection.Incarnation"/> and <see cref="Collection.Change"/> are given by the store.
/// Fails with Exists when the home has one of that name.
/// </summary>
/// <param name="Collection">The collection.</param>
/// <param name="Described">The properties with which a client makes it, or null; its target is the new collection whatever it says.</param>
public sealed record CreateCollection(Collection Collection, SetProperties? Described = null) : StoreOperation;

/// <summary>
/// Sets (an element) or removes (null) some of the properties that the server itself gives a collection; the others stay as they are at that moment, so that two who change different ones never meet. Fails with NotFound.
/// </summary>
public sealed record UpdateCollection(long CollectionId, IReadOnlyDictionary<PropertyName, string?> Properties) : StoreOperation;

/// <summary>Changes nothing. Fails with Precondition unless the collection is there and still at this change number, its members and properties as they were read.</summary>
public sealed record ExpectCollection(long CollectionId, long Change) : StoreOperation;

/// <summary>Changes nothing. Fails with Precondition unless the home is still at this change number.</summary>
public sealed record ExpectHome(string PrincipalId, long Change) : StoreOperation;

/// <summary>
/// Gives a collection another name in its home. It is a new collection, with a key and an incarnation of its own, and its members keep their names, bytes and ETags: who synced the one of before
/// is told that it is gone, and of each member of the new one. Properties go with it that are seen at <paramref name="Level"/>. Fails with NotFound, or with Exists when the home has one of that name.
/// </summary>
public sealed record MoveCollection(long CollectionId, string Name, int Level = StoreLevels.Highest) : StoreOperation;

/// <summary>Removes a collection with all its members. Fails with NotFound.</summary>
public sealed record DeleteCollection(long CollectionId) : StoreOperation;

/// <summary>
/// Stores an object. Created is kept when it exists, and so are its properties as long as it is published. Fails with Precondition when <paramref name="Expected"/> does not hold, with
/// UidConflict when another object of the collection has the UID (RFC 4791 §5.3.2.1 no-uid-conflict), with NotFound when the collection is gone.
/// </summary>
public sealed record PutObject(
    long CollectionId,
    string Name,
    ReadOnlyMemory<byte> Bytes,
    ObjectIndex Index,
    Expectation Expected = default,
    bool Published = true,
    ReadOnlyMemory<byte>? Details = null,
    int Level = StoreLevels.Highest,
    string? ScheduleTag = null) : StoreOperation;

/// <summary>Removes an object and leaves a tombstone. Fails with NotFound or Precondition.</summary>
public sealed record DeleteObject(long CollectionId, string Name, Expectation Expected = default) : StoreOperation;

/// <summary>Makes or replaces a record. With <paramref name="ExpectedVersion"/>, only when it is still at that version (0: when it does not exist).</summary>
public sealed record PutRecord(string Kind, string Owner, string Id, ReadOnlyMemory<byte> Document, long? ExpectedVersion = null) : StoreOperation
{
    /// <summary>When a worker has something to do with it (<see cref="IStoreSnapshot.ListDueRecordsAsync"/>), to 100 ns; null for never.</summary>
    public Instant? Due { get; init; }
}

/// <summary>Changes nothing. Fails with Precondition unless a record is at this version (0: does not exist): what was decided on it still holds.</summary>
public sealed record ExpectRecord(string Kind, string Owner, string Id, long Version) : StoreOperation;

/// <summary>Removes a record. Fails with NotFound, or Precondition when it is at another version.</summary>
public sealed record DeleteRecord(string Kind, string Owner, string Id, long? ExpectedVersion = null) : StoreOperation;

/// <summary>
/// Appends a line to a log of an owner; its number and hash are given by the store (<see cref="LogLine"/>). Fails with Precondition when the document looks like a <see cref="LogStatement"/>. Those who append to one log at the same time never fail for each other.
/// </summary>
/// <param name="Log">Which log.</param>
/// <param name="Owner">Whose.</param>
/// <param name="Document">The document.</param>
/// <param name="Subject">What the line is about, or null: lines can be listed by it. Not part of the hash: what it says the document says too.</param>
public sealed record AppendLine(string Log, string Owner, ReadOnlyMemory<byte> Document, string? Subject = null) : StoreOperation;

/// <summary>Changes nothing. Fails with Precondition unless the last line of a log has this number (0: unless it has none): what was decided on what was read still holds.</summary>
public sealed record ExpectLine(string Log, string Owner, long Number) : StoreOperation;

/// <summary>
/// Erases the documents and subjects of a log's lines, or of those with a subject; nothing else can. Numbers, digests and hashes stay, so that the chain can still be verified, and a line of its own
/// names the numbers (<see cref="LogStatement"/>).
/// </summary>
public sealed record EraseLines(string Log, string Owner, string? Subject = null) : StoreOperation;

/// <summary>
/// Removes a principal with all that is theirs: home, calendars, objects, app passwords, the records they own or are the subject of, and those whose owner begins with their id and a slash. The lines of their logs, and those about them, are erased; so are
/// the lines of <paramref name="MentionedIn"/> whose document names their id, or, where it has no id of a person, their name or a former one that nobody else of the practice has now. Their logs stay, under a random owner. Fails with NotFound. <see cref="IStoreMaintenance.PurgeDeletedAsync"/> takes the bytes out of the file.
/// </summary>
public sealed record ErasePrincipal(string PrincipalId, IReadOnlyList<string> MentionedIn, IReadOnlyList<string>? FormerNames = null) : StoreOperation;

/// <summary>Operations that happen together or not at all, in order: one write is one atomic, durable transaction.</summary>
/// <param name="Operations">The steps; later ones see earlier ones.</param>
public sealed record StoreBatch(IReadOnlyList<StoreOperation> Operations)
{
    /// <summary>A batch of the given steps.</summary>
    public static StoreBatch Of(params StoreOperation[] operations) => new(operations);
}

/// <summary>Why a batch was not applied.</summary>
public enum StoreFailureKind
{
    /// <summary>What was to be made is there already.</summary>
    Exists,

    /// <summary>What was to be changed is not there.</summary>
    NotFound,

    /// <summary>An expectation does not hold.</summary>
    Precondition,

    /// <summary>Another object of the collection has the UID.</summary>
    UidConflict,

    /// <summary>A limit of <see cref="StoreFailure.Limit"/> is reached (507).</summary>
    Quota,

    /// <summary>The disk is full: nothing was written (507).</summary>
    NoSpace,

    /// <summary>The disk is read-only or failing: nothing was written (503).</summary>
    Unavailable,

    /// <summary>Too many read at once: a snapshot was waited for in vain (503, again in a moment).</summary>
    Busy,
}

/// <summary>Why and where a batch failed.</summary>
/// <param name="Kind">Why.</param>
/// <param name="Operation">Zero-based number of the step that failed.</param>
/// <param name="ConflictingName">For UidConflict: the path segment of the object that has the UID.</param>
/// <param name="Code">The database's own result code, or null when it was not the database that failed.</param>
/// <param name="Limit">For Quota: which limit.</param>
public sealed record StoreFailure(StoreFailureKind Kind, int Operation, string? ConflictingName = null, int? Code = null, StoreLimit Limit = StoreLimit.None);

/// <summary>The limits that a batch may reach.</summary>
public enum StoreLimit
{
    /// <summary>None.</summary>
    None,

    /// <summary>How much a home may hold.</summary>
    Home,

    /// <summary>How much the homes of a practice group may hold.</summary>
    Practice,

    /// <summary>How many properties a resource may have.</summary>
    PropertyCount,

    /// <summary>Bytes of the properties of a resource.</summary>
    PropertyBytes,

    /// <summary>Bytes of the properties of all resources of a principal.</summary>
    PropertyBytesOfHome,
}

/// <summary>What a put object came to.</summary>
/// <param name="Created">Whether it was new.</param>
/// <param name="Row">The row as stored.</param>
public sealed record PutOutcome(bool Created, ObjectRow Row);

/// <summary>The end of a batch.</summary>
/// <param name="Failure">Null when every step was applied and is on the disk.</param>
/// <param name="Puts">One for each <see cref="PutObject"/>, in order; empty on failure.</param>
/// <param name="Collections">One for each <see cref="CreateCollection"/>, in order, as stored; empty on failure.</param>
public sealed record BatchOutcome(StoreFailure? Failure, IReadOnlyList<PutOutcome> Puts, IReadOnlyList<Collection> Collections)
{
    /// <summary>Whether the batch was applied.</summary>
    public bool Succeeded => Failure is null;
}

/// <summary>Told after each commit that touched a home: a hint, never the truth.</summary>
/// <param name="PrincipalId">Whose home.</param>
/// <param name="CollectionId">The collection changed.</param>
/// <param name="Change">Its new change number.</param>
public readonly record struct ChangeNotice(string PrincipalId, long CollectionId, long Change);

/// <summary>When and from where an app password was last used. Kept in memory and written within a minute: losing one loses nothing.</summary>
public readonly record struct CredentialUse(string PrincipalId, string CredentialId, Instant At, string? Address, string? UserAgent);
