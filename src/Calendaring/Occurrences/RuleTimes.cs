using Calendaring.Recurrence;

namespace Calendaring.Occurrences;

/// <summary>
/// The instants of one rule, ascending. A local time in a DST gap is moved past it (RFC 5545 §3.3.5), which can put it after later local times; those wait here for
/// their turn.
/// </summary>
internal sealed class RuleTimes
{
    private readonly RuleCursor _cursor;
    private readonly RuleEnd _end;
    private readonly LocalClock _clock;
    private readonly bool _dates;
    private readonly long _start;
    private Queue<RecurrenceTime>? _moved;
    private RecurrenceTime? _ahead;
    private bool _ended;

    /// <summary>The times of a rule from the first that may be at or after an instant up to the last that may be at or before another.</summary>
    public RuleTimes(RecurrenceRule rule, Timing start, long from, long until, ExpansionBudget budget)
    {
        _clock = start.Clock;
        _start = start.Instant;
        _dates = start.Start.IsDate;
        _end = RuleEnd.Of(rule, _dates ? null : _clock);
        // a day's margin, as the order of local times is not that of instants
        var localFrom = _clock.ToLocal(from) - CivilDay.Seconds;
        var localUntil = _clock.ToLocal(until) + CivilDay.Seconds;
        _cursor = new RuleCursor(rule, start.Local, localFrom, Math.Min(_end.Local, localUntil), budget);
    }

    /// <summary>The time reached.</summary>
    public RecurrenceTime Current { get; private set; }

    /// <summary>Goes to the next time; false at the end.</summary>
    public bool MoveNext()
    {
        while (_ahead is null && !_ended) ReadAhead();
        if (_moved is { Count: > 0 } && (_ahead is null || _moved.Peek().Instant <= _ahead.Value.Instant))
        {
            Current = _moved.Dequeue();
            return true;
        }
        if (_ahead is not { } ahead) return false;
        Current = ahead;
        _ahead = null;
        return true;
    }

    private void ReadAhead()
    {
        if (!_cursor.MoveNext())
        {
            _ended = true;
            return;
        }
        var local = _cursor.Current;
        // every 36 hours of a series of days comes upon noon
        if (_dates) local = CivilDay.OfSeconds(local) * (long)CivilDay.Seconds;
        var time = new RecurrenceTime(local, _clock.ToInstant(local, out var skipped));
        // DTSTART is an occurrence even where UNTIL lies before it
        if (_end.Instant is { } last && time.Instant > last && local != _cursor.Start) _ended = !skipped;
        else if (skipped) (_moved ??= new()).Enqueue(time);
        // of a rule of seconds that begins in a gap: later on the clock, and before DTSTART on the time line
        else if (time.Instant >= _start) _ahead = time;
    }
}
