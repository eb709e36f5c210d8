using NodaTime;

namespace Calendaring.Store;

/// <summary>A calendar object resource without its bytes.</summary>
/// <param name="CollectionId">The collection it is in.</param>
/// <param name="Name">Path segment, decoded, as the client gave it.</param>
/// <param name="ETag">Strong, made from the bytes, without quotes.</param>
/// <param name="Size">Bytes.</param>
/// <param name="Index">What is indexed.</param>
/// <param name="Published">
/// Whether it is served outside. An unpublished object is kept on the server only: to a client it is not there, and in a sync report it counts as removed.
/// </param>
/// <param name="Change">The home's change number at its last change.</param>
/// <param name="ScheduleTag">RFC 6638 §3.2.10, or null.</param>
/// <param name="Details">What the layer above keeps with the object, or null.</param>
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
    ObjectDetails? Details,
    int Level,
    Instant Created,
    Instant Modified);
