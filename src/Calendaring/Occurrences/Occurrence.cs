using Calendaring.ICalendar;
using NodaTime;

namespace Calendaring.Occurrences;

/// <summary>One occurrence of a component.</summary>
/// <param name="Component">The override that describes it, or the master.</param>
/// <param name="RecurrenceId">
/// Where the rule put it, in the form of the master's DTSTART; null for a component that does not recur. Without a master, as the override has it.
/// </param>
/// <param name="StartTime">Its start as it would be written: in the form of the component's own DTSTART. For a VTODO without DTSTART its DUE.</param>
/// <param name="Start">Start as an instant.</param>
/// <param name="End">End as an instant (exclusive), never before <paramref name="Start"/>.</param>
public readonly record struct Occurrence(Component Component, CalendarTime? RecurrenceId, CalendarTime StartTime, Instant Start, Instant End);
