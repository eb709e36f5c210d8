using Calendaring.ICalendar;
using NodaTime;

namespace ProviderBridge.Sync;

/// <summary>A single event or a series in an outside calendar, as it was answered.</summary>
/// <param name="Id">Its id there.</param>
/// <param name="Version">Names this version, overrides included.</param>
/// <param name="Content">The same as a calendar object, with the properties that are mirrored.</param>
/// <param name="Tag">The UID that a link has noted with it; null where there is none. A copy has it too.</param>
/// <param name="Updated">When it was last changed there, or null.</param>
/// <param name="Raw">The answer itself, for what has to be written back as a whole.</param>
public record OutsideSeries(string Id, string Version, CalendarObject Content, string? Tag, Instant? Updated, string Raw)
{
    /// <summary>Its address as the service writes it, where that does not follow from its id; else null.</summary>
    public string? Address { get; init; }

    /// <summary>Whether its id is one that only the link itself gives: then it is no copy that somebody made of what the link has noted its UID with.</summary>
    public bool IsOurs { get; init; }

    /// <summary>Whether it is as it was made: nobody has changed it since, as far as the service tells. What it says otherwise than it was sent is then what the service made of it, and no edit of its user.</summary>
    public bool IsUntouched { get; init; }

    /// <summary>The UID that another link has noted with it; null where there is none.</summary>
    public string? OfAnotherLink { get; init; }

    /// <summary>The events that it is there in, by their ids, where the service has it in several; each with what it is of the whole. Null where it is one event or series there.</summary>
    public IReadOnlyDictionary<string, string>? Parts { get; init; }

    /// <summary>The id of the whole that this event is noted to be a part of; null where it is by itself. A copy of a part has it too.</summary>
    public string? PartOf { get; init; }

    /// <summary>
    /// Where it is read as what was being asked for when a pass was cut short: the occurrences of which there was nothing before. They were made as asked, so that what they say otherwise is somebody's edit. Null where it is read
    /// as what there was before.
    /// </summary>
    public IReadOnlySet<LocalDateTime>? Made { get; init; }

    /// <summary>The occurrences whose parts somebody has removed since the link knew of them: each is a deletion of its own.</summary>
    public IReadOnlySet<LocalDateTime> Removed { get; init; } = new HashSet<LocalDateTime>();

    /// <summary>Whether parts have still to be made or removed, though nobody has changed anything: time has gone on, or a write was cut short.</summary>
    public bool IsIncomplete { get; init; }
}

/// <summary>What changed in an outside calendar.</summary>
/// <param name="Ids">Events and series that may have changed, removed ones among them.</param>
/// <param name="Cursor">From where to go on.</param>
/// <param name="IsWhole">Whether these are all that there are: what is not among them may be gone.</param>
public sealed record OutsideChanges(IReadOnlyList<string> Ids, string Cursor, bool IsWhole)
{
    /// <summary>The versions of those of which the listing tells all, by id: what is at the version that is known, as our own writes are, is not asked for.</summary>
    public IReadOnlyDictionary<string, string> Versions { get; init; } = new Dictionary<string, string>();

    /// <summary>Those of which the listing itself says that they are gone.</summary>
    public IReadOnlySet<string> Gone { get; init; } = new HashSet<string>();
}

/// <summary>
/// One calendar of an outside account. A provider knows its traps; the engine knows none of them. Every method may throw <see cref="OutsideException"/>, and may have done what it was asked although
/// it throws.
/// </summary>
public interface IOutsideCalendar
{
    /// <summary>What the calendar answers when it is given this, as far as that is known without asking: what it cannot say is not in it.</summary>
    CalendarObject Render(CalendarObject content);

    /// <summary>What changed since a cursor; everything without one, or when the provider has lost it.</summary>
    Task<OutsideChanges> ListChangesAsync(string? cursor, CancellationToken cancellationToken);

    /// <summary>Asks for as little as possible of the calendar itself, and fails where it does not answer. Nothing where no failure is <see cref="OutsideException.MayBeOfOne"/>.</summary>
    Task CheckAnswersAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Reads an event or series. Null only when the provider has said of this one that it is gone.</summary>
    Task<OutsideSeries?> ReadAsync(string id, CancellationToken cancellationToken);

    /// <summary>Reads an event or series of which is known how its address was written.</summary>
    Task<OutsideSeries?> ReadAsync(string id, string? address, CancellationToken cancellationToken) => ReadAsync(id, cancellationToken);

    /// <summary>Reads what the link remembers: what is there in several parts cannot be told without that.</summary>
    Task<OutsideSeries?> ReadAsync(OutsideMemory known, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(known);
        return ReadAsync(known.Id, known.Address, cancellationToken);
    }

    /// <summary>Finds the parts that were made before a pass was cut short, though no answer told of them; null where there are none.</summary>
    Task<OutsideSeries?> FindPartsAsync(OutsideMemory sought, CancellationToken cancellationToken) => Task.FromResult<OutsideSeries?>(null);

    /// <summary>Makes an event or series. Asked again with the same key it makes no second one, and answers with the first.</summary>
    /// <param name="uid">The appointment's UID, noted with it.</param>
    /// <param name="generation">How many of this UID were deleted before.</param>
    /// <param name="content">What it says.</param>
    /// <param name="cancellationToken">Stops it.</param>
    Task<OutsideSeries> CreateAsync(string uid, int generation, CalendarObject content, CancellationToken cancellationToken);

    /// <summary>Makes an event or series say something else; fails with <see cref="OutsideFault.Changed"/> when it is at another version.</summary>
    /// <param name="current">What there is.</param>
    /// <param name="uid">The appointment's UID, noted with it.</param>
    /// <param name="content">What it says then.</param>
    /// <param name="cancellationToken">Stops it.</param>
    Task<OutsideSeries> UpdateAsync(OutsideSeries current, string uid, CalendarObject content, CancellationToken cancellationToken);

    /// <summary>Deletes an event or series; fails with <see cref="OutsideFault.Changed"/> when it is at another version. One that is gone is no failure.</summary>
    Task DeleteAsync(OutsideSeries current, CancellationToken cancellationToken);
}
