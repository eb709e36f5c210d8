using System.Globalization;
using System.Text;
using Calendaring.ICalendar;
using Calendaring.Recurrence;
using NodaTime;

namespace Practice.Diaries;

/// <summary>The unit in which an appointment repeats.</summary>
public enum RepeatUnit
{
    /// <summary>Days.</summary>
    Day,

    /// <summary>Weeks.</summary>
    Week,

    /// <summary>Months.</summary>
    Month,

    /// <summary>Years.</summary>
    Year,
}

/// <summary>
/// How an appointment repeats (docs/rules.md A3): every N days, weeks, months or years, on chosen days, until a date or a count, or with no
/// end.
/// </summary>
/// <param name="Unit">The unit.</param>
/// <param name="Every">Every so many units; from 1.</param>
public sealed record Repeat(RepeatUnit Unit, int Every = 1)
{
    /// <summary>The days of the week, with <see cref="RepeatUnit.Week"/>; the one day, with <see cref="WeekOfMonth"/>. Empty: that of the start.</summary>
    public IReadOnlyList<IsoDayOfWeek> Days { get; init; } = [];

    /// <summary>Which of its weekday in a month it is, from 1 to 5, or -1 for the last: "the 2nd Tuesday" of months or years; null for the day of the month.</summary>
    public int? WeekOfMonth { get; init; }

    /// <summary>The last day on which it may occur, or null.</summary>
    public LocalDate? Until { get; init; }

    /// <summary>How many times, or null.</summary>
    public int? Count { get; init; }

    /// <summary>When it would take place from a first start on, up to a time.</summary>
    /// <exception cref="DiaryException">It cannot repeat in this way.</exception>
    public IReadOnlyList<LocalDateTime> Starts(LocalDateTime start, LocalDateTime until, DateTimeZone zone, bool allDay)
    {
        if (!RecurrenceRule.TryParse(ToRule(start, zone, allDay), out var rule, out var reason)) throw new DiaryException(DiaryFault.Invalid, reason);
        var times = rule.Expand(start, start, new ExpansionBudget(ExpansionBudget.DefaultSteps), allDay ? null : zone);
        return [.. times.TakeWhile(time => time < until)];
    }

    /// <summary>The repeat of an appointment, from its RRULE; null when that says more than a repeat of the diary can.</summary>
    /// <param name="text">The RRULE value.</param>
    /// <param name="start">When the appointment, or one of its series, takes place by the rule.</param>
    /// <param name="zone">Its time zone.</param>
    public static Repeat? Of(string text, LocalDateTime start, DateTimeZone zone)
    {
        if (TryRead(text, zone) is { } plain) return plain;
        if (!RecurrenceRule.TryParse(text, out var rule, out _)) return null;
        RepeatUnit? unit = rule.Frequency switch { Frequency.Monthly => RepeatUnit.Month, Frequency.Yearly => RepeatUnit.Year, _ => null };
        string[] known = ["FREQ", "INTERVAL", "COUNT", "UNTIL", "BYDAY", "BYMONTHDAY", "BYMONTH", "WKST"];
        if (unit is not { } monthly || rule.ToString().Split(';').Select(part => part.Split('=')[0]).Except(known).Any()) return null;
        // what a rule says of the day of its start goes without saying
        if (rule.ByMonthDay.Count > 0 && (rule.ByDay.Count > 0 || rule.ByMonthDay is not [var day] || day != start.Day)) return null;
        if (rule.ByMonth.Count > 0 && (monthly != RepeatUnit.Year || rule.ByMonth is not [var month] || month != start.Month)) return null;
        var repeat = new Repeat(monthly, rule.Interval) { Count = rule.Count, Until = LastDayOf(rule, zone) };
        if (rule.ByDay.Count == 0) return repeat;
        if (rule.ByDay is not [var only] || only.Ordinal is 0 or < -1 or > 5 || (monthly == RepeatUnit.Year && rule.ByMonth.Count == 0)) return null;
        return repeat with { Days = [only.Day], WeekOfMonth = only.Ordinal };
    }

    /// <summary>Whether a day is the one in its month that is meant by the "2nd Tuesday".</summary>
    public static bool IsWeekOfMonth(LocalDate day, int week) =>
        week == -1 ? day.PlusWeeks(1).Month != day.Month : ((day.Day - 1) / 7) + 1 == week;

    /// <summary>Reads an RRULE value; null when it is none, or says more than what is taken over from a device.</summary>
    internal static Repeat? TryRead(string text, DateTimeZone zone)
    {
        if (!RecurrenceRule.TryParse(text, out var rule, out _)) return null;
        RepeatUnit? unit = rule.Frequency switch { Frequency.Daily => RepeatUnit.Day, Frequency.Weekly => RepeatUnit.Week, Frequency.Monthly => RepeatUnit.Month, _ => null };
        var parts = rule.ToString().Split(';').Select(part => part.Split('=')[0]);
        if (unit is not { } known || parts.Except(["FREQ", "INTERVAL", "COUNT", "UNTIL", "BYDAY", rule.Interval == 1 ? "WKST" : ""]).Any()) return null;
        if (rule.ByDay.Count > 0 && (known != RepeatUnit.Week || rule.ByDay.Any(day => day.Ordinal != 0))) return null;
        return new Repeat(known, rule.Interval) { Days = [.. rule.ByDay.Select(day => day.Day)], Count = rule.Count, Until = LastDayOf(rule, zone) };
    }

    private static LocalDate? LastDayOf(RecurrenceRule rule, DateTimeZone zone) => rule.Until switch
    {
        null => null,
        { Kind: CalendarTimeKind.Utc, Local.Year: < RecurrenceRule.FinalYear } utc => utc.Local.InUtc().WithZone(zone).Date,
        { } local => local.Local.Date,
    };

    /// <summary>The RRULE value.</summary>
    internal string ToRule(LocalDateTime start, DateTimeZone zone, bool allDay)
    {
        if (Every is < 1 or > 1000) throw new DiaryException(DiaryFault.Invalid, "A repeat is every 1 to 1000 days, weeks, months or years.");
        if (Count is < 1 or > 10_000) throw new DiaryException(DiaryFault.Invalid, "A repeat has 1 to 10000 appointments.");
        if (Count is not null && Until is not null) throw new DiaryException(DiaryFault.Invalid, "A repeat ends on a date or after a count, not both.");
        if (Until < start.Date) throw new DiaryException(DiaryFault.Invalid, "A repeat cannot end before it starts.");
        if (WeekOfMonth is not null) CheckWeekOfMonth(start.Date);
        else if (Days.Count > 0 && Unit != RepeatUnit.Week) throw new DiaryException(DiaryFault.Invalid, "Days of the week belong to a weekly repeat.");
        if (Days.Any(day => day is < IsoDayOfWeek.Monday or > IsoDayOfWeek.Sunday))
            throw new DiaryException(DiaryFault.Invalid, "The days of a repeat are days of the week.");
        if (Days.Count > 0 && !Days.Contains(start.DayOfWeek))
            throw new DiaryException(DiaryFault.Invalid, "The first appointment must be on one of the days of its repeat.");
        var rule = new StringBuilder("FREQ=").Append(Unit switch { RepeatUnit.Day => "DAILY", RepeatUnit.Week => "WEEKLY", RepeatUnit.Month => "MONTHLY", _ => "YEARLY" });
        if (Every > 1) rule.Append(CultureInfo.InvariantCulture, $";INTERVAL={Every}");
        if (WeekOfMonth is { } week)
        {
            // without a month, the 2nd Tuesday of a year would be its second (RFC 5545 §3.3.10)
            if (Unit == RepeatUnit.Year) rule.Append(CultureInfo.InvariantCulture, $";BYMONTH={start.Month}");
            rule.Append(CultureInfo.InvariantCulture, $";BYDAY={week}{start.DayOfWeek.ToString()[..2].ToUpperInvariant()}");
        }
        else if (Days.Count > 0)
        {
            rule.Append(";BYDAY=").AppendJoin(',', Days.Distinct().Order().Select(day => day.ToString()[..2].ToUpperInvariant()));
        }

        if (Count is { } count) rule.Append(CultureInfo.InvariantCulture, $";COUNT={count}");
        if (Until is { } until)
        {
            // the last moment of the day, in the form that RFC 5545 §3.3.10 asks for
            var end = (until + new LocalTime(23, 59, 59)).InZoneLeniently(zone).ToInstant().InUtc().LocalDateTime;
            rule.Append(";UNTIL=").Append(allDay
                ? until.ToString("yyyyMMdd", CultureInfo.InvariantCulture)
                : end.ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture));
        }

        var text = rule.ToString();
        return RecurrenceRule.TryParse(text, out _, out var reason) ? text : throw new DiaryException(DiaryFault.Invalid, reason);
    }

    private void CheckWeekOfMonth(LocalDate start)
    {
        if (WeekOfMonth is not (-1 or (>= 1 and <= 5)) || Unit is not (RepeatUnit.Month or RepeatUnit.Year))
            throw new DiaryException(DiaryFault.Invalid, "A week of the month is the 1st to the 5th or the last, of a repeat by months or years.");
        if (Days.Count > 1 || (Days is [var day] && day != start.DayOfWeek) || !IsWeekOfMonth(start, WeekOfMonth.Value))
            throw new DiaryException(DiaryFault.Invalid, "The first appointment of the series must be on the weekday of the month on which it repeats: change this one and all that follow.");
    }
}
