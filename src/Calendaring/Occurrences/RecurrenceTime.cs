namespace Calendaring.Occurrences;

/// <summary>One member of a recurrence set, before overrides: where DTSTART, RRULE or RDATE put it.</summary>
/// <param name="Local">Local seconds in the zone of DTSTART.</param>
/// <param name="Instant">Seconds since 1970.</param>
/// <param name="End">The end that an RDATE period gives it, in seconds since 1970; null when it lasts as long as every other.</param>
internal readonly record struct RecurrenceTime(long Local, long Instant, long? End = null);
