using Calendaring.Recurrence;
using NodaTime;
using Practice.Appointments;

namespace Practice.Diaries;

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

    /// <summary>Whether only its owner is to see what it says (docs/rules.md P5, P9); personal appointments only.</summary>
    public bool? Private { get; init; }

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
