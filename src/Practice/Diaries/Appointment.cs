using NodaTime;
using Practice.Appointments;

namespace Practice.Diaries;

/// <summary>An appointment as the diary shows it: one that does not repeat, or one occurrence of a series.</summary>
/// <param name="Id">The appointment's or series' UID.</param>
/// <param name="Occurrence">Which occurrence: where the rule puts it, local time in the series' zone; null when it does not repeat.</param>
/// <param name="Start">Start; midnight in an all-day appointment.</param>
/// <param name="End">End, exclusive.</param>
public sealed record Appointment(string Id, LocalDateTime? Occurrence, ZonedDateTime Start, ZonedDateTime End)
{
    /// <summary>Personal or patient.</summary>
    public required AppointmentKind Kind { get; init; }

    /// <summary>Where it stands.</summary>
    public required AppointmentStatus Status { get; init; }

    /// <summary>What is shown: the title, or type and patients.</summary>
    public required string Title { get; init; }

    /// <summary>Whole days.</summary>
    public bool AllDay { get; init; }

    /// <summary>The patients.</summary>
    public IReadOnlyList<Patient> Patients { get; init; } = [];

    /// <summary>The appointment type, or null.</summary>
    public string? Type { get; init; }

    /// <summary>Location, or null.</summary>
    public string? Location { get; init; }

    /// <summary>Comments, or null.</summary>
    public string? Comments { get; init; }

    /// <summary>The colour of a personal appointment, a name of CSS (RFC 7986 §5.9), or null.</summary>
    public string? Colour { get; init; }

    /// <summary>The RRULE of its series, or null.</summary>
    public string? Rule { get; init; }

    /// <summary>Whether it was booked online.</summary>
    public bool OnlineBooking { get; init; }

    /// <summary>The fee in the practice's currency, or null.</summary>
    public decimal? Fee { get; init; }

    /// <summary>The linked invoice, or null.</summary>
    public string? Invoice { get; init; }

    /// <summary>Whether an invoice is linked to it, or to any other of its series.</summary>
    public bool SeriesHasInvoice { get; init; }

    /// <summary>Whether its series is out of the calendar as a whole: cancelled, or removed outside and kept.</summary>
    public bool SeriesWithdrawn { get; init; }

    /// <summary>The linked clinical note, or null.</summary>
    public string? Note { get; init; }

    /// <summary>Whether it is served outside.</summary>
    public bool Published { get; init; }

    /// <summary>Why it was kept when it was removed outside, or null.</summary>
    public KeptInDiary? Kept { get; init; }

    /// <summary>Where it was made.</summary>
    public string Origin { get; init; } = AppointmentDetails.FromDiary;

    /// <summary>The id of the app password or link with which it was made; null in the diary's own, and in what was made before ids were noted.</summary>
    public string? OriginId { get; init; }

    /// <summary>What Halaxy calls it; null in what is in this diary only.</summary>
    public string? HalaxyId { get; init; }

    /// <summary>Whether it takes no time: something else may be at the same time.</summary>
    public bool Transparent { get; init; }

    /// <summary>Whether it still takes time: it is not cancelled, and the patient has not stayed away.</summary>
    public bool TakesPlace => Status is not (AppointmentStatus.Cancelled or AppointmentStatus.Rejected or AppointmentStatus.DidNotAttend);

    /// <summary>Whether nothing else is to be at its time: it takes place, and is not marked as free.</summary>
    public bool TakesTime => TakesPlace && !Transparent;

    /// <summary>Whether it is for its owner's eyes: others see only that there is one, and when.</summary>
    public bool Private { get; init; }

    /// <summary>Whether there is something about it that only calendar apps know, such as reminders and invitations: it is lost by a hand-over.</summary>
    public bool AddedByApps { get; init; }

    /// <summary>UID of the series it continues after a split, or null.</summary>
    public string? Follows { get; init; }

    /// <summary>UID of the series that continues it, or null.</summary>
    public string? FollowedBy { get; init; }

    /// <summary>The version of the appointment or series: it changes with every change.</summary>
    public string Version { get; init; } = "";
}
