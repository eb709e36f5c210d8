namespace Calendaring.Recurrence;

/// <summary>
/// Walks the local times of a rule (in local seconds, see <see cref="CivilDay"/>). A rule without COUNT is entered at the period that holds the first time wanted;
/// with COUNT the periods before it are counted and not expanded.
/// </summary>
internal sealed class RuleCursor
{
    private readonly RecurrenceRule _rule;
    private readonly ExpansionBudget _budget;
    private readonly long _from;
    private readonly long _until;
    private readonly PeriodReader _periods;
    private readonly bool _inOrder;

    private long _left;
    private bool _started;
    private long _last;
    private DaySet _days;
    private TimeSet _times;
    private int _dayIndex = -1;
    private int _secondOfDay;
    private int[] _positions = [];
    private int _positionCount;
    private int _positionIndex;

    /// <summary>A cursor before the first time.</summary>
    /// <param name="rule">The rule.</param>
    /// <param name="start">DTSTART.</param>
    /// <param name="from">The first time wanted.</param>
    /// <param name="until">The last time wanted; DTSTART is given even when it is later.</param>
    /// <param name="budget">What the walk may cost.</param>
    public RuleCursor(RecurrenceRule rule, long start, long from, long until, ExpansionBudget budget)
    {
        _rule = rule;
        _budget = budget;
        Start = start;
        _from = from;
        _until = Math.Min(until, ((CivilDay.Max + 1L) * CivilDay.Seconds) - 1);
        _periods = new PeriodReader(rule, start, _until, budget);
        // where no period is as large as BYSETPOS asks, DTSTART is all there is
        _left = HasReachablePosition(rule, _periods.LargestPeriod) ? rule.Count ?? long.MaxValue : 1;
        _inOrder = rule.Skip != Skip.Forward;
        if (rule.Count is null && from > start) _periods.SeekTo(from);
    }

    /// <summary>DTSTART.</summary>
    public long Start { get; }

    /// <summary>The time the cursor is at.</summary>
    public long Current { get; private set; }

    /// <summary>Goes to the next time; false at the end.</summary>
    public bool MoveNext()
    {
        if (!_started)
        {
            _started = true;
            _last = Start;
            _left--;
            if (Start >= _from)
            {
                Current = Start;
                return true;
            }
        }
        while (_left > 0)
        {
            if (!TryCandidate(out var time))
            {
                if (!TryPeriod()) break;
                continue;
            }
            _periods.MarkProductive();
            if (!_budget.Spend() || time > _until) break;
            // before DTSTART, or what SKIP=FORWARD moved onto the next period's first day
            if (time <= _last) continue;
            _last = time;
            _left--;
            if (time < _from) continue;
            Current = time;
            return true;
        }
        _left = 0;
        return false;
    }

    private static bool HasReachablePosition(RecurrenceRule rule, long size)
    {
        for (var i = 0; i < rule.BySetPosition.Count; i++)
        {
            if (Math.Abs(rule.BySetPosition[i]) <= size) return true;
        }
        return rule.BySetPosition.Count == 0;
    }

    private bool TryCandidate(out long time)
    {
        if (_positionIndex < _positionCount)
        {
            var (day, index) = Math.DivRem(_positions[_positionIndex++], _times.Count);
            time = ((long)(_days.FirstDay + _days.Select(day)) * CivilDay.Seconds) + _times.Select(index);
            return true;
        }
        while (_dayIndex >= 0)
        {
            var second = _times.Next(_secondOfDay);
            if (second >= 0)
            {
                _secondOfDay = second + 1;
                time = ((long)(_days.FirstDay + _dayIndex) * CivilDay.Seconds) + second;
                return true;
            }
            _dayIndex = _days.Next(_dayIndex + 1);
            _secondOfDay = 0;
        }
        time = 0;
        return false;
    }

    private bool TryPeriod()
    {
        while (_periods.Read(out _days, out _times))
        {
            if (_rule.BySetPosition.Count > 0) FindPositions();
            if (_rule.Count is null || !_inOrder || !_periods.IsBetween(Start, _from))
            {
                if (_rule.BySetPosition.Count == 0) Enter(Math.Max(Start + 1, _rule.Count is null ? _from : long.MinValue));
                return true;
            }
            var size = _rule.BySetPosition.Count > 0 ? _positionCount : (long)_days.Count * _times.Count;
            if (size > 0) _periods.MarkProductive();
            _left -= size * _periods.SkipAlike(_from);
            if (_left <= 0) return false;
        }
        return false;
    }

    /// <summary>Puts the cursor at the first candidate of the period at or after a time.</summary>
    private void Enter(long time)
    {
        var day = CivilDay.OfSeconds(time);
        var index = Math.Max(day - _days.FirstDay, 0);
        _dayIndex = _days.Next(index);
        _secondOfDay = _days.FirstDay + _dayIndex == day ? (int)(time - ((long)day * CivilDay.Seconds)) : 0;
    }

    /// <summary>Finds the candidates that BYSETPOS names by their ordinals, without making the set.</summary>
    private void FindPositions()
    {
        var size = _days.Count * _times.Count;
        if (_positions.Length == 0) _positions = new int[_rule.BySetPosition.Count];
        var count = 0;
        for (var i = 0; i < _rule.BySetPosition.Count; i++)
        {
            var position = _rule.BySetPosition[i];
            var index = position > 0 ? position - 1 : size + position;
            if (index >= 0 && index < size) _positions[count++] = index;
        }
        var span = _positions.AsSpan(0, count);
        // the positions of a rule ascend: those from the end and those from the beginning each by themselves
        if (_rule.BySetPosition[0] < 0 && _rule.BySetPosition[^1] > 0) span.Sort();
        _positionIndex = 0;
        _positionCount = 0;
        for (var i = 0; i < count; i++)
        {
            if (i == 0 || span[i] != span[i - 1]) _positions[_positionCount++] = span[i];
        }
    }
}
