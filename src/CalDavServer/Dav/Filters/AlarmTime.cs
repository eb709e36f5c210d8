using Calendaring.ICalendar;
using NodaTime;

namespace CalDavServer.Dav.Filters;

/// <summary>Whether an alarm goes off in a range of time (RFC 4791 §9.9): absolute and relative triggers, repeated ones, for every occurrence of the component it is in.</summary>
internal static class AlarmTime
{
    // A trigger further from its event than this is none: it would make every occurrence a candidate.
    private const int MaxDays = 3660;
    private const long MaxSeconds = MaxDays * 86_400L;

    public static bool Overlaps(Component alarm, Component parent, TimeRange range, FilterScope scope)
    {
        if (alarm.Find("TRIGGER") is not { } trigger) return false;
        var repeats = RepeatsOf(alarm);
        if (string.Equals(trigger.Parameter("VALUE"), "DATE-TIME", StringComparison.OrdinalIgnoreCase))
        {
            return trigger.TryReadTime(out var time) && GoesOff(scope.Zones.ToInstant(time), repeats, range);
        }

        if (!trigger.TryReadDuration(out var offset) || Math.Abs(offset.Days) > MaxDays || Math.Abs(offset.Seconds) > MaxSeconds) return false;
        var fromEnd = string.Equals(trigger.Parameter("RELATED"), "END", StringComparison.OrdinalIgnoreCase);
        if (!scope.Recurs(parent)) return GoesOff(ComponentSpan.Of(parent, scope.Zones), offset, fromEnd, repeats, range, scope);

        // the moments a trigger is reckoned from: a day more at each end, as days of an offset are nominal
        var length = Duration.FromDays(offset.Days) + Duration.FromSeconds(offset.Seconds);
        var last = length + (repeats.Interval * repeats.Count);
        var anchors = new TimeRange(TimeRange.Add(range.Start, -last - Duration.FromDays(1)), TimeRange.Add(range.End, -length + Duration.FromDays(1)));
        foreach (var occurrence in scope.OccurrencesOf(parent, anchors))
        {
            if (GoesOff(ComponentTime.SpanOf(occurrence), offset, fromEnd, repeats, range, scope)) return true;
        }

        return scope.Budget.Exhausted;
    }

    private static bool GoesOff(in ComponentSpan span, CalendarDuration offset, bool fromEnd, (int Count, Duration Interval) repeats, TimeRange range, FilterScope scope)
    {
        if (span.StartTime is not { } time) return false;
        var zone = scope.Zones.ZoneOf(time);
        var anchor = time.Local;
        if (fromEnd && (span.End ?? span.Start) is { } end)
        {
            if (end == Instant.MaxValue) return false;
            anchor = end.InZone(zone).LocalDateTime;
            // an exact offset from the instant itself: a local time that occurs twice would lose which one it was
            if (offset.Days == 0) return GoesOff(TimeRange.Add(end, Duration.FromSeconds(offset.Seconds)), repeats, range);
        }

        return GoesOff(offset.After(anchor, zone), repeats, range);
    }

    // The first trigger at or after the start of the range decides: repeats are never walked.
    private static bool GoesOff(Instant first, (int Count, Duration Interval) repeats, TimeRange range)
    {
        if (range.Contains(first)) return true;
        if (repeats.Count == 0 || first >= range.Start) return false;
        var steps = Math.Ceiling((range.Start - first) / repeats.Interval);
        return steps <= repeats.Count && range.Contains(TimeRange.Add(first, repeats.Interval * (long)steps));
    }

    // RFC 5545 §3.8.6.2: REPEAT and DURATION stand together or not at all.
    private static (int Count, Duration Interval) RepeatsOf(Component alarm)
    {
        if (alarm.Find("REPEAT") is not { } repeat || !repeat.TryReadInteger(out var count) || count <= 0) return (0, Duration.Zero);
        if (alarm.Find("DURATION") is not { } line || !line.TryReadDuration(out var interval) || interval.IsNegative) return (0, Duration.Zero);
        var seconds = (interval.Days * 86_400L) + interval.Seconds;
        if (seconds <= 0 || seconds > MaxSeconds) return (0, Duration.Zero);
        return ((int)Math.Min(count, MaxSeconds / seconds), Duration.FromSeconds(seconds));
    }
}
