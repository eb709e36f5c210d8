using Calendaring.Recurrence;
using NodaTime;

namespace Practice.Diaries;

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

    /// <summary>Whether only its owner is to see what it says (docs/rules.md P5, P9).</summary>
    public bool Private { get; init; }

    /// <summary>How it repeats, or null. An UNTIL that is a DATE is the whole of that day.</summary>
    public RecurrenceRule? Repeat { get; init; }
}
