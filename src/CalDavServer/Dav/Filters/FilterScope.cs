using Calendaring.ICalendar;
using Calendaring.Recurrence;
using Calendaring.TimeZones;
using NodaTime;

namespace CalDavServer.Dav.Filters;

/// <summary>One calendar object that a filter is tried on, with what several conditions need of it.</summary>
/// <param name="calendarObject">The object as the caller is shown it.</param>
/// <param name="floating">The zone of floating and all-day times.</param>
/// <param name="budget">What its expansions may cost.</param>
internal sealed class FilterScope(CalendarObject calendarObject, DateTimeZone floating, ExpansionBudget budget)
{
    private RecurrenceSet? _occurrences;

    public Component Calendar => calendarObject.Calendar;

    public ZoneResolver Zones { get; } = new(calendarObject.Calendar, floating);

    public ExpansionBudget Budget => budget;

    /// <summary>
    /// The occurrences in a range made longer by a second at each end: conditions of RFC 4791 §9.9 that include an end can then be tried on them.
    /// </summary>
    public IEnumerable<Occurrence> Occurrences(TimeRange range) => OccurrencesOf(null, range);

    /// <summary>Those of them that one component describes, or all.</summary>
    public IEnumerable<Occurrence> OccurrencesOf(Component? component, TimeRange range)
    {
        _occurrences ??= RecurrenceSet.Of(calendarObject, Zones);
        var wide = range.Widen(Duration.FromSeconds(1), Duration.FromSeconds(1));
        return _occurrences.Between(wide.Start, wide.End, budget, component);
    }

    /// <summary>Whether a component describes more than one occurrence: a master with a rule or dates, or an override for this and all that follow.</summary>
    public static bool Recurs(Component component)
    {
        foreach (var line in component.Properties)
        {
            if (line.Name is "RRULE" or "RDATE") return true;
            if (line.Name == "RECURRENCE-ID" && line.Parameter("RANGE") is not null) return true;
        }

        return false;
    }
}
