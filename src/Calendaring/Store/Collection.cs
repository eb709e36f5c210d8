using NodaTime;

namespace Calendaring.Store;

/// <summary>A collection directly under a calendar home.</summary>
/// <param name="Id">Store-wide key; never seen by clients. 0 before it is stored.</param>
/// <param name="PrincipalId">Whose home it is in.</param>
/// <param name="Name">Path segment, decoded.</param>
/// <param name="Kind">What it is: <see cref="OrdinaryKind"/>, or another number of the layer above.</param>
/// <param name="Components">Component types it takes, e.g. <c>VEVENT</c>; upper case.</param>
/// <param name="Incarnation">Random at creation: a sync token of an earlier collection of the same name is not valid.</param>
/// <param name="Change">The home's change number at the last change to this collection, its members or its properties.</param>
/// <param name="Created">When it was made.</param>
/// <param name="Properties">Properties that the server itself has set, e.g. its name at the start. Those of clients lie over them: <see cref="IStoreSnapshot.ReadPropertiesAsync"/>.</param>
/// <param name="DescribedAt">The home's change number when it was made or its properties last changed, whatever its members did since. Given by the store.</param>
/// <param name="ReplacedAt">The change number at which an earlier collection of the same name was removed, or 0. Given by the store.</param>
public sealed record Collection(
    long Id,
    string PrincipalId,
    string Name,
    int Kind,
    IReadOnlyList<string> Components,
    string Incarnation,
    long Change,
    Instant Created,
    PropertyBag Properties,
    long DescribedAt = 0,
    long ReplacedAt = 0)
{
    /// <summary>The kind of an ordinary calendar, made by a client or at the start.</summary>
    public const int OrdinaryKind = 0;

    /// <summary>Whether it is an ordinary calendar: the layer above gives it no meaning of its own.</summary>
    public bool IsOrdinary => Kind == OrdinaryKind;

    /// <summary>When it, its members or its properties last changed, removals included. Given by the store.</summary>
    public Instant Modified { get; init; }
}
