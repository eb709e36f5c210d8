using NodaTime;

namespace Calendaring.ICalendar;

/// <summary>
/// A DURATION value (RFC 5545 §3.3.6). Weeks and days are nominal (they keep the local time across a change of offset), hours to seconds are exact.
/// </summary>
/// <param name="Days">Nominal days; a week is seven. Negative in a negative duration.</param>
/// <param name="Seconds">Exact seconds; negative in a negative duration.</param>
public readonly record struct CalendarDuration(int Days, long Seconds)
{
    /// <summary>The instant that lies this duration after a local time in a zone.</summary>
    public Instant After(LocalDateTime local, DateTimeZone zone) => throw new NotImplementedException();
}

/// <summary>A PERIOD value (RFC 5545 §3.3.9): a start and either an end or a duration.</summary>
/// <param name="Start">The start.</param>
/// <param name="End">The end, or null.</param>
/// <param name="Duration">The duration, or null.</param>
public readonly record struct CalendarPeriod(CalendarTime Start, CalendarTime? End, CalendarDuration? Duration);
