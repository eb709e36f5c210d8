using Calendaring.ICalendar;
using Calendaring.Recurrence;
using NodaTime;

namespace Practice.Diaries;

/// <summary>
/// By which rules the diary repeats an appointment (docs/rules.md A3): every N days, weeks, months or years, on chosen days of the week or one weekday of the month, until a date or a count, or with no
/// end.
/// </summary>
public static class Repeating
{
    /// <summary>When an appointment that repeats by a rule would take place from a first start on, up to a time.</summary>
    /// <param name="rule">The rule.</param>
    /// <param name="start">The first start.</param>
    /// <param name="until">Up to when.</param>
    /// <param name="zone">Its zone.</param>
    /// <param name="allDay">Whether it takes whole days.</param>
    /// <exception cref="DiaryException">It cannot repeat in this way.</exception>
    public static IReadOnlyList<LocalDateTime> Starts(RecurrenceRule rule, LocalDateTime start, LocalDateTime until, DateTimeZone zone, bool allDay)
    {
        ArgumentNullException.ThrowIfNull(rule);
        var written = allDay ? CalendarTime.OfDate(start.Date) : new CalendarTime(start, CalendarTimeKind.Zoned, zone.Id);
        var times = Checked(rule, written, zone).Expand(start, start, new ExpansionBudget(ExpansionBudget.DefaultSteps), allDay ? null : zone);
        return [.. times.TakeWhile(time => time < until)];
    }

    /// <summary>Whether a rule says no more than the diary can.</summary>
    /// <param name="rule">The rule; <see cref="RecurrenceRule.Given"/> leaves out what its start says anyway.</param>
    public static bool CanSay(RecurrenceRule rule)
    {
        ArgumentNullException.ThrowIfNull(rule);
        var rest = rule.WithoutEnd() with { Interval = 1, WeekStart = IsoDayOfWeek.Monday, ByDay = [], ByMonth = [] };
        if (!rest.Equals(new RecurrenceRule(rule.Frequency)) || !rule.Equals(rule with { WeekStart = IsoDayOfWeek.Monday })) return false;
        return rule.Frequency switch
        {
            Frequency.Daily => rule.ByDay.Count + rule.ByMonth.Count == 0,
            Frequency.Weekly => rule.ByMonth.Count == 0 && rule.ByDay.All(static day => day.Ordinal == 0),
            Frequency.Monthly => rule.ByMonth.Count == 0 && (rule.ByDay.Count == 0 || IsWeekOfMonth(rule)),
            // without a month, the 2nd Tuesday of a year would be its second (RFC 5545 §3.3.10)
            Frequency.Yearly => (rule.ByDay.Count == 0 && rule.ByMonth.Count == 0) || (rule.ByMonth.Count == 1 && IsWeekOfMonth(rule)),
            _ => false,
        };
    }

    /// <summary>Reads an RRULE value that a device has written; null when it is none, or says more than what is taken over from a device.</summary>
    internal static RecurrenceRule? TryRead(string text) =>
        RecurrenceRule.TryParse(text, out var rule, out _) && CanSay(rule) && rule.Frequency != Frequency.Yearly && rule.ByDay.All(static day => day.Ordinal == 0) ? rule.WithoutExtensions() : null;

    /// <summary>The rule as it is written for a start.</summary>
    /// <exception cref="DiaryException">The diary does not repeat in this way, or not from this start.</exception>
    internal static RecurrenceRule Checked(RecurrenceRule rule, CalendarTime start, DateTimeZone zone) =>
        (Fault(rule, start, zone) ?? FaultOfDays(rule, start.Local.Date)) is { } fault ? throw new DiaryException(DiaryFault.Invalid, fault) : rule.EndInFormOf(start, zone);

    private static string? Fault(RecurrenceRule rule, CalendarTime start, DateTimeZone zone)
    {
        if (rule.Interval is < 1 or > 1000) return "A repeat is every 1 to 1000 days, weeks, months or years.";
        if (rule.Count is < 1 or > 10_000) return "A repeat has 1 to 10000 appointments.";
        if (rule is { Count: not null, Until: not null }) return "A repeat ends on a date or after a count, not both.";
        return rule.LastDay(start, zone) < start.Local.Date ? "A repeat cannot end before it starts." : null;
    }

    private static string? FaultOfDays(RecurrenceRule rule, LocalDate first)
    {
        if (rule.ByDay.Any(static day => day.Ordinal != 0))
        {
            if (rule.Frequency is not (Frequency.Monthly or Frequency.Yearly) || rule.ByDay.Any(static day => day.Ordinal is not (-1 or (>= 1 and <= 5))))
                return "A week of the month is the 1st to the 5th or the last, and belongs to a monthly or yearly repeat.";
            if (rule.ByDay is not [var only] || !only.IsInMonth(first) || rule.ByMonth.Any(month => month != first.Month))
                return "The first appointment of the series must be on the weekday of the month on which it repeats: change this one and all that follow.";
        }
        else if (rule.ByDay.Count > 0)
        {
            if (rule.Frequency != Frequency.Weekly) return "Days of the week belong to a weekly repeat.";
            if (rule.ByDay.Any(static day => day.Day is < IsoDayOfWeek.Monday or > IsoDayOfWeek.Sunday)) return "The days of a repeat are days of the week.";
            if (!rule.ByDay.Any(day => day.IsInMonth(first))) return "The first appointment must be on one of the days of its repeat.";
        }

        return CanSay(rule) ? null : "The diary repeats by days, weeks, months or years, on days of the week or on one weekday of the month.";
    }

    private static bool IsWeekOfMonth(RecurrenceRule rule) => rule.ByDay is [{ Ordinal: -1 or (>= 1 and <= 5) }];
}
