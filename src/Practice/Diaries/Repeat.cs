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
}

/// <summary>
/// How an appointment repeats (docs/rules.md A3): every N days, weeks or months, on chosen days, until a date or a count, or with no end.
/// </summary>
/// <param name="Unit">The unit.</param>
/// <param name="Every">Every so many units; from 1.</param>
public sealed record Repeat(RepeatUnit Unit, int Every = 1)
{
    /// <summary>The days of the week; with <see cref="RepeatUnit.Week"/>. Empty: that of the start.</summary>
    public IReadOnlyList<IsoDayOfWeek> Days { get; init; } = [];

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

    /// <summary>Reads an RRULE value; null when it is none, or says more than a repeat of the diary can.</summary>
    internal static Repeat? TryRead(string text, DateTimeZone zone)
    {
        if (!RecurrenceRule.TryParse(text, out var rule, out _)) return null;
        RepeatUnit? unit = rule.Frequency switch { Frequency.Daily => RepeatUnit.Day, Frequency.Weekly => RepeatUnit.Week, Frequency.Monthly => RepeatUnit.Month, _ => null };
        var parts = rule.ToString().Split(';').Select(part => part.Split('=')[0]);
        if (unit is not { } known || parts.Except(["FREQ", "INTERVAL", "COUNT", "UNTIL", "BYDAY", rule.Interval == 1 ? "WKST" : ""]).Any()) return null;
        if (rule.ByDay.Count > 0 && (known != RepeatUnit.Week || rule.ByDay.Any(day => day.Ordinal != 0))) return null;
        LocalDate? until = rule.Until switch
        {
            null => null,
            { Kind: CalendarTimeKind.Utc } utc => utc.Local.InUtc().WithZone(zone).Date,
            { } local => local.Local.Date,
        };
        return new Repeat(known, rule.Interval) { Days = [.. rule.ByDay.Select(day => day.Day)], Count = rule.Count, Until = until };
    }

    /// <summary>The RRULE value.</summary>
    internal string ToRule(LocalDateTime start, DateTimeZone zone, bool allDay)
    {
        if (Every is < 1 or > 1000) throw new DiaryException(DiaryFault.Invalid, "A repeat is every 1 to 1000 days, weeks or months.");
        if (Count is < 1 or > 10_000) throw new DiaryException(DiaryFault.Invalid, "A repeat has 1 to 10000 appointments.");
        if (Count is not null && Until is not null) throw new DiaryException(DiaryFault.Invalid, "A repeat ends on a date or after a count, not both.");
        if (Until < start.Date) throw new DiaryException(DiaryFault.Invalid, "A repeat cannot end before it starts.");
        if (Days.Count > 0 && Unit != RepeatUnit.Week) throw new DiaryException(DiaryFault.Invalid, "Days of the week belong to a weekly repeat.");
        if (Days.Any(day => day is < IsoDayOfWeek.Monday or > IsoDayOfWeek.Sunday))
            throw new DiaryException(DiaryFault.Invalid, "The days of a repeat are days of the week.");
        if (Days.Count > 0 && !Days.Contains(start.DayOfWeek))
            throw new DiaryException(DiaryFault.Invalid, "The first appointment must be on one of the days of its repeat.");
        var rule = new StringBuilder("FREQ=").Append(Unit switch { RepeatUnit.Day => "DAILY", RepeatUnit.Week => "WEEKLY", _ => "MONTHLY" });
        if (Every > 1) rule.Append(CultureInfo.InvariantCulture, $";INTERVAL={Every}");
        if (Days.Count > 0)
            rule.Append(";BYDAY=").AppendJoin(',', Days.Distinct().Order().Select(day => day.ToString()[..2].ToUpperInvariant()));
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
}
