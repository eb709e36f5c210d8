using System.Text.Json.Serialization;
using NodaTime;

namespace Practice.Appointments;

/// <summary>What the diary keeps of one occurrence of a series.</summary>
/// <param name="Key">Where the rule puts it: local time in the series' zone, midnight in an all-day series.</param>
public sealed record OccurrenceRecord(LocalDateTime Key)
{
    /// <summary>Its own status, or null for the series'.</summary>
    public AppointmentStatus? Status { get; init; }

    /// <summary>The invoice linked to this occurrence, or null.</summary>
    public string? Invoice { get; init; }

    /// <summary>The clinical note linked to this occurrence, or null.</summary>
    public string? Note { get; init; }

    /// <summary>Whether it has been taken out of the calendar object: cancelled, or removed outside and kept here.</summary>
    public bool Removed { get; init; }

    /// <summary>Start when it was removed: local time in the series' zone.</summary>
    public LocalDateTime? Start { get; init; }

    /// <summary>Whether that start is the later of two that the clocks show alike.</summary>
    public bool StartsLater { get; init; }

    /// <summary>End when it was removed: local time in the series' zone.</summary>
    public LocalDateTime? End { get; init; }

    /// <summary>Whether that end is the later of two that the clocks show alike.</summary>
    public bool EndsLater { get; init; }

    /// <summary>The override that described it when it was removed, as iCalendar; null when the master did.</summary>
    public string? Override { get; init; }

    /// <summary>Why it was kept, or null.</summary>
    public KeptInDiary? Kept { get; init; }

    /// <summary>Whether it was cancelled by a removal outside, so that it comes back when it is put back there.</summary>
    public bool RemovedOutside { get; init; }

    /// <summary>Whether it may not be lost by a removal outside (R6).</summary>
    [JsonIgnore]
    public bool Protected => Invoice is not null || Note is not null;
}
