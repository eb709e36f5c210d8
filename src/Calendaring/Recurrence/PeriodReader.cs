namespace Calendaring.Recurrence;

/// <summary>
/// Reads the periods of a rule, each as the days and the times of day whose product are its candidates. Periods are numbered in units of FREQ, so that any of them is
/// reached by arithmetic; those that BYMONTH, BYMONTHDAY, BYHOUR and the like leave empty are jumped over.
/// </summary>
internal sealed class PeriodReader
{
    // so many are looked at one by one
    private const int MostPlacesInWeek = 2016;

    private readonly Frequency _frequency;
    private readonly int _interval;
    private readonly DayPattern _pattern;
    private readonly TimeSet _times;
    private readonly TimeSet _openPeriods;
    private readonly int _unit;
    private readonly long _base;
    private readonly int _firstWeek;
    private readonly int _weekStart;
    private readonly bool _alike;
    private readonly bool _forward;
    private readonly long _until;
    private readonly ExpansionBudget _budget;
    private readonly bool _impossible;
    private readonly long _cycle;

    private long _period;
    private long _next;
    private long _lastProductive;

    /// <summary>A reader before the period of DTSTART.</summary>
    public PeriodReader(RecurrenceRule rule, long start, long until, ExpansionBudget budget)
    {
        _frequency = rule.Frequency;
        _interval = rule.Interval;
        _until = until;
        _budget = budget;
        _forward = rule.Skip == Skip.Forward;
        var startDay = CivilDay.OfSeconds(start);
        var startSecond = (int)(start - ((long)startDay * CivilDay.Seconds));
        _pattern = new DayPattern(rule, startDay);
        _impossible = _pattern.Impossible;
        _weekStart = (int)rule.WeekStart - 1;
        _firstWeek = CivilDay.WeekOf(startDay, _weekStart);
        _unit = _frequency switch { Frequency.Secondly => 1, Frequency.Minutely => 60, Frequency.Hourly => 3600, _ => CivilDay.Seconds };
        var hours = Mask(rule.ByHour, startSecond / 3600, TimeSet.AllHours, _frequency < Frequency.Daily);
        var minutes = Mask(rule.ByMinute, startSecond / 60 % 60, TimeSet.AllSixty, _frequency < Frequency.Hourly);
        var seconds = Mask(rule.BySecond, startSecond % 60, TimeSet.AllSixty, _frequency < Frequency.Minutely);
        _times = new TimeSet((uint)hours, minutes, seconds);
        _openPeriods = new TimeSet((uint)hours, _frequency < Frequency.Hourly ? minutes : 1, _frequency < Frequency.Minutely ? seconds : 1);
        var openAlways = rule.ByHour.Count == 0 && (rule.ByMinute.Count == 0 || _frequency >= Frequency.Hourly)
            && (rule.BySecond.Count == 0 || _frequency >= Frequency.Minutely);
        _alike = _frequency switch
        {
            Frequency.Weekly => _pattern.SameEveryWeek,
            Frequency.Daily => _pattern.MatchesAll,
            < Frequency.Daily => _pattern.MatchesAll && openAlways,
            _ => false,
        };
        _base = PeriodOf(start);
        if (_frequency <= Frequency.Daily && _interval > 1 && !_impossible) _impossible = !MeetsOpenPeriod(openAlways);
        _next = _base;
        _lastProductive = _base;
        _cycle = CycleOf(_frequency, _unit, _interval);
    }

    /// <summary>How many candidates a period has at most.</summary>
    public long LargestPeriod => _frequency switch
    {
        Frequency.Yearly => 367L * _times.Count,
        Frequency.Monthly => 32L * _times.Count,
        Frequency.Weekly => 7L * _times.Count,
        Frequency.Daily => _times.Count,
        Frequency.Hourly => _times.CountInHour,
        Frequency.Minutely => _times.CountInMinute,
        _ => 1,
    };

    /// <summary>Makes the period that holds a time the next one; SKIP=FORWARD may have moved the time there from the period before.</summary>
    public void SeekTo(long time) => _lastProductive = _next = Align(Math.Max(PeriodOf(time) - (_forward ? 1 : 0), _base));

    /// <summary>To be called when a candidate was found in the last period read. A rule that has none in a whole cycle of the calendar never has one again.</summary>
    public void MarkProductive() => _lastProductive = _period;

    /// <summary>Whether the last period read is after the one of a time and before the one of another.</summary>
    public bool IsBetween(long after, long before) => _period > PeriodOf(after) && _period < PeriodOf(before);

    /// <summary>Skips periods that have as many candidates as the last one read and lie before the one of a time; returns how many there are, the last one read included.</summary>
    public long SkipAlike(long before)
    {
        if (!_alike) return 1;
        var target = Align(PeriodOf(before));
        var count = (target - _period) / _interval;
        _next = target;
        return count;
    }

    /// <summary>Reads the next period that may have candidates; false at the end.</summary>
    public bool Read(out DaySet days, out TimeSet times)
    {
        times = _times;
        days = default;
        if (_impossible) return false;
        return _frequency switch
        {
            Frequency.Yearly => ReadYear(out days),
            Frequency.Monthly => ReadMonth(out days),
            Frequency.Weekly => ReadWeek(out days),
            _ => ReadFine(out days, ref times),
        };
    }

    private bool ReadYear(out DaySet days)
    {
        days = default;
        if (!Advance() || _period > 9999 || CivilDay.OfYear((int)_period) * (long)CivilDay.Seconds > _until) return false;
        days = _pattern.OfYear((int)_period);
        return true;
    }

    private bool ReadMonth(out DaySet days)
    {
        days = default;
        while (Advance() && _period < 10_000 * 12)
        {
            var (year, month) = Math.DivRem((int)_period, 12);
            if (!_pattern.HasMonth(month + 1)) continue;
            if (CivilDay.Of(year, month + 1, 1) * (long)CivilDay.Seconds > _until) return false;
            days = _pattern.OfMonth(year, month + 1);
            return true;
        }
        return false;
    }

    private bool ReadWeek(out DaySet days)
    {
        days = default;
        if (!Advance()) return false;
        var first = _firstWeek + (_period * 7);
        if (first > CivilDay.Max || first * CivilDay.Seconds > _until) return false;
        days = _pattern.OfWeek((int)first);
        return true;
    }

    /// <summary>Days, hours, minutes and seconds: the BY parts above them only limit, so that whole days and hours are jumped over.</summary>
    private bool ReadFine(out DaySet days, ref TimeSet times)
    {
        days = default;
        var perDay = CivilDay.Seconds / _unit;
        while (Advance() && _period <= _until / _unit)
        {
            var day = (int)CivilDay.FloorDiv(_period, perDay);
            if (!_pattern.Matches(day))
            {
                _next = Align((long)_pattern.After(day) * perDay);
                continue;
            }
            var second = (int)(_period - ((long)day * perDay)) * _unit;
            if (_frequency < Frequency.Daily)
            {
                var open = _openPeriods.Next(second);
                if (open != second)
                {
                    _next = Align(open < 0 ? (day + 1L) * perDay : ((long)day * perDay) + (open / _unit));
                    continue;
                }
                times = PartOf(second);
            }
            days = new DaySet(day);
            days.Add(0);
            return true;
        }
        return false;
    }

    private TimeSet PartOf(int second) => _frequency switch
    {
        Frequency.Hourly => _times.OfHour(second / 3600),
        Frequency.Minutely => _times.OfMinute(second / 3600, second / 60 % 60),
        _ => new TimeSet(1u << (second / 3600), 1ul << (second / 60 % 60), 1ul << (second % 60)),
    };

    private bool Advance()
    {
        _period = _next;
        _next += _interval;
        return _period - _lastProductive <= _cycle && _budget.Spend();
    }

    private long PeriodOf(long time)
    {
        if (_frequency <= Frequency.Daily) return CivilDay.FloorDiv(time, _unit);
        var day = (int)Math.Clamp(CivilDay.FloorDiv(time, CivilDay.Seconds), CivilDay.Min, CivilDay.Max + 1L);
        if (_frequency == Frequency.Weekly) return (CivilDay.WeekOf(day, _weekStart) - _firstWeek) / 7;
        CivilDay.Split(day, out var year, out var month, out _);
        return _frequency == Frequency.Yearly ? year : (year * 12L) + month - 1;
    }

    /// <summary>The first period of the rule at or after one.</summary>
    private long Align(long period) => period <= _base ? _base : _base + ((period - _base + _interval - 1) / _interval * _interval);

    /// <summary>
    /// After how many periods both the calendar (400 years, which are whole weeks) and INTERVAL are where they were.
    /// </summary>
    private static long CycleOf(Frequency frequency, int unit, int interval)
    {
        const int Days = 146_097;
        var units = frequency switch
        {
            Frequency.Yearly => 400,
            Frequency.Monthly => 4800,
            Frequency.Weekly => Days / 7,
            _ => Days * (long)(CivilDay.Seconds / unit),
        };
        var a = Gcd(units, interval);
        // longer than all the years there are: no cycle
        return interval / a > 25 ? long.MaxValue : units * (interval / a);
    }

    /// <summary>
    /// Whether INTERVAL ever comes upon a day of the week and a time of day that are open: every 40 hours from midnight it is never 10 o'clock, every 7 days from a Monday
    /// never Tuesday.
    /// </summary>
    private bool MeetsOpenPeriod(bool openAlways)
    {
        var perDay = CivilDay.Seconds / _unit;
        var stride = Gcd(_interval, 7L * perDay);
        if (7L * perDay / stride <= MostPlacesInWeek)
        {
            for (var period = FloorMod(_base, stride); period < 7L * perDay; period += stride)
            {
                var (day, ofDay) = Math.DivRem(period, perDay);
                if (_pattern.HasWeekday(CivilDay.Weekday((int)day)) && (_frequency == Frequency.Daily || IsOpen(ofDay))) return true;
            }
            return false;
        }
        if (openAlways || _frequency == Frequency.Daily) return true;
        var step = Gcd(_interval, perDay);
        for (var second = _openPeriods.Next(0); second >= 0; second = _openPeriods.Next(second + 1))
        {
            if (second % _unit == 0 && (second / _unit - _base) % step == 0) return true;
        }
        return false;
    }

    private bool IsOpen(long periodOfDay) => _openPeriods.Next((int)periodOfDay * _unit) == periodOfDay * _unit;

    private static long FloorMod(long value, long divisor) => ((value % divisor) + divisor) % divisor;

    private static long Gcd(long a, long b)
    {
        while (b != 0) (a, b) = (b, a % b);
        return a;
    }

    private static ulong Mask(IReadOnlyList<int> values, int ofStart, ulong all, bool open)
    {
        if (values.Count == 0) return open ? all : 1ul << ofStart;
        var mask = 0ul;
        // a leap second is taken as the second before it (RFC 5545 §3.3.12)
        for (var i = 0; i < values.Count; i++) mask |= 1ul << Math.Min(values[i], 59);
        return mask;
    }
}
