using Calendaring.ICalendar;
using Calendaring.Recurrence;

namespace Calendaring.TimeZones;

/// <summary>A STANDARD or DAYLIGHT component of a VTIMEZONE (RFC 5545 §3.6.5): an offset and the moments it begins.</summary>
internal sealed class Observance
{
    // rules that began earlier, such as Outlook's of 1601, are followed from here
    private static readonly long Earliest = CivilDay.OfYear(1900) * (long)CivilDay.Seconds;

    private readonly List<RecurrenceRule> _rules = [];
    private readonly List<long> _onsets = [];
    private readonly long _start;

    private Observance(Component component, int offsetFrom, int offsetTo)
    {
        OffsetFrom = offsetFrom;
        OffsetTo = offsetTo;
        IsDaylight = component.Name == "DAYLIGHT";
        Name = component.Find("TZNAME")?.Text ?? (IsDaylight ? "daylight" : "standard");
        _start = component.Find("DTSTART") is { } line && line.TryReadTime(out var start) ? CivilDay.SecondsOf(start.Local) : Earliest;
        foreach (var property in component.Properties)
        {
            if (property.Name == "RRULE" && RecurrenceRule.TryParse(property.RawValue, out var rule, out _)) _rules.Add(rule);
            if (property.Name != "RDATE" || !property.TryReadPeriods(out var periods)) continue;
            foreach (var period in periods) _onsets.Add(CivilDay.SecondsOf(period.Start.Local) - (period.Start.Kind == CalendarTimeKind.Utc ? 0 : offsetFrom));
        }
        if (_rules.Count == 0) _onsets.Add(_start - offsetFrom);
    }

    /// <summary>Seconds east of Greenwich before an onset.</summary>
    public int OffsetFrom { get; }

    /// <summary>Seconds east of Greenwich from an onset on.</summary>
    public int OffsetTo { get; }

    /// <summary>Whether this is daylight-saving time.</summary>
    public bool IsDaylight { get; }

    /// <summary>TZNAME.</summary>
    public string Name { get; }

    /// <summary>An observance, or null when its offset cannot be read. One without TZOFFSETFROM changes nothing; one without DTSTART has always been.</summary>
    public static Observance? Of(Component component)
    {
        if (component.Name is not ("STANDARD" or "DAYLIGHT")) return null;
        if (component.Find("TZOFFSETTO") is not { } line || !line.TryReadOffset(out var to)) return null;
        return new(component, component.Find("TZOFFSETFROM") is { } other && other.TryReadOffset(out var from) ? from : to, to);
    }

    /// <summary>Adds the onsets before a year (in seconds since 1970) to a list.</summary>
    public void AddOnsets(List<(long Instant, Observance Observance)> onsets, int year, ExpansionBudget budget)
    {
        foreach (var onset in _onsets) onsets.Add((onset, this));
        foreach (var rule in _rules)
        {
            // UNTIL is in UTC, and what it bounds is in the offset before the onset
            var until = rule.Until is not { } end ? long.MaxValue
                : CivilDay.SecondsOf(end.Local) + (end.Kind == CalendarTimeKind.Utc ? OffsetFrom : end.IsDate ? CivilDay.Seconds - 1 : 0);
            var cursor = new RuleCursor(rule, _start, Earliest, Math.Min(until, CivilDay.OfYear(year) * (long)CivilDay.Seconds), budget);
            while (cursor.MoveNext()) onsets.Add((cursor.Current - OffsetFrom, this));
        }
    }
}
