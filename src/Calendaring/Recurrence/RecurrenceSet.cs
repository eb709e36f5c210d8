using Calendaring.ICalendar;
using Calendaring.TimeZones;
using NodaTime;

namespace Calendaring.Recurrence;

/// <summary>One occurrence of a component.</summary>
/// <param name="Component">The override that describes it, or the master.</param>
/// <param name="RecurrenceId">
/// Where the rule put it, in the form of the master's DTSTART; null for a component that does not recur.
/// </param>
/// <param name="StartTime">Its start as it would be written: in the form of the component's own DTSTART. For a VTODO without DTSTART its DUE.</param>
/// <param name="Start">Start as an instant.</param>
/// <param name="End">End as an instant (exclusive), never before <paramref name="Start"/>.</param>
public readonly record struct Occurrence(Component Component, CalendarTime? RecurrenceId, CalendarTime StartTime, Instant Start, Instant End);

/// <summary>
/// All occurrences of a calendar object: DTSTART, RRULE, RDATE, EXDATE, overrides (RECURRENCE-ID in any form) and RANGE=THISANDFUTURE (RFC 5545 §3.8.5, §3.8.4.4).
/// VEVENT, VTODO and VJOURNAL alike.
/// </summary>
public sealed class RecurrenceSet
{
    /// <summary>The occurrences of the components in an object that share a UID: a master, overrides, or overrides alone.</summary>
    public static RecurrenceSet Of(CalendarObject calendarObject, ZoneResolver zones) => throw new NotImplementedException();

    /// <summary>The master component, or null when the object has overrides only.</summary>
    public Component? Master => throw new NotImplementedException();

    /// <summary>Whether there is more than the one occurrence that DTSTART gives.</summary>
    public bool Recurring => throw new NotImplementedException();

    /// <summary>
    /// The occurrences that overlap [from, until) as RFC 4791 §9.9 has it for the component type, in order of start. A zero-length occurrence counts when it starts in
    /// the window.
    /// </summary>
    public IEnumerable<Occurrence> Between(Instant from, Instant until, ExpansionBudget budget) => throw new NotImplementedException();

    /// <summary>The earliest start and the latest end of all occurrences; the end is null when the set is open-ended or the budget did not reach its end.</summary>
    public (Instant? Start, Instant? End) Bounds(ExpansionBudget budget) => throw new NotImplementedException();
}
