using Calendaring.Recurrence;
using NodaTime;
using Practice.Appointments;

namespace Practice.Diaries;

/// <summary>A patient appointment to book.</summary>
/// <param name="Patients">At least one.</param>
/// <param name="Type">The appointment type.</param>
/// <param name="Start">Local time in the practice group's zone.</param>
/// <param name="Length">How long.</param>
public sealed record Booking(IReadOnlyList<Patient> Patients, string Type, LocalDateTime Start, Duration Length)
{
    /// <summary>Whether the second is meant of a start that the clocks show twice, when they go back.</summary>
    public bool Later { get; init; }

    /// <summary>Location, or null.</summary>
    public string? Location { get; init; }

    /// <summary>Comments, or null.</summary>
    public string? Comments { get; init; }

    /// <summary>How it repeats, or null. An UNTIL that is a DATE is the whole of that day.</summary>
    public RecurrenceRule? Repeat { get; init; }

    /// <summary>Whether the patient booked it online.</summary>
    public bool OnlineBooking { get; init; }

    /// <summary>The fee, or null.</summary>
    public decimal? Fee { get; init; }
}

/// <summary>A personal appointment to add.</summary>
/// <param name="Title">The title.</param>
/// <param name="Start">Local time in the practice group's zone; in an all-day appointment its time does not count.</param>
/// <param name="Length">How long; whole days in an all-day appointment.</param>
public sealed record PersonalEntry(string Title, LocalDateTime Start, Duration Length)
{
    /// <summary>Whole days.</summary>
    public bool AllDay { get; init; }

    /// <summary>Whether the second is meant of a start that the clocks show twice, when they go back.</summary>
    public bool Later { get; init; }

    /// <summary>Location, or null.</summary>
    public string? Location { get; init; }

    /// <summary>Comments, or null.</summary>
    public string? Comments { get; init; }

    /// <summary>Colour: a name of CSS, so that calendar apps know it too (RFC 7986 §5.9); or null.</summary>
    public string? Colour { get; init; }

    /// <summary>How it repeats, or null. An UNTIL that is a DATE is the whole of that day.</summary>
    public RecurrenceRule? Repeat { get; init; }
}

/// <summary>What to change of an appointment. Null leaves as it is; an empty text takes away.</summary>
public sealed record AppointmentEdit
{
    /// <summary>New start: local time in the practice group's zone.</summary>
    public LocalDateTime? Start { get; init; }

    /// <summary>Whether the second is meant of a start that the clocks show twice, when they go back; null for the one that it is now.</summary>
    public bool? Later { get; init; }

    /// <summary>Whether it takes whole days from now on, or a part of one, and then it needs a start and a length; null as it is.</summary>
    public bool? AllDay { get; init; }

    /// <summary>New length.</summary>
    public Duration? Length { get; init; }

    /// <summary>New title; personal appointments only.</summary>
    public string? Title { get; init; }

    /// <summary>New location.</summary>
    public string? Location { get; init; }

    /// <summary>New comments.</summary>
    public string? Comments { get; init; }

    /// <summary>New colour, a name of CSS; personal appointments only.</summary>
    public string? Colour { get; init; }

    /// <summary>New patients; not for one occurrence of a series.</summary>
    public IReadOnlyList<Patient>? Patients { get; init; }

    /// <summary>New appointment type; not for one occurrence of a series.</summary>
    public string? Type { get; init; }

    /// <summary>New fee; not for one occurrence of a series.</summary>
    public decimal? Fee { get; init; }

    /// <summary>Whether the fee is taken away; not for one occurrence of a series.</summary>
    public bool WithoutFee { get; init; }

    /// <summary>New status; cancelling has its own method.</summary>
    public AppointmentStatus? Status { get; init; }

    /// <summary>How it repeats from now on; not for one occurrence. An UNTIL that is a DATE is the whole of that day.</summary>
    public RecurrenceRule? Repeat { get; init; }

    /// <summary>Whether the occurrence that is edited is the last of its series; not for one occurrence.</summary>
    public bool StopsRepeating { get; init; }
}

/// <summary>Which appointment is meant, and optionally which version of it.</summary>
/// <param name="Id">The UID.</param>
/// <param name="Occurrence">The occurrence of a series, as <see cref="Appointment.Occurrence"/> has it; null for the whole.</param>
/// <param name="Version">The version that must be current, or null for any.</param>
public sealed record AppointmentTarget(string Id, LocalDateTime? Occurrence = null, string? Version = null);

/// <summary>How much of a series is meant.</summary>
public enum SeriesScope
{
    /// <summary>The whole series.</summary>
    All,

    /// <summary>One occurrence.</summary>
    ThisOne,

    /// <summary>An occurrence and all after it.</summary>
    ThisAndFollowing,
}

/// <summary>The four choices when an appointment is cancelled (docs/rules.md A4).</summary>
public enum CancelChoice
{
    /// <summary>It is cancelled; the record stays.</summary>
    Cancel,

    /// <summary>It is cancelled, and its invoice is deleted.</summary>
    CancelAndDeleteInvoice,

    /// <summary>The patient did not attend.</summary>
    NonAttendance,

    /// <summary>It is deleted for good.</summary>
    Delete,
}

/// <summary>Why the diary does not do what was asked.</summary>
public enum DiaryFault
{
    /// <summary>What was asked makes no sense.</summary>
    Invalid,

    /// <summary>There is no such appointment or occurrence.</summary>
    NotFound,

    /// <summary>It does not fit what the appointment is now.</summary>
    Conflict,

    /// <summary>The version asked for is not current.</summary>
    Stale,

    /// <summary>The disk is full.</summary>
    NoSpace,

    /// <summary>The disk cannot be written.</summary>
    Unavailable,

    /// <summary>It would be more than is read at once.</summary>
    TooMuch,
}

/// <summary>The diary does not do what was asked; the message is a sentence for the person.</summary>
public sealed class DiaryException(DiaryFault fault, string message) : Exception(message)
{
    /// <summary>Why.</summary>
    public DiaryFault Fault { get; } = fault;
}
