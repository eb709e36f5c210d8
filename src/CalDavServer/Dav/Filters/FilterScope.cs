using Calendaring.ICalendar;
using Calendaring.Occurrences;
using Calendaring.Recurrence;
using Calendaring.TimeZones;
using NodaTime;

namespace CalDavServer.Dav.Filters;

/// <summary>One calendar object that a filter is tried on, with what several conditions need of it.</summary>
/// <param name="calendarObject">The object as the caller is shown it.</param>
/// <param name="floating">The zone of floating and all-day times.</param>
/// <param name="budget">What its expansions may cost.</param>
/// <param name="text">How much text may be looked at; null when none is.</param>
internal sealed class FilterScope(CalendarObject calendarObject, DateTimeZone floating, ExpansionBudget budget, TextAllowance? text = null)
{
    private RecurrenceSet? _set;
    private bool? _overridden;

    public Component Calendar => calendarObject.Calendar;

    public ZoneResolver Zones { get; } = new(calendarObject.Calendar, floating);

    public ExpansionBudget Budget => budget;

    /// <summary>To be told what a text-match looks at.</summary>
    public void Read(string value) => text?.Spend(value.Length);

    private RecurrenceSet Set => _set ??= RecurrenceSet.Of(calendarObject, Zones);

    /// <summary>
    /// The occurrences in a range made longer by a second at each end: conditions of RFC 4791 §9.9 that include an end can then be tried on them.
    /// </summary>
    public IEnumerable<Occurrence> Occurrences(TimeRange range) => OccurrencesOf(null, range);

    /// <summary>Those of them that one component describes, or all.</summary>
    public IEnumerable<Occurrence> OccurrencesOf(Component? component, TimeRange range)
    {
        var wide = range.Widen(Duration.FromSeconds(1), Duration.FromSeconds(1));
        return Set.Between(wide.Start, wide.End, budget, component);
    }

    /// <summary>
    /// Whether the occurrences of a component are to be asked for instead of its own times: a master with a rule or dates, or one that overrides stand beside, which may replace even its only
    /// occurrence; an override for this and all that follow.
    /// </summary>
    public bool Recurs(Component component)
    {
        var starts = false;
        foreach (var line in component.Properties)
        {
            switch (line.Name)
            {
                case "RRULE" or "RDATE": return true;
                case "RECURRENCE-ID": return line.Parameter("RANGE") is not null;
                case "DTSTART" or "DUE": starts = true; break;
            }
        }

        return starts && (_overridden ??= HasOverride()) && ReferenceEquals(Set.Master, component);
    }

    private bool HasOverride()
    {
        foreach (var component in calendarObject.Calendar.Components)
        {
            if (component.Find("RECURRENCE-ID") is not null) return true;
        }

        return false;
    }
}
