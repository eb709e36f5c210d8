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
