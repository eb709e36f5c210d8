using Calendaring.ICalendar;
using Calendaring.Recurrence;

namespace ProviderBridge.Mapping;

/// <summary>The value of an RRULE as outside calendars ask for it.</summary>
internal static class RuleLine
{
    /// <summary>The rule with one end, in the one form that RFC 5545 §3.3.10 has for the start: a day for days, UTC for times, which always are in a zone outside. Null when it is none that can be read.</summary>
    public static string? WithEndInForm(string rule, SeriesLines series)
    {
        if (!RecurrenceRule.TryParse(rule, out var read, out _)) return null;
        var start = series.Start.IsDate ? series.Start : CalendarTime.OfUtc(series.InstantOf(series.Start));
        var ending = (read.Until is null ? read : read with { Count = null }).EndInFormOf(start, series.Zone);
        // a rule that ended before its series was moved behind that end has the first only, which others refuse
        return (ending.Until is { } end && end.Local < start.Local ? ending with { Until = start } : ending).ToText();
    }

    /// <summary>Whether a rule has ended before its series begins: as one that takes out, it takes out nothing.</summary>
    public static bool HasEndedBefore(string rule, SeriesLines series)
    {
        if (!RecurrenceRule.TryParse(rule, out var read, out _)) return false;
        var start = series.Start.IsDate ? series.Start : CalendarTime.OfUtc(series.InstantOf(series.Start));
        return read.EndInFormOf(start, series.Zone).Until is { } end && end.Local < start.Local;
    }
}
