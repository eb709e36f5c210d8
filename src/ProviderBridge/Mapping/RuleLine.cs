using Calendaring.ICalendar;
using Calendaring.Recurrence;
using NodaTime;

namespace ProviderBridge.Mapping;

/// <summary>The value of an RRULE as outside calendars ask for it.</summary>
internal static class RuleLine
{
    /// <summary>The rule with its end in the one form that RFC 5545 §3.3.10 has for the start: a day for days, UTC for times. Null when it is none that can be read.</summary>
    public static string? WithEndInForm(string rule, SeriesLines series)
    {
        if (!RecurrenceRule.TryParse(rule, out var read, out _)) return null;
        if (read.Until is not { } until) return rule;
        var parts = rule.Split(';').Where(part => !part.StartsWith("UNTIL=", StringComparison.OrdinalIgnoreCase)
            && !(read.Count is not null && part.StartsWith("COUNT=", StringComparison.OrdinalIgnoreCase)));
        return string.Join(';', parts.Append($"UNTIL={EndOf(until, series)}"));
    }

    private static CalendarTime EndOf(CalendarTime until, SeriesLines series)
    {
        if (series.Start.IsDate) return CalendarTime.OfDate(until.Local.Date);
        return until.Kind switch
        {
            CalendarTimeKind.Utc => until,
            // the whole of its last day
            CalendarTimeKind.Date => CalendarTime.OfUtc(until.Local.Date.At(new LocalTime(23, 59, 59)).InZoneLeniently(series.Zone).ToInstant()),
            _ => CalendarTime.OfUtc(until.Local.InZoneLeniently(series.Zone).ToInstant()),
        };
    }
}
