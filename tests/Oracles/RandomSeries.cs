using Calendaring.Occurrences;
using Calendaring.Recurrence;
using NodaTime;

namespace Oracles;

/// <summary>
/// Makes series at random: every rule part that RFC 5545 §3.3.10 allows together, every form of DTSTART and UNTIL, zones with daylight saving in both hemispheres, dates added and
/// taken out. Two of three start on an occurrence of their rule, as the RFC asks; the others leave it to the reader what DTSTART is.
/// </summary>
internal sealed class RandomSeries(int seed)
{
    private static readonly string[] Weekdays = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"];

    // gaps at 1, 2 and 3 o'clock and at midnight, of half an hour, with "standard" time in summer (Dublin), east and west, north and south, and none
    private static readonly string[] Zones =
    [
        "Europe/Berlin", "America/New_York", "Australia/Sydney", "Pacific/Auckland", "America/Santiago", "Europe/London", "Europe/Dublin", "Australia/Lord_Howe",
 "America/Denver", "Asia/Beirut", "America/St_Johns", "Pacific/Chatham", "Asia/Kolkata", "Pacific/Apia",
    ];

    private static readonly int[] FineIntervals = [1, 2, 3, 5, 7, 8, 10, 12, 15, 18, 20, 24, 30, 36, 40, 45, 48, 60, 72, 90, 120, 144, 180];

    private readonly Random _random = new(seed);

    /// <summary>The next series.</summary>
    public Series Next()
    {
        var form = (StartForm)Pick(3, 3, 2, 7);
        var frequency = (Frequency)Pick(2, 3, 4, 7, 8, 8, 8);
        // the day of a date is the finest there is
        if (form == StartForm.Date && frequency < Frequency.Daily) frequency = Frequency.Daily;
        var start = StartOf(form);
        var until = start.PlusDays(frequency switch { < Frequency.Daily => 40, Frequency.Daily or Frequency.Weekly => 1500, Frequency.Monthly => 3000, _ => 5000 });
        var rule = Rule(frequency, start, form);
        // an oracle walks to the year 9999 for what never comes: a few such rules are enough
        while (Occurrences(rule, start, until, 4).Count < 4 && _random.Next(50) > 0) rule = Rule(frequency, start, form);
        if (_random.Next(3) > 0) start = Occurrences(rule, start, until, 2).LastOrDefault(start);
        var series = new Series(form, form == StartForm.Zoned ? Zones[_random.Next(Zones.Length)] : null, start, until, 12);
        var times = Occurrences(rule, start, until, 14);
        series.Rules.Add(rule + End(times, form, series.Zone));
        if (_random.Next(14) == 0) series.Rules.Add(Rule(form == StartForm.Date ? Frequency.Weekly : (Frequency)_random.Next(2, 7), start, form));
        if (_random.Next(5) == 0) Exclude(series, times);
        if (_random.Next(6) == 0) Add(series, times);
        return series;
    }

    private static List<LocalDateTime> Occurrences(string rule, LocalDateTime start, LocalDateTime until, int count) => RecurrenceRule.TryParse(rule, out var parsed, out var reason)
        ? [.. parsed.Expand(start, start, new ExpansionBudget(ExpansionBudget.DefaultSteps)).TakeWhile(time => time <= until).Take(count)]
        : throw new InvalidOperationException($"{rule}: {reason}");

    private LocalDateTime StartOf(StartForm form)
    {
        // every year of 1970-2037 that leaves room for what follows
        var date = new LocalDate(1997, 1, 1).PlusDays(_random.Next(26 * 365));
        if (form == StartForm.Date) return date.AtMidnight();
        // half of them where the gaps and the hours that come twice are
        var minute = _random.Next(2) == 0 ? _random.Next(8) * 30 : _random.Next(24 * 12) * 5;
        return date.AtMidnight().PlusMinutes(minute).PlusSeconds(_random.Next(6) == 0 ? _random.Next(60) : 0);
    }

    private string Rule(Frequency frequency, LocalDateTime start, StartForm form)
    {
        var parts = new List<string> { "FREQ=" + frequency.ToString().ToUpperInvariant() };
        if (_random.Next(2) == 0) parts.Add($"INTERVAL={IntervalOf(frequency)}");
        var fine = frequency < Frequency.Daily;
        List(parts, 25, "BYMONTH", 1, 12, false, fine ? start.Month : 0);
        if (frequency == Frequency.Yearly) List(parts, 15, "BYWEEKNO", 1, 53, true);
        if (frequency == Frequency.Yearly || fine) List(parts, fine ? 4 : 15, "BYYEARDAY", 1, 366, true, fine ? start.DayOfYear : 0);
        if (frequency != Frequency.Weekly) List(parts, 25, "BYMONTHDAY", 1, 31, true, fine ? start.Day : 0);
        if (_random.Next(100) < 45) parts.Add(Days(frequency, parts.Exists(part => part.StartsWith("BYWEEKNO", StringComparison.Ordinal))));
        if (form != StartForm.Date)
        {
            List(parts, 15, "BYHOUR", 0, 23, false, fine ? start.Hour : -1);
            List(parts, 15, "BYMINUTE", 0, 59, false, fine ? start.Minute : -1);
            List(parts, 8, "BYSECOND", 0, 59, false, fine ? start.Second : -1);
        }

        if (parts.Exists(part => part.StartsWith("BY", StringComparison.Ordinal))) List(parts, 20, "BYSETPOS", 1, 4, true);
        if (_random.Next(3) == 0) parts.Add("WKST=" + Weekdays[_random.Next(7)]);
        return string.Join(';', parts);
    }

    private int IntervalOf(Frequency frequency) => frequency switch
    {
        Frequency.Yearly => _random.Next(1, 4),
        < Frequency.Daily => FineIntervals[_random.Next(FineIntervals.Length)],
        _ => _random.Next(1, 12),
    };

    /// <summary>A list of values; of a fine frequency it has the value of DTSTART mostly, as no oracle finds its way to a rare second in a life time.</summary>
    private void List(List<string> parts, int chance, string name, int min, int max, bool signed, int ofStart = -1)
    {
        if (_random.Next(100) >= chance) return;
        var values = new SortedSet<int>();
        if (ofStart >= min && _random.Next(8) > 0) values.Add(ofStart);
        for (var count = _random.Next(1, 4); count > 0; count--) values.Add(_random.Next(min, max + 1) * (signed && _random.Next(3) == 0 ? -1 : 1));
        parts.Add($"{name}={string.Join(',', values)}");
    }

    private string Days(Frequency frequency, bool weeks)
    {
        var ordinals = frequency >= Frequency.Monthly && !weeks;
        var days = new SortedSet<string>(StringComparer.Ordinal);
        var mixed = _random.Next(8) == 0;
        var numbered = _random.Next(2) == 0;
        for (var count = _random.Next(1, 4); count > 0; count--)
        {
            var ordinal = ordinals && (mixed ? _random.Next(2) == 0 : numbered) ? _random.Next(1, frequency == Frequency.Yearly && _random.Next(2) == 0 ? 53 : 5) * (_random.Next(3) == 0 ? -1 : 1) : 0;
            days.Add((ordinal == 0 ? "" : $"{ordinal}") + Weekdays[_random.Next(7)]);
        }

        return "BYDAY=" + string.Join(',', days);
    }

    private string End(List<LocalDateTime> times, StartForm form, string? zone)
    {
        switch (_random.Next(4))
        {
            case 0:
                return $";COUNT={_random.Next(1, 13)}";
            case 1:
                var last = times[_random.Next(times.Count)].PlusSeconds(_random.Next(3) - 1);
                if (form == StartForm.Date || _random.Next(10) == 0) return $";UNTIL={last:uuuuMMdd}";
                if (form == StartForm.Utc) return $";UNTIL={last:uuuuMMdd'T'HHmmss}Z";
                // a local UNTIL beside a zone is against §3.3.10, and sent all the same
                if (zone is null || _random.Next(10) == 0) return $";UNTIL={last:uuuuMMdd'T'HHmmss}";
                return $";UNTIL={last.InZoneLeniently(DateTimeZoneProviders.Tzdb[zone]).ToInstant():uuuuMMdd'T'HHmmss'Z'}";
            default:
                return "";
        }
    }

    private void Exclude(Series series, List<LocalDateTime> times)
    {
        foreach (var index in Enumerable.Range(0, _random.Next(1, 4)).Select(_ => _random.Next(times.Count)).Distinct())
            series.Excluded.Add(series.Value(_random.Next(6) == 0 ? times[index].PlusDays(1) : times[index], utc: _random.Next(3) == 0));
    }

    private void Add(Series series, List<LocalDateTime> times)
    {
        for (var count = _random.Next(1, 4); count > 0; count--)
        {
            var time = _random.Next(5) == 0 ? times[_random.Next(times.Count)]
                : series.Start.PlusSeconds(_random.Next((int)Period.Between(series.Start, times[^1], PeriodUnits.Days).Days + 100) * 86_400L)
                    .PlusMinutes(series.Form == StartForm.Date ? 0 : _random.Next(1440));
            series.Added.Add(series.Value(time, utc: _random.Next(3) == 0));
        }
    }

    private int Pick(params ReadOnlySpan<int> weights)
    {
        var sum = 0;
        foreach (var weight in weights) sum += weight;
        var drawn = _random.Next(sum);
        var index = 0;
        while (drawn >= weights[index]) drawn -= weights[index++];
        return index;
    }
}
