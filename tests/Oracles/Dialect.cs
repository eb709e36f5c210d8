using Calendaring.ICalendar;
using Calendaring.Occurrences;
using Calendaring.Recurrence;
using NodaTime;

namespace Oracles;

/// <summary>
/// How a reader of series understands what the RFC leaves open, or what it gets wrong: with it, what that reader must answer is computed from our rules. As it is made, it is ours.
/// </summary>
internal sealed class Dialect
{
    private const int Most = 60;

    /// <summary>DTSTART is an occurrence, and counts, only where the rule has it.</summary>
    public bool DtstartMustFit { get; set; }

    /// <summary>An UNTIL before DTSTART leaves nothing of the rule.</summary>
    public bool UntilBindsDtstart { get; set; }

    /// <summary>An UNTIL that is a DATE is its midnight on the clock of DTSTART, and not the whole day.</summary>
    public bool UntilDateIsMidnight { get; set; }

    /// <summary>BYWEEKNO with no part that names days means all days of the week.</summary>
    public bool WeekNumberMeansAllDays { get; set; }

    /// <summary>Of BYDAY with and without numbers, only the days that are meant by both count.</summary>
    public bool DaysMustBeMeantTwice { get; set; }

    /// <summary>In the first week BYSETPOS counts from the day of DTSTART.</summary>
    public bool PositionsFromDtstart { get; set; }

    /// <summary>A local time in a gap is read with the offset after it.</summary>
    public bool OffsetAfterGap { get; set; }

    /// <summary>Of the two times that a clock shows when it is set back, the later is meant.</summary>
    public bool LaterOfTwo { get; set; }

    /// <summary>An UNTIL without Z is in UTC, whatever the zone of DTSTART.</summary>
    public bool UntilIsInUtc { get; set; }

    /// <summary>Times are ordered, and compared with UNTIL and EXDATE, on the clock.</summary>
    public bool OrderedByClock { get; set; }

    /// <summary>A UTC UNTIL is put on the clock of DTSTART, and compared there.</summary>
    public bool UntilByClock { get; set; }

    /// <summary>BYMONTHDAY of a yearly rule that names no month means days of the month of DTSTART.</summary>
    public bool MonthDaysOfDtstartsMonth { get; set; }

    /// <summary>The first occurrences as the reader has them.</summary>
    public IReadOnlyList<Time> Expand(Series series)
    {
        long Key(Time time) => OrderedByClock ? time.Local : time.Instant;
        var excluded = series.Excluded.Select(value => Key(Value(series, value))).ToHashSet();
        var times = new SortedDictionary<long, Time>();
        foreach (var time in series.Added.Select(value => Value(series, value)).Concat(series.Parsed.SelectMany(rule => Rule(series, rule))))
        {
            if (!excluded.Contains(Key(time))) times.TryAdd(Key(time), time);
        }

        var until = Seconds(series.Until);
        return [.. times.Values.TakeWhile(time => time.Local <= until).Take(series.Count)];
    }

    /// <summary>
    /// Whether a rule has DTSTART. The calendar repeats itself after 400 years, and a rule after a multiple of its INTERVAL of them: there it has DTSTART again, or not.
    /// </summary>
    public static bool Fits(RecurrenceRule rule, LocalDateTime start)
    {
        var again = start.PlusYears(400 * CyclesOf(rule));
        return (rule with { Count = null, Until = null }).Expand(start, again, new ExpansionBudget(ExpansionBudget.DefaultSteps)).FirstOrDefault() == again;
    }

    /// <summary>How many times 400 years are a multiple of INTERVAL.</summary>
    private static int CyclesOf(RecurrenceRule rule)
    {
        const long Days = 146_097;
        var periods = rule.Frequency switch
        {
            Frequency.Yearly => 400,
            Frequency.Monthly => 4800,
            Frequency.Weekly => Days / 7,
            Frequency.Daily => Days,
            Frequency.Hourly => Days * 24,
            Frequency.Minutely => Days * 1440,
            _ => Days * 86_400,
        };
        var cycles = 1;
        while (periods * cycles % rule.Interval != 0) cycles++;
        return cycles;
    }

    private static long Seconds(LocalDateTime local) => local.InUtc().ToInstant().ToUnixTimeSeconds();

    private IEnumerable<Time> Rule(Series series, RecurrenceRule rule)
    {
        var start = series.Start;
        if (WeekNumberMeansAllDays && OpenWeekNumber(rule)) rule = AllDays(rule);
        if (MonthDaysOfDtstartsMonth && IsMonthDayOfAnyMonth(rule)) rule = rule with { ByMonth = Read($"{rule};BYMONTH={start.Month}").ByMonth };
        if (DaysMustBeMeantTwice && IsMixed(rule))
        {
            rule = rule with { ByDay = [.. rule.ByDay.Where(day => day.Ordinal != 0 && rule.ByDay.Contains(new ByDay(0, day.Day)))] };
            if (rule.ByDay.Count == 0) yield break;
        }

        var left = rule.Count ?? int.MaxValue;
        foreach (var local in Locals(series, rule with { Count = null, Until = null }))
        {
            var time = At(series, Seconds(local));
            if (left-- == 0) yield break;
            if ((local != start || UntilBindsDtstart) && rule.Until is { } until && IsAfter(series, time, until)) continue;
            yield return time;
        }
    }

    private IEnumerable<LocalDateTime> Locals(Series series, RecurrenceRule rule)
    {
        var start = series.Start;
        var last = series.Until.PlusDays(1);
        var firstWeekOwn = PositionsFromDtstart && rule.Frequency == Frequency.Weekly && rule.BySetPosition.Count > 0;
        var nextWeek = firstWeekOwn ? start.Date.Minus(Period.FromDays(((int)start.DayOfWeek - (int)rule.WeekStart + 7) % 7)).PlusDays(7).AtMidnight() : start;
        if (firstWeekOwn)
        {
            var candidates = WholeWeek(rule, start).Where(time => time >= start.Date.AtMidnight() && time < nextWeek).ToList();
            foreach (var index in rule.BySetPosition.Select(position => position > 0 ? position - 1 : candidates.Count + position).Where(i => i >= 0 && i < candidates.Count).Distinct().Order())
            {
                if (candidates[index] >= start) yield return candidates[index];
            }
        }

        var fits = !DtstartMustFit || Fits(rule, start);
        foreach (var local in rule.Expand(start, nextWeek, new ExpansionBudget(ExpansionBudget.DefaultSteps)).Take(Most).TakeWhile(time => time <= last))
        {
            if (local == start && (!fits || firstWeekOwn)) continue;
            yield return local;
        }
    }

    /// <summary>What a weekly rule has in the week of DTSTART without BYSETPOS; found a multiple of 400 years and of INTERVAL later, as nothing of a series is before DTSTART.</summary>
    private static IEnumerable<LocalDateTime> WholeWeek(RecurrenceRule rule, LocalDateTime start)
    {
        var years = 400 * CyclesOf(rule);
        var open = rule with { BySetPosition = [], Count = null, Until = null };
        return open.Expand(start, start.Date.AtMidnight().PlusYears(years), new ExpansionBudget(ExpansionBudget.DefaultSteps)).Take(1000).Select(time => time.PlusYears(-years));
    }

    /// <summary>Whether BYDAY has days with and without a number.</summary>
    public static bool IsMixed(RecurrenceRule rule) => rule.ByDay.Any(day => day.Ordinal == 0) && rule.ByDay.Any(day => day.Ordinal != 0);

    /// <summary>Whether BYWEEKNO stands with no part that says which days are meant.</summary>
    public static bool OpenWeekNumber(RecurrenceRule rule) =>
        rule.ByWeekNumber.Count > 0 && rule.ByDay.Count == 0 && rule.ByMonthDay.Count == 0 && rule.ByYearDay.Count == 0;

    /// <summary>Whether a yearly rule names days of the month, which no other part but days of the week limits.</summary>
    public static bool IsMonthDayOfAnyMonth(RecurrenceRule rule) =>
        rule is { Frequency: Frequency.Yearly, ByMonthDay.Count: > 0, ByMonth.Count: 0, ByWeekNumber.Count: 0, ByYearDay.Count: 0 } && rule.ByDay.All(day => day.Ordinal == 0);

    private static RecurrenceRule AllDays(RecurrenceRule rule) => Read(rule + ";BYDAY=MO,TU,WE,TH,FR,SA,SU");

    private static RecurrenceRule Read(string text) => RecurrenceRule.TryParse(text, out var rule, out var reason) ? rule : throw new InvalidOperationException(reason);

    private bool IsAfter(Series series, Time time, CalendarTime until)
    {
        var seconds = Seconds(until.Local);
        if (UntilIsInUtc) return time.Instant > seconds;
        if (until.IsDate) return time.Local > seconds + (UntilDateIsMidnight ? 0 : 86_399);
        if (until.Kind != CalendarTimeKind.Utc || series.Form == StartForm.Floating) return time.Local > seconds;
        return UntilByClock ? time.Local > Seconds(until.Local.InUtc().ToInstant().InZone(series.ZoneOfStart).LocalDateTime) : time.Instant > seconds;
    }

    /// <summary>A value in UTC is the moment it says, whatever the clock shows.</summary>
    private Time Value(Series series, string value) =>
        value.EndsWith('Z') && series.Zone is not null ? new(series.LocalSeconds(value), (series with { Zone = null }).LocalSeconds(value)) : At(series, series.LocalSeconds(value));

    private Time At(Series series, long local)
    {
        var wall = Instant.FromUnixTimeSeconds(local).InUtc().LocalDateTime;
        var map = series.ZoneOfStart.MapLocal(wall);
        var late = map.Count == 0 ? OffsetAfterGap : map.Count == 2 && LaterOfTwo;
        var interval = late ? map.LateInterval : map.EarlyInterval;
        return new(local, local - interval.WallOffset.Seconds);
    }
}
