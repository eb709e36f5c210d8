namespace Calendaring.Recurrence;

/// <summary>
/// Which days of a year, month or week the BY parts of a rule name, with what they leave to DTSTART filled in: the expand and limit table of RFC 5545 §3.3.10.
/// </summary>
internal sealed class DayPattern
{
    private const uint AllMonths = 0b1_1111_1111_1110;

    private readonly RecurrenceRule _rule;
    private readonly Skip _skip;
    private readonly int _weekStart;
    private readonly uint _months = AllMonths;
    private readonly uint _monthDays;
    private readonly uint _monthDaysFromEnd;
    private readonly uint _monthDaysReversed;
    private readonly uint _weekdays;
    private readonly bool _ordinals;
    private readonly bool _forwards;

    /// <summary>The days of a rule.</summary>
    /// <param name="rule">The rule.</param>
    /// <param name="startDay">The day number of DTSTART.</param>
    public DayPattern(RecurrenceRule rule, int startDay)
    {
        _rule = rule;
        _skip = rule.Skip ?? Skip.Omit;
        _weekStart = (int)rule.WeekStart - 1;
        if (rule.ByMonth.Count > 0) _months = MaskOf(rule.ByMonth);
        for (var i = 0; i < rule.ByMonthDay.Count; i++)
        {
            var day = rule.ByMonthDay[i];
            if (day > 0) _monthDays |= 1u << day;
            else _monthDaysFromEnd |= 1u << -day;
            // bit 30 is the last day of a month of 31: shifted down it is that of a shorter one
            if (day < 0) _monthDaysReversed |= 1u << (31 + day);
        }
        for (var i = 0; i < rule.ByDay.Count; i++)
        {
            if (rule.ByDay[i].Ordinal != 0) _ordinals = true;
            else _weekdays |= 1u << ((int)rule.ByDay[i].Day - 1);
        }
        CivilDay.Split(startDay, out _, out var month, out var dayOfMonth);
        var open = rule.ByDay.Count == 0 && rule.ByMonthDay.Count == 0 && rule.ByYearDay.Count == 0;
        switch (rule.Frequency)
        {
            case Frequency.Yearly when open && rule.ByWeekNumber.Count > 0:
            case Frequency.Weekly when open:
                _weekdays = 1u << CivilDay.Weekday(startDay);
                break;
            case Frequency.Yearly when open:
                if (rule.ByMonth.Count == 0) _months = 1u << month;
                _monthDays = 1u << dayOfMonth;
                break;
            case Frequency.Monthly when open:
                _monthDays = 1u << dayOfMonth;
                break;
        }
        _forwards = _skip == Skip.Forward && ((_monthDays | _monthDaysFromEnd) != 0 || rule.ByYearDay.Count > 0);
        MatchesAll = _months == AllMonths && _weekdays == 0 && _monthDays == 0 && _monthDaysFromEnd == 0 && rule.ByYearDay.Count == 0;
    }

    /// <summary>Whether every day matches.</summary>
    public bool MatchesAll { get; }

    /// <summary>Whether every week has the same days.</summary>
    public bool SameEveryWeek => _months == AllMonths;

    /// <summary>Whether no year has a day that is meant: 30 February, or the 200th day where BYMONTH is January.</summary>
    public bool Impossible
    {
        get
        {
            var byMonthDay = (_monthDays | _monthDaysFromEnd) != 0;
            if (_rule.Frequency <= Frequency.Daily) return (byMonthDay || _rule.ByYearDay.Count > 0) && !HasDateIn(2000) && !HasDateIn(2001);
            if (!byMonthDay || (_skip != Skip.Omit && _rule.Frequency >= Frequency.Monthly)) return false;
            for (var month = 1; month <= 12; month++)
            {
                var length = CivilDay.MonthLength(2000, month);
                if (HasMonth(month) && ((_monthDays | _monthDaysFromEnd) & ((2u << length) - 1)) != 0) return false;
            }
            return true;
        }
    }

    /// <summary>Whether BYDAY lets a day of the week pass: 0 is Monday.</summary>
    public bool HasWeekday(int weekday) => _weekdays == 0 || (_weekdays >> weekday & 1) != 0;

    /// <summary>Whether BYMONTH has a month.</summary>
    public bool HasMonth(int month) => (_months >> month & 1) != 0;

    /// <summary>Whether a day passes the limits; for rules that are daily or finer.</summary>
    public bool Matches(int day)
    {
        if (MatchesAll) return true;
        if (!HasWeekday(CivilDay.Weekday(day))) return false;
        CivilDay.Split(day, out var year, out var month, out var dayOfMonth);
        return MatchesDate(year, month, dayOfMonth);
    }

    private bool MatchesDate(int year, int month, int dayOfMonth)
    {
        if (!HasMonth(month)) return false;
        if ((_monthDays | _monthDaysFromEnd) != 0)
        {
            var fromEnd = CivilDay.MonthLength(year, month) - dayOfMonth + 1;
            if ((_monthDays >> dayOfMonth & 1) == 0 && (_monthDaysFromEnd >> fromEnd & 1) == 0) return false;
        }
        if (_rule.ByYearDay.Count == 0) return true;
        var dayOfYear = CivilDay.BeforeMonth(year, month) + dayOfMonth;
        return Contains(_rule.ByYearDay, dayOfYear) || Contains(_rule.ByYearDay, dayOfYear - CivilDay.YearLength(year) - 1);
    }

    /// <summary>The next day after one that does not match which may: the next day, or the first of the next month that BYMONTH has.</summary>
    public int After(int day)
    {
        if (_months == AllMonths) return day + 1;
        CivilDay.Split(day, out var year, out var month, out _);
        if (HasMonth(month)) return day + 1;
        do
        {
            if (++month <= 12) continue;
            month = 1;
            year++;
        }
        while (!HasMonth(month));
        return CivilDay.Of(year, month, 1);
    }

    /// <summary>The days of a week.</summary>
    public DaySet OfWeek(int firstDay)
    {
        var set = new DaySet(firstDay);
        if (_months == AllMonths)
        {
            set.AddMask(0, ((_weekdays << 7 | _weekdays) >> CivilDay.Weekday(firstDay)) & 0x7f);
            return set;
        }
        for (var i = 0; i < 7; i++)
        {
            if ((_weekdays >> CivilDay.Weekday(firstDay + i) & 1) == 0) continue;
            CivilDay.Split(firstDay + i, out _, out var month, out _);
            if (HasMonth(month)) set.Add(i);
        }
        return set;
    }

    /// <summary>The days of a month that BYMONTH has.</summary>
    public DaySet OfMonth(int year, int month)
    {
        var set = new DaySet(CivilDay.Of(year, month, 1));
        var byMonthDay = (_monthDays | _monthDaysFromEnd) != 0;
        if (byMonthDay) AddMonthDays(ref set, 0, CivilDay.MonthLength(year, month));
        if (_rule.ByDay.Count == 0) return set;
        var days = new DaySet(set.FirstDay);
        AddWeekdays(ref days, 0, CivilDay.MonthLength(year, month));
        if (!byMonthDay) return days;
        set.Intersect(days);
        return set;
    }

    /// <summary>The days of a year.</summary>
    public DaySet OfYear(int year)
    {
        var set = new DaySet(CivilDay.OfYear(year));
        var length = CivilDay.YearLength(year);
        set.AddRange(0, _forwards ? length + 1 : length);
        if ((_monthDays | _monthDaysFromEnd) != 0) set.Intersect(MonthDaysOfYear(year, set.FirstDay));
        else if (_months != AllMonths) set.Intersect(MonthsOfYear(year, set.FirstDay));
        if (_rule.ByYearDay.Count > 0) set.Intersect(YearDays(set.FirstDay, length));
        if (_rule.ByWeekNumber.Count > 0) set.Intersect(WeeksOfYear(year, set.FirstDay, length));
        if (_weekdays != 0 || _ordinals) set.Intersect(WeekdaysOfYear(year, set.FirstDay, length));
        return set;
    }

    /// <summary>Whether a date of a year passes, whatever its day of the week: every date is on each of them in some year.</summary>
    private bool HasDateIn(int year)
    {
        for (var month = 1; month <= 12; month++)
        {
            for (var day = CivilDay.MonthLength(year, month); day > 0 && HasMonth(month); day--)
            {
                if (MatchesDate(year, month, day)) return true;
            }
        }
        return false;
    }

    private static uint MaskOf(IReadOnlyList<int> values)
    {
        var mask = 0u;
        for (var i = 0; i < values.Count; i++) mask |= 1u << values[i];
        return mask;
    }

    private static bool Contains(IReadOnlyList<int> values, int value)
    {
        for (var i = 0; i < values.Count; i++)
        {
            if (values[i] == value) return true;
        }
        return false;
    }

    private DaySet MonthsOfYear(int year, int firstDay)
    {
        var set = new DaySet(firstDay);
        for (var month = 1; month <= 12; month++)
        {
            if (HasMonth(month)) set.AddRange(CivilDay.BeforeMonth(year, month), CivilDay.MonthLength(year, month));
        }
        return set;
    }

    private DaySet MonthDaysOfYear(int year, int firstDay)
    {
        var set = new DaySet(firstDay);
        for (var month = 1; month <= 12; month++)
        {
            if (HasMonth(month)) AddMonthDays(ref set, CivilDay.BeforeMonth(year, month), CivilDay.MonthLength(year, month));
        }
        return set;
    }

    private void AddMonthDays(ref DaySet set, int offset, int length)
    {
        var within = (1u << length) - 1;
        var days = _monthDays >> 1;
        if ((days & ~within) != 0 && Place(31, length) is var index and >= 0) set.Add(offset + index);
        set.AddMask(offset, (days & within) | (_monthDaysReversed >> (31 - length)));
    }

    /// <summary>Where the n-th day of a period of some length is, as SKIP has it; -1 when it is left out.</summary>
    private int Place(int ordinal, int length)
    {
        if (ordinal <= length) return ordinal - 1;
        return _skip switch { Skip.Backward => length - 1, Skip.Forward => length, _ => -1 };
    }

    private DaySet YearDays(int firstDay, int length)
    {
        var set = new DaySet(firstDay);
        for (var i = 0; i < _rule.ByYearDay.Count; i++)
        {
            var day = _rule.ByYearDay[i];
            var index = day > 0 ? Place(day, length) : length + day;
            if (index >= 0) set.Add(index);
        }
        return set;
    }

    /// <summary>The days of a calendar year in the weeks named; its first and last days may be in a week of the year before or after.</summary>
    private DaySet WeeksOfYear(int year, int firstDay, int length)
    {
        var set = new DaySet(firstDay);
        for (var weekYear = year - 1; weekYear <= year + 1; weekYear++)
        {
            var first = CivilDay.FirstWeekOf(weekYear, _weekStart);
            var weeks = (CivilDay.FirstWeekOf(weekYear + 1, _weekStart) - first) / 7;
            for (var i = 0; i < _rule.ByWeekNumber.Count; i++)
            {
                var week = _rule.ByWeekNumber[i];
                var number = week > 0 ? week - 1 : weeks + week;
                if (number < 0 || number >= weeks) continue;
                var from = Math.Max(first + (number * 7) - firstDay, 0);
                var until = Math.Min(first + (number * 7) + 7 - firstDay, length);
                if (from < until) set.AddRange(from, until - from);
            }
        }
        return set;
    }

    private DaySet WeekdaysOfYear(int year, int firstDay, int length)
    {
        var set = new DaySet(firstDay);
        if (_rule.ByMonth.Count == 0)
        {
            AddWeekdays(ref set, 0, length);
            return set;
        }
        for (var month = 1; month <= 12; month++) AddWeekdays(ref set, CivilDay.BeforeMonth(year, month), CivilDay.MonthLength(year, month));
        return set;
    }

    /// <summary>Adds the days of the week named, and the n-th ones, of a month or year; for SKIP=FORWARD, which comes before BYDAY (RFC 7529 §4.1), those of the day after it too.</summary>
    private void AddWeekdays(ref DaySet set, int offset, int length)
    {
        var firstWeekday = CivilDay.Weekday(set.FirstDay + offset);
        if (_weekdays != 0) set.AddWeekly(offset, _forwards ? length + 1 : length, ((_weekdays << 7 | _weekdays) >> firstWeekday) & 0x7f);
        if (!_ordinals) return;
        for (var i = 0; i < _rule.ByDay.Count; i++)
        {
            var (ordinal, day) = _rule.ByDay[i];
            if (ordinal == 0) continue;
            var first = ((int)day - 1 - firstWeekday + 7) % 7;
            var count = (length - first + 6) / 7;
            var nth = ordinal > 0 ? ordinal - 1 : count + ordinal;
            if (nth >= 0 && nth < count) set.Add(offset + first + (nth * 7));
        }
    }
}
