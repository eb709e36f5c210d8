using System.Globalization;
using NodaTime;

namespace Calendaring.TimeZones;

/// <summary>The rule that the onsets of one kind follow each year: a day of the week within seven days of a month, at a time.</summary>
internal sealed class YearlyOnset
{
    private static readonly string[] Days = ["", "MO", "TU", "WE", "TH", "FR", "SA", "SU"];

    private readonly ZoneOnset _last;
    private readonly int _firstDay;
    private readonly bool _lastWeek;

    private YearlyOnset(ZoneOnset last, int firstDay, bool lastWeek) => (_last, _firstDay, _lastWeek) = (last, firstDay, lastWeek);

    /// <summary>The rule of onsets that are one in each year; null when there is none. They must cover all seven days that it may fall on: 28 years.</summary>
    public static YearlyOnset? Of(IReadOnlyList<ZoneOnset> onsets)
    {
        var last = onsets[^1];
        int min = 31, max = 1, fromEnd = 31;
        for (var i = 0; i < onsets.Count; i++)
        {
            var (onset, local) = (onsets[i], onsets[i].Local);
            if (onset.Start is null || !onset.IsLike(last) || local.TimeOfDay != last.Local.TimeOfDay || local.Month != last.Local.Month || local.DayOfWeek != last.Local.DayOfWeek) return null;
            if (local.Year != onsets[0].Local.Year + i) return null;
            min = Math.Min(min, local.Day);
            max = Math.Max(max, local.Day);
            fromEnd = Math.Min(fromEnd, DaysAfter(local));
        }

        if (max - min <= 6) return new(last, min, lastWeek: fromEnd == 0 && min >= 22 && max > 28);
        // the last of February is on eight days
        return last.Local.Month == 2 && min >= 22 && fromEnd == 0 ? new(last, 0, lastWeek: true) : null;
    }

    /// <summary>Whether an onset of an earlier year follows the rule too.</summary>
    public bool Has(ZoneOnset onset)
    {
        var local = onset.Local;
        return onset.Start is not null && onset.IsLike(_last) && local.TimeOfDay == _last.Local.TimeOfDay && local.Month == _last.Local.Month && local.DayOfWeek == _last.Local.DayOfWeek
            && (_lastWeek ? DaysAfter(local) < 7 : local.Day >= _firstDay && local.Day < _firstDay + 7);
    }

    /// <summary>The RRULE value.</summary>
    public override string ToString()
    {
        var day = Days[(int)_last.Local.DayOfWeek];
        var rule = string.Create(CultureInfo.InvariantCulture, $"FREQ=YEARLY;BYMONTH={_last.Local.Month}");
        if (_lastWeek) return $"{rule};BYDAY=-1{day}";
        if (_firstDay % 7 == 1) return string.Create(CultureInfo.InvariantCulture, $"{rule};BYDAY={(_firstDay / 7) + 1}{day}");
        return string.Create(CultureInfo.InvariantCulture, $"{rule};BYMONTHDAY={string.Join(',', Enumerable.Range(_firstDay, 7))};BYDAY={day}");
    }

    private static int DaysAfter(LocalDateTime local) => CalendarSystem.Iso.GetDaysInMonth(local.Year, local.Month) - local.Day;
}
