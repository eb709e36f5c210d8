using System.Text.Json;
using System.Text.Json.Serialization;
using Calendaring.Store;
using NodaTime;

namespace Practice.Appointments;

/// <summary>
/// What the diary knows of an appointment beyond its calendar object. A document on the object's row; immutable. What a document does not
/// say is as in a new one: the generated reader hands null to a setter for what it did not find.
/// </summary>
public sealed record AppointmentDetails
{
    /// <summary>Personal or patient. Always written: the row says it as well (<see cref="ObjectDetails.Kind"/>), and a document stands for itself in an export.</summary>
    [JsonPropertyOrder(-1)]
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public AppointmentKind Kind { get; init; }

    /// <summary>The patients; several in a group appointment, none in a personal one.</summary>
    public IReadOnlyList<Patient> Patients { get; init => field = value ?? []; } = [];

    /// <summary>The appointment type, e.g. <c>Standard consultation</c>; null in a personal one.</summary>
    public string? Type { get; init; }

    /// <summary>Where it stands.</summary>
    public AppointmentStatus Status { get; init; }

    /// <summary>The linked invoice, or null.</summary>
    public string? Invoice { get; init; }

    /// <summary>The linked clinical note, or null.</summary>
    public string? Note { get; init; }

    /// <summary>Whether the patient booked it online.</summary>
    public bool OnlineBooking { get; init; }

    /// <summary>The fee in the practice's currency, or null.</summary>
    public decimal? Fee { get; init; }

    /// <summary>Where it was made: <see cref="FromDiary"/>, or the label that a device or link had then.</summary>
    public string Origin { get; init => field = value ?? FromDiary; } = FromDiary;

    /// <summary>The id of the app password or link with which it was made, whatever that is called now; null in the diary's own, and in what was made before ids were noted.</summary>
    public string? OriginId { get; init; }

    /// <summary>What Halaxy calls it; null in what is in this diary only.</summary>
    public string? HalaxyId { get; init; }

    /// <summary>Why it was kept when it was removed outside, or null.</summary>
    public KeptInDiary? Kept { get; init; }

    /// <summary>Whether it was cancelled by a removal outside: put back there, it comes back. What the practice cancelled stays cancelled.</summary>
    public bool RemovedOutside { get; init; }

    /// <summary>When it was cancelled as a whole; null when it is not, and in what was cancelled before this was noted.</summary>
    public Instant? CancelledAt { get; init; }

    /// <summary>
    /// The highest level at which the object was written from outside; null when it was not. For personal appointments.
    /// </summary>
    public PrivacyLevel? WrittenAt { get; init; }

    /// <summary>The id of the app password or link with which it was made private after it was made; null when it is not, or that was done in the diary.</summary>
    public string? MadePrivateBy { get; init; }

    /// <summary>What is known of single occurrences.</summary>
    public IReadOnlyList<OccurrenceRecord> Occurrences { get; init => field = value ?? []; } = [];

    /// <summary>What was written below <see cref="Level"/>, in the order in which it was written.</summary>
    public IReadOnlyList<ClientAddition> Additions { get; init => field = value ?? []; } = [];

    /// <summary>UID of the series that this one continues after a split, or null.</summary>
    public string? Follows { get; init; }

    /// <summary>UID of the series that continues this one, or null.</summary>
    public string? FollowedBy { get; init; }

    /// <summary>The origin of what the diary made.</summary>
    public const string FromDiary = "diary";

    /// <summary>Whether it may not be lost by a removal outside (R6).</summary>
    [JsonIgnore]
    public bool Protected => Invoice is not null || Note is not null;

    /// <summary>Whether the diary made it: a device may be called anything.</summary>
    [JsonIgnore]
    public bool IsFromDiary => OriginId is null && Origin == FromDiary;

    /// <summary>Whether it was made with that app password or link; of what was made before ids were noted, with one of that label.</summary>
    public bool IsFrom(string id, string label) => OriginId is { } known ? known == id : Origin == label;

    /// <summary>Whether what it says is hidden from a link's account when it is private: whoever wrote it there, or made it private there, knows what it says.</summary>
    public bool IsHiddenFrom(string linkId) => OriginId != linkId && MadePrivateBy != linkId;

    /// <summary>Whether it does not take place as a whole.</summary>
    [JsonIgnore]
    public bool IsCancelled => Status is AppointmentStatus.Cancelled or AppointmentStatus.Rejected;

    /// <summary>Whether it is out of the calendar as a whole: cancelled, or removed outside and kept.</summary>
    [JsonIgnore]
    public bool IsWithdrawn => Kept is not null || IsCancelled;

    /// <summary>
    /// The level from which on the object is shown as it is stored (docs/rules.md P6): of a personal appointment that of the device that wrote
    /// it. What the diary made is shown to all.
    /// </summary>
    [JsonIgnore]
    public PrivacyLevel Level =>
        Kind == AppointmentKind.Patient ? PrivacyLevel.FullName : new Authorship { Origin = Origin, WrittenAt = WrittenAt }.Level;

    /// <summary>What is known of an occurrence, or null.</summary>
    public OccurrenceRecord? Occurrence(LocalDateTime key)
    {
        foreach (var occurrence in Occurrences)
        {
            if (occurrence.Key == key) return occurrence;
        }

        return null;
    }

    /// <summary>A copy with the record of an occurrence set.</summary>
    public AppointmentDetails With(OccurrenceRecord occurrence) =>
        this with { Occurrences = [.. Occurrences.Where(other => other.Key != occurrence.Key).Append(occurrence).OrderBy(other => other.Key)] };

    /// <summary>A copy without the record of an occurrence.</summary>
    public AppointmentDetails Without(LocalDateTime key) => this with { Occurrences = [.. Occurrences.Where(other => other.Key != key)] };

    /// <summary>A copy in which the occurrences have moved with their series; what was taken out before a time was over then, and is where it was.</summary>
    internal AppointmentDetails Move(Func<LocalDateTime, LocalDateTime> place, LocalDateTime over) => this with
    {
        Occurrences =
        [
            .. Occurrences.Select(occurrence =>
            {
                var (key, stays) = (place(occurrence.Key), occurrence.Protected || occurrence.End <= over);
                var by = Period.Between(occurrence.Key, key, PeriodUnits.Days | PeriodUnits.Seconds);
                return occurrence with
                {
                    Key = key,
                    Start = occurrence.Start is { } start && !stays ? start + by : occurrence.Start,
                    End = occurrence.End is { } end && !stays ? end + by : occurrence.End,
                };
            }),
        ],
        Additions = [.. Additions.Select(addition => addition with { Place = AdditionPlace.Move(addition.Place, place) })],
    };

    /// <summary>A copy that is in the calendar again: nothing is cancelled or kept as a whole.</summary>
    internal AppointmentDetails Restored() => this with
    {
        Kept = null,
        RemovedOutside = false,
        CancelledAt = null,
        Status = Status is AppointmentStatus.Cancelled or AppointmentStatus.Rejected ? AppointmentStatus.Booked : Status,
        Occurrences = [.. Occurrences.Select(occurrence => occurrence.Removed ? occurrence : occurrence with { Kept = null })],
    };

    /// <summary>Reads a row's document; an object without one is a personal appointment, and nobody knows who wrote it.</summary>
    /// <exception cref="FormatException">The document is damaged.</exception>
    internal static AppointmentDetails Read(ObjectDetails? details)
    {
        if (details is not { Document: { Length: > 0 } document }) return new AppointmentDetails { WrittenAt = PrivacyLevel.FullName };
        try
        {
            return JsonSerializer.Deserialize(document.Span, AppointmentJson.Default.AppointmentDetails) ?? new AppointmentDetails();
        }
        catch (JsonException)
        {
            throw new FormatException("The details of an appointment are damaged.");
        }
    }

    /// <summary>The same; null when it is damaged.</summary>
    internal static AppointmentDetails? TryRead(ObjectDetails? details)
    {
        try
        {
            return Read(details);
        }
        catch (FormatException)
        {
            return null;
        }
    }

    /// <summary>Whether a row is of a patient appointment, without reading its document.</summary>
    internal static bool IsPatient(ObjectDetails? details) => details?.Kind == (int)AppointmentKind.Patient;

    internal ObjectDetails Write() => new((int)Kind, JsonSerializer.SerializeToUtf8Bytes(this, AppointmentJson.Default.AppointmentDetails));
}
