using Calendaring.Recurrence;

namespace Calendaring.Occurrences;

/// <summary>The members of a series by instant, each once: rules and dates merged, exclusions taken out.</summary>
internal sealed class RecurrenceTimes
{
    private readonly MasterRecurrence _series;
    private readonly ExpansionBudget _budget;
    private readonly RuleTimes?[] _rules;
    private readonly long _until;
    private int _date;
    private int _taken = -1;
    private long _last = long.MinValue;

    /// <summary>The members between two instants, both included; some before and after may come too.</summary>
    /// <param name="series">The series.</param>
    /// <param name="from">The first one wanted of a rule.</param>
    /// <param name="datesFrom">The first one wanted of the dates, which may last longer.</param>
    /// <param name="until">The last one wanted.</param>
    /// <param name="budget">What the walk may cost.</param>
    public RecurrenceTimes(MasterRecurrence series, long from, long datesFrom, long until, ExpansionBudget budget)
    {
        _series = series;
        _budget = budget;
        _until = until;
        _rules = new RuleTimes?[series.Rules.Count];
        for (var i = 0; i < _rules.Length; i++)
        {
            var times = new RuleTimes(series.Rules[i], series.Master, from, until, budget);
            _rules[i] = times.MoveNext() ? times : null;
        }
        while (_date < series.Dates.Count && series.Dates[_date].Instant < datesFrom) _date++;
    }

    /// <summary>The member reached.</summary>
    public RecurrenceTime Current { get; private set; }

    /// <summary>Goes to the next member; false at the end.</summary>
    public bool MoveNext()
    {
        while (TryTake(out var time))
        {
            if (time.Instant > _until) return false;
            if (time.Instant <= _last) continue;
            _last = time.Instant;
            if (_series.IsExcluded(time)) continue;
            Current = time;
            return true;
        }
        return false;
    }

    private bool TryTake(out RecurrenceTime time)
    {
        // only now, as nobody may ask for a next one, and it may be far
        if (_taken >= 0 && !_rules[_taken]!.MoveNext()) _rules[_taken] = null;
        _taken = -1;
        var first = -1;
        time = default;
        for (var i = 0; i < _rules.Length; i++)
        {
            if (_rules[i] is not { } rule || (first >= 0 && rule.Current.Instant >= time.Instant)) continue;
            first = i;
            time = rule.Current;
        }
        // of a date and a rule at one instant the date is taken: it may have its own end
        if (_date < _series.Dates.Count && (first < 0 || _series.Dates[_date].Instant <= time.Instant))
        {
            time = _series.Dates[_date++];
            return _budget.Spend();
        }
        if (first < 0) return false;
        _taken = first;
        return true;
    }
}
