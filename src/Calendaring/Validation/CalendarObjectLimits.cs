using Calendaring.ICalendar;
using NodaTime;

namespace Calendaring.Validation;

/// <summary>Limits of what a calendar object says, beside those of its bytes (<see cref="ICalendarLimits"/>).</summary>
/// <param name="MaxAttendeesPerInstance">ATTENDEE lines of one component; advertised as <c>max-attendees-per-instance</c> (RFC 4791 §5.2.9).</param>
/// <param name="MaxInstances">
/// Occurrences written out: overrides and RDATE values. Those of a rule are not counted, an endless rule is legal; therefore it is not to be advertised as
/// <c>max-instances</c> (RFC 4791 §5.2.8), which would forbid endless rules.
/// </param>
/// <param name="MinDateTime">
/// No start, end, due date, recurrence date, completion, busy time or time of an alarm may be earlier; advertised as <c>min-date-time</c> (RFC 4791 §5.2.6). Local values are compared by their fields.
/// </param>
/// <param name="MaxDateTime">None may be later; advertised as <c>max-date-time</c> (RFC 4791 §5.2.7). UNTIL is not one of them: "until 9999" is how some say endless.</param>
public sealed record CalendarObjectLimits(int MaxAttendeesPerInstance, int MaxInstances, Instant MinDateTime, Instant MaxDateTime)
{
    /// <summary>
    /// What is used unless something else is said. Apple writes birthdays without a year into 1604; the year 3000 leaves every sum of a time, a duration and an offset
    /// within what the calendar can count.
    /// </summary>
    public static CalendarObjectLimits Default { get; } = new(500, 5_000, Instant.FromUtc(1600, 1, 1, 0, 0), Instant.FromUtc(2999, 12, 31, 23, 59, 59));
}
