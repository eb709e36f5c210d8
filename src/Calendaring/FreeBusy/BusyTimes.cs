using Calendaring.ICalendar;
using Calendaring.Occurrences;
using Calendaring.Recurrence;
using Calendaring.TimeZones;
using NodaTime;

namespace Calendaring.FreeBusy;

/// <summary>
/// Gathers the busy times of calendar objects in a range (RFC 4791 §7.10): of each VEVENT occurrence that is opaque and not cancelled, and what a VFREEBUSY says. Periods are cut to the
/// range, and those of one type that overlap or touch become one, so that the answer tells nothing of how many there are.
/// </summary>
/// <param name="start">Start of the range.</param>
/// <param name="end">End of the range (exclusive).</param>
public sealed class BusyTimes(Instant start, Instant end)
{
    private const int MergeAt = 4096;

    // years of full days, and an answer of a megabyte
    private const int MaxPeriods = 25_000;

    private List<BusyPeriod> _periods = [];
    private int _merged;

    /// <summary>Whether there are more periods than are told in one answer: those that are gathered are not the whole.</summary>
    public bool TooMany { get; private set; }

    /// <summary>Adds what one object takes up.</summary>
    /// <param name="calendarObject">The object.</param>
    /// <param name="floating">The zone of its floating and all-day times.</param>
    /// <param name="budget">What its expansion may cost.</param>
    public void Add(CalendarObject calendarObject, DateTimeZone floating, ExpansionBudget budget)
    {
        ArgumentNullException.ThrowIfNull(calendarObject);
        ArgumentNullException.ThrowIfNull(budget);
        var zones = new ZoneResolver(calendarObject.Calendar, floating);
        var events = false;
        foreach (var component in calendarObject.Calendar.Components)
        {
            if (component.Name == "VEVENT") events = true;
            else if (component.Name == "VFREEBUSY") AddPeriods(component, zones, budget);
        }

        foreach (var occurrence in events ? RecurrenceSet.Of(calendarObject, zones).Between(start, end, budget) : [])
        {
            if (TooMany) return;
            if (TypeOf(occurrence.Component) is { } type) Add(occurrence.Start, occurrence.End, type);
        }

        // a rule too costly to follow to its end may take any time of the range: to call it free would invite a double booking
        if (budget.Exhausted) Add(start, end, BusyType.Busy);
    }

    /// <summary>Adds one period; what lies outside the range is cut off.</summary>
    public void Add(Instant from, Instant until, BusyType type)
    {
        if (from < start) from = start;
        if (until > end) until = end;
        if (from >= until) return;
        if (TooMany) return;
        _periods.Add(new BusyPeriod(from, until, type));
        // a rule that recurs every minute must not fill the memory
        if (_periods.Count >= _merged + MergeAt) Merge();
    }

    /// <summary>All periods in order of start, merged for each type. Periods of different types may overlap.</summary>
    public IReadOnlyList<BusyPeriod> ToList()
    {
        Merge();
        return _periods;
    }

    private void Merge()
    {
        _periods.Sort(static (left, right) => left.Start.CompareTo(right.Start));
        var merged = new List<BusyPeriod>(_periods.Count);
        Span<int> last = [-1, -1, -1];
        foreach (var period in _periods)
        {
            var index = last[(int)period.Type];
            if (index >= 0 && merged[index].End >= period.Start)
            {
                if (merged[index].End < period.End) merged[index] = merged[index] with { End = period.End };
                continue;
            }

            last[(int)period.Type] = merged.Count;
            merged.Add(period);
        }

        _periods = merged;
        _merged = merged.Count;
        TooMany |= _merged > MaxPeriods;
    }

    private void AddPeriods(Component component, ZoneResolver zones, ExpansionBudget budget)
    {
        foreach (var line in component.FindAll("FREEBUSY"))
        {
            if (TypeOf(line) is not { } type || !line.TryReadPeriods(out var periods)) continue;
            foreach (var period in periods)
            {
                if (!budget.Spend()) return;
                var from = zones.ToInstant(period.Start);
                var until = period.End is { } to ? zones.ToInstant(to)
                    : period.Duration is { } duration ? duration.After(period.Start.Local, zones.ZoneOf(period.Start))
                    : from;
                Add(from, until, type);
            }
        }
    }

    // The table of RFC 4791 §7.10; a status that is not known counts as busy.
    private static BusyType? TypeOf(Component occurrence)
    {
        if (Is(occurrence.Find("TRANSP"), "TRANSPARENT")) return null;
        var status = occurrence.Find("STATUS");
        if (Is(status, "CANCELLED")) return null;
        return Is(status, "TENTATIVE") ? BusyType.Tentative : BusyType.Busy;
    }

    // RFC 5545 §3.2.9: a type that is not known is BUSY.
    private static BusyType? TypeOf(ContentLine line) => line.Parameter("FBTYPE")?.ToUpperInvariant() switch
    {
        "FREE" => null,
        "BUSY-TENTATIVE" => BusyType.Tentative,
        "BUSY-UNAVAILABLE" => BusyType.Unavailable,
        _ => BusyType.Busy,
    };

    private static bool Is(ContentLine? line, string value) => line is not null && line.RawValue.Trim().Equals(value, StringComparison.OrdinalIgnoreCase);
}
