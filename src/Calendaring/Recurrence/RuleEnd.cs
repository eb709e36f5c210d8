using Calendaring.ICalendar;
using NodaTime;

namespace Calendaring.Recurrence;

/// <summary>Where UNTIL ends a series, for one zone of DTSTART.</summary>
/// <param name="Local">No local time after this one (in local seconds) belongs to the series.</param>
/// <param name="Instant">No time whose instant (in seconds since 1970) is after this one does; null when UNTIL is local.</param>
/// <param name="Clock">The zone of DTSTART, when <paramref name="Instant"/> is given.</param>
internal readonly record struct RuleEnd(long Local, long? Instant, LocalClock? Clock)
{
    /// <summary>The end of a rule; see <see cref="RecurrenceRule.Expand"/>.</summary>
    public static RuleEnd Of(RecurrenceRule rule, DateTimeZone? zone) => Of(rule, zone is null ? null : new LocalClock(zone));

    /// <summary>The end of a rule whose DTSTART is in the clock's zone.</summary>
    public static RuleEnd Of(RecurrenceRule rule, LocalClock? clock)
    {
        if (rule.Until is not { } until) return new(long.MaxValue, null, null);
        var seconds = CivilDay.SecondsOf(until.Local);
        if (until.IsDate) return new(seconds + CivilDay.Seconds - 1, null, null);
        if (until.Kind != CalendarTimeKind.Utc || clock is null) return new(seconds, null, null);
        // a day more, as a local time in a gap has an instant that belongs to a later local time
        return new(clock.ToLocal(seconds) + CivilDay.Seconds, seconds, clock);
    }

    /// <summary>Whether a local time at or before <see cref="Local"/> is in the series.</summary>
    public bool Allows(long local) => Instant is not { } instant || Clock!.ToInstant(local) <= instant;
}
