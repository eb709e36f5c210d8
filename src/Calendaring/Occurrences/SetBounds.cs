using Calendaring.Recurrence;
using NodaTime;

namespace Calendaring.Occurrences;

/// <summary>Finds the earliest start and the latest end of a recurrence set.</summary>
internal sealed class SetBounds(ExpansionBudget budget)
{
    private Instant? _start;
    private Instant? _end;
    private bool _open;

    /// <summary>What was found.</summary>
    public (Instant? Start, Instant? End) Result => (_start, _open ? null : _end);

    /// <summary>Takes an occurrence in.</summary>
    public void Add(in Occurrence occurrence)
    {
        if (_start is null || occurrence.Start < _start) _start = occurrence.Start;
        if (_end is null || occurrence.End > _end) _end = occurrence.End;
    }

    /// <summary>Takes all occurrences of a segment in.</summary>
    public void Add(Segment segment)
    {
        using var walk = segment.Walk(Instant.MinValue, Instant.MaxValue, budget);
        if (!walk.MoveNext())
        {
            // what could not be looked at may be anywhere from the start of the series on
            if (budget.Exhausted) Open(LocalClock.At(Math.Min(segment.Timing.Instant, segment.Series.Master.Instant)));
            return;
        }
        Add(walk.Current);
        if (segment.Endless)
        {
            _open = true;
            return;
        }
        if (!TryTail(segment) && !budget.Exhausted)
        {
            while (walk.MoveNext()) Add(walk.Current);
        }
        if (budget.Exhausted) _open = true;
    }

    private void Open(Instant start)
    {
        if (_start is null || start < _start) _start = start;
        _open = true;
    }

    /// <summary>Where the last instant is known, looks from there back in growing windows instead of walking all the way; false when it is not known.</summary>
    private bool TryTail(Segment segment)
    {
        var last = LastOf(segment);
        if (last == long.MaxValue) return false;
        var found = false;
        foreach (var date in segment.Series.Dates)
        {
            if (date.End is { } end && (_end is null || LocalClock.At(end) > _end)) _end = LocalClock.At(end);
        }
        for (var days = 40L; days <= 4000 && !found; days *= 10)
        {
            using var tail = segment.Walk(LocalClock.At(last - (days * CivilDay.Seconds)), Instant.MaxValue, budget);
            while (tail.MoveNext())
            {
                Add(tail.Current);
                found = true;
            }
        }
        return found;
    }

    /// <summary>No time of the series in the segment is after this one; <see cref="long.MaxValue"/> when it is not known.</summary>
    private long LastOf(Segment segment)
    {
        var last = segment.Series.Dates.Count == 0 ? long.MinValue : segment.Series.Dates[^1].Instant;
        foreach (var rule in segment.Series.Rules)
        {
            if (rule.Endless) return segment.Until ?? long.MaxValue;
            var local = rule.Until is { } until ? CivilDay.SecondsOf(until.Local) : long.MaxValue;
            // an UNTIL in UTC may be up to a day from the local time
            if (rule.Count is not null) local = Math.Min(local, LastLocal(rule, segment.Series.Master.Local, rule.Until is null ? local : local + CivilDay.Seconds));
            if (local == long.MaxValue) return segment.Until ?? long.MaxValue;
            last = Math.Max(last, local + (2 * CivilDay.Seconds));
        }
        return segment.Until is { } next ? Math.Min(last, next) : last;
    }

    /// <summary>The last local time of a rule with COUNT: counted without looking at a clock.</summary>
    private long LastLocal(RecurrenceRule rule, long start, long until)
    {
        var cursor = new RuleCursor(rule, start, start, until, budget);
        var last = start;
        while (cursor.MoveNext()) last = cursor.Current;
        return budget.Exhausted ? long.MaxValue : last;
    }
}
