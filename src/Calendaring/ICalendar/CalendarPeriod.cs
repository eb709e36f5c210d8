namespace Calendaring.ICalendar;

/// <summary>A PERIOD value (RFC 5545 §3.3.9): a start and either an end or a duration.</summary>
/// <param name="Start">The start.</param>
/// <param name="End">The end, or null.</param>
/// <param name="Duration">The duration, or null.</param>
public readonly record struct CalendarPeriod(CalendarTime Start, CalendarTime? End, CalendarDuration? Duration)
{
    /// <summary>Reads a PERIOD, or a DATE or DATE-TIME: a period without end and duration.</summary>
    internal static bool TryParse(ReadOnlySpan<byte> text, string? timeZoneId, out CalendarPeriod period)
    {
        period = default;
        var slash = text.IndexOf((byte)'/');
        if (!CalendarTime.TryParse(slash < 0 ? text : text[..slash], out var start, timeZoneId)) return false;
        period = new CalendarPeriod(start, null, null);
        if (slash < 0) return true;
        var rest = text[(slash + 1)..];
        if (start.IsDate) return false;
        if (CalendarTime.TryParse(rest, out var end, timeZoneId))
        {
            period = period with { End = end };
            return !end.IsDate;
        }

        if (!CalendarDuration.TryParse(rest, out var duration)) return false;
        period = period with { Duration = duration };
        return true;
    }
}
