using Calendaring.ICalendar;
using NodaTime;

namespace Calendaring.Recurrence;

/// <summary>What a rule says beside its DTSTART.</summary>
public sealed partial record RecurrenceRule
{
    /// <summary>
    /// The rule without what its DTSTART says anyway: BYDAY=TU of a week that starts on a Tuesday, BYMONTHDAY, BYMONTH, BYHOUR, BYMINUTE and BYSECOND likewise; and with an UNTIL in one form, the last
    /// day. Two rules whose rests are equal give the same occurrences.
    /// </summary>
    /// <param name="start">DTSTART.</param>
    /// <param name="zone">Its zone.</param>
    public RecurrenceRule Given(CalendarTime start, DateTimeZone zone)
    {
        var rule = start.IsDate ? OnDates() : this;
        if (rule.Frequency is Frequency.Secondly or Frequency.Minutely or Frequency.Hourly || rule.BySetPosition.Count > 0 || rule.Skip is not null) return rule;
        rule = rule.WithoutTimesOf(start.Local).WithoutDaysOf(start.Local.Date);
        return rule.ByHour.Count + rule.ByMinute.Count + rule.BySecond.Count == 0 && rule.Until is { } until ? rule with { Until = rule.EndInDays(until, start, zone) } : rule;
    }

    private RecurrenceRule WithoutTimesOf(LocalDateTime start) => this with
    {
        ByHour = ByHour is [var hour] && hour == start.Hour ? [] : ByHour,
        ByMinute = ByMinute is [var minute] && minute == start.Minute ? [] : ByMinute,
        BySecond = BySecond is [var second] && second == start.Second ? [] : BySecond,
    };

    private RecurrenceRule WithoutDaysOf(LocalDate start) => Frequency switch
    {
        Frequency.Weekly when ByDay is [{ Ordinal: 0 } day] && day.Day == start.DayOfWeek => this with { ByDay = [] },
        Frequency.Monthly when ByDay.Count == 0 && ByMonthDay is [var day] && day == start.Day => this with { ByMonthDay = [] },
        Frequency.Yearly when ByDay.Count + ByWeekNumber.Count + ByYearDay.Count == 0 && ByMonth is [var month] && month == start.Month && (ByMonthDay.Count == 0 || (ByMonthDay is [var day] && day == start.Day))
            => this with { ByMonth = [], ByMonthDay = [] },
        _ => this,
    };

    // all occurrences are at the time of day of DTSTART: which are left in depends on the day alone
    private CalendarTime EndInDays(CalendarTime until, CalendarTime start, DateTimeZone zone)
    {
        // the last year that a date can have is how some say endless: it has no day after it in another zone
        if (until.IsDate || until.Local.Year == FinalYear) return until;
        // a local time in a gap, or one that comes twice, is left as it is: by the clock it may lie on either side
        var local = EndByTheClock(until, start, zone);
        if (start.Kind == CalendarTimeKind.Zoned && (zone.MapLocal(local).Count != 1 || zone.MapLocal(local.Date + start.Local.TimeOfDay).Count != 1)) return until;
        return CalendarTime.OfDate(LastDay(start, zone)!.Value);
    }
}
