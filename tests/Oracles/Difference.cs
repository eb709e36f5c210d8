using Calendaring.Occurrences;
using Calendaring.Recurrence;

namespace Oracles;

/// <summary>
/// A class of differences between an oracle and us, described in docs/recurrence-differences.md. Where the oracle's way can be computed, <see cref="Change"/> makes it so and its
/// answer must be exactly that; where it cannot, the class is only as wide as <see cref="Applies"/>.
/// </summary>
/// <param name="Name">Its name in the table.</param>
/// <param name="Oracles">Names of the oracles that have it.</param>
/// <param name="Applies">Whether a series can show it.</param>
/// <param name="Change">What makes our way the oracle's.</param>
internal sealed record Difference(string Name, string[] Oracles, Func<Series, bool> Applies, Action<Dialect>? Change = null)
{
    private const string Dateutil = "dateutil";
    private const string RRule = "rrule";
    private const string IcalJs = "ical.js";
    private const string IcalNet = "Ical.Net";

    /// <summary>All classes.</summary>
    public static IReadOnlyList<Difference> All { get; } =
    [
        new("dtstart-not-in-rule", [IcalJs], series => series.Parsed.Any(rule => !Dialect.Fits(rule, series.Start))),
        new("dtstart-not-in-rule", [Dateutil, RRule, IcalNet], series => series.Parsed.Any(rule => !Dialect.Fits(rule, series.Start)), dialect => dialect.DtstartMustFit = true),
        new("until-before-dtstart", [Dateutil, RRule, IcalJs, IcalNet], series => series.Parsed.Any(rule => rule.Until is { } until && until.Local < series.Start.PlusDays(1)), dialect => dialect.UntilBindsDtstart = true),
        new("until-is-a-date", [Dateutil, RRule, IcalNet], series => series.Form != StartForm.Date && AnyUntil(series, until => until.IsDate), dialect => dialect.UntilDateIsMidnight = true),
        new("until-is-local", [IcalJs], series => series.Form != StartForm.Date && AnyUntil(series, until => until.Kind != Calendaring.ICalendar.CalendarTimeKind.Utc), dialect => dialect.UntilIsInUtc = true),
        new("week-number-alone", [Dateutil, RRule], series => series.Parsed.Any(Dialect.OpenWeekNumber), dialect => dialect.WeekNumberMeansAllDays = dialect.DtstartMustFit = dialect.UntilBindsDtstart = true),
        new("weeks-across-new-year", [Dateutil, RRule], series => series.Parsed.Any(rule => rule.ByWeekNumber.Any(week => Math.Abs(week) > 51))),
        new("days-with-and-without-number", [Dateutil, RRule], series => series.Parsed.Any(Dialect.IsMixed), dialect => dialect.DaysMustBeMeantTwice = dialect.DtstartMustFit = dialect.UntilBindsDtstart = true),
        new("positions-in-the-first-week", [Dateutil, RRule], series => series.Parsed.Any(rule => rule.Frequency == Frequency.Weekly && rule.BySetPosition.Count > 0), dialect => dialect.PositionsFromDtstart = true),
        new("gap", [Dateutil], series => HasClockChange(series, 0), dialect => dialect.OffsetAfterGap = dialect.OrderedByClock = true),
        new("gap", [RRule], series => HasClockChange(series, 0), dialect => dialect.OrderedByClock = dialect.UntilByClock = true),
        new("gap", [IcalJs], series => HasClockChange(series, 0), dialect => dialect.OffsetAfterGap = true),
        new("set-back-clock", [IcalJs], series => HasClockChange(series, 2), dialect => dialect.LaterOfTwo = true),
        new("utc-beside-a-clock-change", [Dateutil], series => series.Added.Concat(series.Excluded).Any(value => value.EndsWith('Z')) && (HasClockChange(series, 0) || HasClockChange(series, 2))),
        new("daylight-saving-in-winter", [IcalJs], series => series.Zone == "Europe/Dublin" && (HasClockChange(series, 0) || HasClockChange(series, 2))),
        new("daylight-saving-in-winter", [Dateutil], series => series.Zone == "Europe/Dublin" && IsNearClockChange(series)),
        new("positions-from-the-end", [RRule], series => series.Parsed.Any(rule => rule.BySetPosition.Any(position => position < 0))),
        new("times-of-a-fine-rule", [RRule], series => series.Parsed.Any(rule => HasTimes(rule) && (rule.Frequency < Frequency.Hourly || rule is { Frequency: Frequency.Hourly, Interval: > 1 }))),
        new("positions", [IcalJs], series => series.Parsed.Any(rule => rule.BySetPosition.Count > 0)),
        new("week-numbers", [IcalJs], series => series.Parsed.Any(rule => rule.ByWeekNumber.Count > 0)),
        new("week-numbers", [IcalNet], series => series.Parsed.Any(rule => rule.ByWeekNumber.Count > 0)),
        new("times-across-a-clock-change", [IcalNet], series => series.Parsed.Any(rule => rule.Frequency < Frequency.Daily || HasTimes(rule)) && HasChangeWithin(series)),
        new("months-of-a-monthly-rule", [IcalJs], series => series.Parsed.Any(rule => rule.Frequency == Frequency.Monthly && rule.ByMonth.Count > 0)),
        new("days-that-a-month-does-not-have", [IcalJs], series => series.Start.Day > 28 && series.Parsed.Any(rule => rule.Frequency == Frequency.Yearly && rule.ByMonth.Count > 0)),
        new("more-than-one-rule", [IcalJs], series => series.Rules.Count > 1),
        new("excluded-twice", [IcalJs], series => series.Excluded.Any(value => series.Added.Any(added => series.LocalSeconds(added) == series.LocalSeconds(value)))),
        new("month-days-that-limit", [IcalJs], series => series.Parsed.Any(rule => rule.ByMonthDay.Count > 0 && rule.Frequency != Frequency.Monthly)),
        new("month-days-that-limit", [IcalNet], series => series.Parsed.Any(Dialect.IsMonthDayOfAnyMonth), dialect => dialect.MonthDaysOfDtstartsMonth = dialect.DtstartMustFit = dialect.UntilBindsDtstart = true),
        new("month-days-with-days", [IcalJs], series => series.Parsed.Any(rule => rule.Frequency == Frequency.Monthly && rule.ByMonthDay.Count > 0 && rule.ByDay.Count > 0)),
        new("days-of-the-year", [IcalJs], series => series.Parsed.Any(rule => rule.ByYearDay.Count > 0)),
        new("days-of-the-year", [IcalNet], series => series.Parsed.Any(rule => rule.ByYearDay.Count > 0 && rule.ByMonth.Count > 0)),
        new("numbered-days-of-the-year", [IcalJs], series => series.Parsed.Any(rule => rule.Frequency == Frequency.Yearly && rule.ByDay.Any(day => day.Ordinal != 0))),
        new("numbered-days-of-the-year", [IcalNet], series => series.Parsed.Any(rule => IsYearlyByMonthDay(rule) && rule.ByDay.Any(day => day.Ordinal != 0))),
        new("times-of-a-longer-period", [IcalJs], series => series.Parsed.Any(HasTimes)),
        new("added-twice", [IcalNet], AddsInUtcWhatIsThere),
        new("until-in-a-period", [IcalNet], series => series.Parsed.Any(rule => rule.Until is not null && rule.Frequency >= Frequency.Weekly)),
        new("idle-exdate", [IcalJs], series => series.Excluded.Count > 0 && HasIdleExclusion(series)),
    ];

    /// <summary>Whether an RDATE in UTC is a moment that the series has already, by its rule or by an RDATE on its clock.</summary>
    private static bool AddsInUtcWhatIsThere(Series series)
    {
        if (series.Zone is null) return false;
        var local = series with { Added = [.. series.Added.Where(value => !value.EndsWith('Z'))], Excluded = [], Count = 100 };
        // with COUNT it depends on what DTSTART is, which occurrences there are
        var there = new Dialect().Expand(local).Concat(new Dialect { DtstartMustFit = true }.Expand(local)).Select(time => time.Local).ToHashSet();
        return series.Added.Any(value => value.EndsWith('Z') && !there.Add(series.LocalSeconds(value)));
    }

    private static bool AnyUntil(Series series, Func<Calendaring.ICalendar.CalendarTime, bool> condition) => series.Parsed.Any(rule => rule.Until is { } until && condition(until));

    private static bool HasTimes(RecurrenceRule rule) => rule.ByHour.Count + rule.ByMinute.Count + rule.BySecond.Count > 0;

    /// <summary>Whether an occurrence, or a date added or taken out, is at a time that the clock shows not once but so many times.</summary>
    private static bool HasClockChange(Series series, int times)
    {
        if (series.Zone is null) return false;
        // by the clock, as a time in a gap may coincide with another on the time line
        var plain = series with { Excluded = [], Count = 100 };
        // where DTSTART does not count, COUNT leads to a later one
        Dialect[] dialects = [new() { OrderedByClock = true, UntilByClock = true }, new() { OrderedByClock = true, UntilByClock = true, DtstartMustFit = true }];
        var locals = dialects.SelectMany(dialect => dialect.Expand(plain)).Select(time => time.Local).Concat(series.Added.Concat(series.Excluded).Select(series.LocalSeconds));
        return locals.Any(local => series.ZoneOfStart.MapLocal(NodaTime.Instant.FromUnixTimeSeconds(local).InUtc().LocalDateTime).Count == times);
    }

    /// <summary>Whether an occurrence, or a date added or taken out, is within two hours of a change of the clock.</summary>
    private static bool IsNearClockChange(Series series)
    {
        var margin = NodaTime.Duration.FromHours(2);
        var instants = (series.Expand() ?? []).Select(time => time.Instant).Concat(series.Added.Concat(series.Excluded).Select(value => series.LocalSeconds(value)));
        return instants.Select(NodaTime.Instant.FromUnixTimeSeconds).Any(time => series.ZoneOfStart.GetUtcOffset(time - margin) != series.ZoneOfStart.GetUtcOffset(time + margin));
    }

    /// <summary>Whether the clock changes between DTSTART and the last occurrence that is asked for.</summary>
    private static bool HasChangeWithin(Series series)
    {
        // DTSTART may be in the change itself: what is after it by the clock is at the same moment
        if (series.ZoneOfStart.MapLocal(series.Start).Count == 0) return true;
        var start = series.Start.InZoneLeniently(series.ZoneOfStart).ToInstant();
        return series.ZoneOfStart.GetZoneIntervals(start, series.Until.InZoneLeniently(series.ZoneOfStart).ToInstant()).Skip(1).Any();
    }

    /// <summary>Whether a yearly rule names days of the month, and nothing else that says which.</summary>
    private static bool IsYearlyByMonthDay(RecurrenceRule rule) =>
        rule is { Frequency: Frequency.Yearly, ByMonthDay.Count: > 0, ByMonth.Count: 0, ByWeekNumber.Count: 0, ByYearDay.Count: 0 };

    /// <summary>Whether an EXDATE takes nothing out.</summary>
    private static bool HasIdleExclusion(Series series)
    {
        var all = (series with { Excluded = [], Count = 100 }).Expand()!.Select(time => time.Local).ToHashSet();
        // the second of two is idle too
        return series.Excluded.Any(value => !all.Remove(series.LocalSeconds(value)));
    }
}
