using NodaTime;

namespace Calendaring.Store;

/// <summary>What a principal may be (docs/rules.md R9).</summary>
public enum PrincipalRole
{
    /// <summary>Has an HX_ calendar and a diary.</summary>
    Practitioner,

    /// <summary>Runs a practice group; has no HX_ calendar.</summary>
    Administrator,

    /// <summary>Has ordinary calendars only.</summary>
    User,
}

/// <summary>Somebody who can sign in and own collections (RFC 3744 §2).</summary>
/// <param name="Id">Opaque path segment, unique, never an e-mail address unless it was given so at import.</param>
/// <param name="Login">Normalised login name: Unicode NFC, lower case; unique.</param>
/// <param name="DisplayName">What others see.</param>
/// <param name="Email">Calendar user address without <c>mailto:</c>, or null.</param>
/// <param name="Role">What the principal may be.</param>
/// <param name="PracticeId">The practice group it belongs to, or null.</param>
public sealed record Principal(
    string Id,
    string Login,
    string DisplayName,
    string? Email,
    PrincipalRole Role,
    string? PracticeId)
{
    /// <summary>When the principal's access was taken away; null while they may come in. What they own stays.</summary>
    public Instant? Deactivated { get; init; }
}

/// <summary>The resources that every principal has.</summary>
public enum PrincipalPart
{
    /// <summary>The principal resource itself.</summary>
    Principal,

    /// <summary>Its calendar home.</summary>
    Home,

    /// <summary>Its scheduling inbox.</summary>
    Inbox,

    /// <summary>Its scheduling outbox.</summary>
    Outbox,
}

/// <summary>How the secret of a <see cref="Credential"/> is kept.</summary>
public enum SecretKind
{
    /// <summary>SHA-256 of a generated secret of at least 128 random bits.</summary>
    Sha256,

    /// <summary>A salted, slow hash: for a password that somebody chose.</summary>
    Slow,
}

/// <summary>An app password of one device. The secret itself is never stored.</summary>
/// <param name="Id">Opaque and unique.</param>
/// <param name="PrincipalId">Whose it is.</param>
/// <param name="Label">What the person called the device.</param>
/// <param name="SecretKind">How <paramref name="SecretHash"/> was made.</param>
/// <param name="SecretHash">The hash.</param>
/// <param name="ReadOnly">Whether writes are refused.</param>
/// <param name="PrivacyLevel">The privacy level's name (docs/rules.md P1); its meaning is known to Practice.</param>
/// <param name="Created">When it was made.</param>
/// <param name="LastUsed">Last successful use, or null; may lag by a minute.</param>
/// <param name="LastAddress">Remote address of the last use, or null.</param>
/// <param name="LastUserAgent">User agent of the last use, or null.</param>
public sealed record Credential(
    string Id,
    string PrincipalId,
    string Label,
    SecretKind SecretKind,
    string SecretHash,
    bool ReadOnly,
    string PrivacyLevel,
    Instant Created,
    Instant? LastUsed = null,
    string? LastAddress = null,
    string? LastUserAgent = null);

/// <summary>What a collection under a calendar home is.</summary>
public enum CollectionKind
{
    /// <summary>An ordinary calendar, made by a client or at the start.</summary>
    Calendar,

    /// <summary>The practitioner's HX_ calendar: its objects are the appointments of the diary.</summary>
    Hx,
}

/// <summary>A collection directly under a calendar home.</summary>
/// <param name="Id">Store-wide key; never seen by clients. 0 before it is stored.</param>
/// <param name="PrincipalId">Whose home it is in.</param>
/// <param name="Name">Path segment, decoded.</param>
/// <param name="Kind">What it is.</param>
/// <param name="Components">Component types it takes, e.g. <c>VEVENT</c>; upper case.</param>
/// <param name="Incarnation">Random at creation: a sync token of an earlier collection of the same name is not valid.</param>
/// <param name="Change">The home's change number at the last change to this collection, its members or its properties.</param>
/// <param name="Created">When it was made.</param>
/// <param name="Properties">Properties that the server itself has set, e.g. the name of an HX_ calendar. Those of clients lie over them: <see cref="IStoreSnapshot.ReadPropertiesAsync"/>.</param>
/// <param name="DescribedAt">The home's change number when it was made or its properties last changed, whatever its members did since. Given by the store.</param>
/// <param name="ReplacedAt">The change number at which an earlier collection of the same name was removed, or 0. Given by the store.</param>
public sealed record Collection(
    long Id,
    string PrincipalId,
    string Name,
    CollectionKind Kind,
    IReadOnlyList<string> Components,
    string Incarnation,
    long Change,
    Instant Created,
    PropertyBag Properties,
    long DescribedAt = 0,
    long ReplacedAt = 0)
{
    /// <summary>When it, its members or its properties last changed, removals included. Given by the store.</summary>
    public Instant Modified { get; init; }
}

/// <summary>A calendar home as a sync sees it.</summary>
/// <param name="Incarnation">Random at creation: a sync token of another home, or of one in another store, is not valid.</param>
/// <param name="Change">Its change number: it goes up with each change to any of its collections or their members.</param>
/// <param name="OldestSync">The oldest change number from which the removals of its collections are all known.</param>
public readonly record struct HomeState(string Incarnation, long Change, long OldestSync);

/// <summary>A collection that has been removed from a home, and whose name has not been used again.</summary>
/// <param name="Name">Its path segment.</param>
/// <param name="Change">The change number of the removal.</param>
public readonly record struct RemovedCollection(string Name, long Change);

/// <summary>What is indexed of a calendar object.</summary>
/// <param name="Uid">The UID property.</param>
/// <param name="Component">The component type, e.g. <c>VEVENT</c>.</param>
/// <param name="Start">
/// No occurrence starts before this instant. Floating and all-day values are widened by the largest possible offset, so that it holds in every zone.
/// Null when nothing is known (an object without times): the object may match any time range.
/// </param>
/// <param name="End">No occurrence ends after this instant; null when open-ended or unknown.</param>
/// <param name="Recurring">Whether the object has RRULE, RDATE or overrides.</param>
public sealed record ObjectIndex(string Uid, string Component, Instant? Start, Instant? End, bool Recurring);

/// <summary>A calendar object resource without its bytes.</summary>
/// <param name="CollectionId">The collection it is in.</param>
/// <param name="Name">Path segment, decoded, as the client gave it.</param>
/// <param name="ETag">Strong, made from the bytes, without quotes.</param>
/// <param name="Size">Bytes.</param>
/// <param name="Index">What is indexed.</param>
/// <param name="Published">
/// Whether it is served outside. An unpublished object exists in the diary only: to a client it is not there, and in a sync report it counts as removed.
/// </param>
/// <param name="Change">The home's change number at its last change.</param>
/// <param name="ScheduleTag">RFC 6638 §3.2.10, or null.</param>
/// <param name="Details">What Practice keeps with the object (JSON), or null. Opaque to the store and never served.</param>
/// <param name="Level">The level from which on it is shown as it is stored (<see cref="StoreLevels"/>).</param>
/// <param name="Created">When it was first stored.</param>
/// <param name="Modified">When it was last stored.</param>
public sealed record ObjectRow(
    long CollectionId,
    string Name,
    string ETag,
    int Size,
    ObjectIndex Index,
    bool Published,
    long Change,
    string? ScheduleTag,
    ReadOnlyMemory<byte>? Details,
    int Level,
    Instant Created,
    Instant Modified);

/// <summary>A calendar object resource with its bytes, as the client sent them.</summary>
/// <param name="Row">Everything else.</param>
/// <param name="Bytes">The bytes. Verified against the row's ETag when read from the disk.</param>
public sealed record StoredObject(ObjectRow Row, ReadOnlyMemory<byte> Bytes);

/// <summary>One entry of the changes to a home or collection, oldest first.</summary>
/// <param name="CollectionId">The collection.</param>
/// <param name="Name">The member's path segment.</param>
/// <param name="Change">The change number; a sync may be continued from it.</param>
/// <param name="Row">The member as it is now, or null when it has been removed.</param>
public readonly record struct ChangeEntry(long CollectionId, string Name, long Change, ObjectRow? Row);

/// <summary>A document of a higher layer: practice groups, subscriptions, ledgers, links, audit.</summary>
/// <param name="Kind">E.g. <c>practice</c>.</param>
/// <param name="Owner">Whose it is: a principal's or practice group's id.</param>
/// <param name="Id">Unique for kind and owner; records are listed in its ordinal order.</param>
/// <param name="Version">Goes up with each change; 0 before it is stored.</param>
/// <param name="Document">The document (JSON), opaque to the store.</param>
public sealed record StoredRecord(string Kind, string Owner, string Id, long Version, ReadOnlyMemory<byte> Document)
{
    /// <summary>When a worker has something to do with it; null for never.</summary>
    public Instant? Due { get; init; }
}
