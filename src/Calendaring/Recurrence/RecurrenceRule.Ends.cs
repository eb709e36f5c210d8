using Calendaring.ICalendar;
using NodaTime;

namespace Calendaring.Recurrence;

/// <summary>Where a rule ends, in the form that RFC 5545 §3.3.10 asks for: a DATE where DTSTART is one, a local time where it is, else UTC.</summary>
public sealed partial record RecurrenceRule
{
    /// <summary>The rule with its UNTIL in the form that belongs to a DTSTART. A DATE for times is the whole of that day.</summary>
    /// <param name="start">DTSTART.</param>
    /// <param name="zone">Its zone.</param>
    public RecurrenceRule EndInFormOf(CalendarTime start, DateTimeZone zone)
    {
        var kind = start.Kind == CalendarTimeKind.Zoned ? CalendarTimeKind.Utc : start.Kind;
        if (Until is not { } until || until.Kind == kind) return this;
        if (kind == CalendarTimeKind.Date) return this with { Until = CalendarTime.OfDate(until.Local.Date) };
        var local = until.IsDate ? until.Local.Date.At(new LocalTime(23, 59, 59)) : until.Local;
        if (local.Year == FinalYear) return this with { Until = new CalendarTime(local, kind) };
        return this with
        {
            Until = kind == CalendarTimeKind.Utc
                ? CalendarTime.OfUtc(local.InZoneLeniently(zone).ToInstant())
                : new CalendarTime(until.IsDate ? local : local.InUtc().WithZone(zone).LocalDateTime, kind),
        };
    }

    /// <summary>The last day on which UNTIL lets an occurrence be that is at the time of day of DTSTART; null when the rule has none.</summary>
    /// <param name="start">DTSTART.</param>
    /// <param name="zone">Its zone.</param>
    public LocalDate? LastDay(CalendarTime start, DateTimeZone zone)
    {
        if (Until is not { } until) return null;
        if (until.IsDate || start.IsDate || until.Local.Year == FinalYear) return until.Local.Date;
        var local = EndByTheClock(until, start, zone);
        return local.TimeOfDay >= start.Local.TimeOfDay ? local.Date : local.Date.PlusDays(-1);
    }

    private static LocalDateTime EndByTheClock(CalendarTime until, CalendarTime start, DateTimeZone zone) =>
        until.Kind == CalendarTimeKind.Utc && start.Kind == CalendarTimeKind.Zoned ? until.Local.InUtc().WithZone(zone).LocalDateTime : until.Local;

    /// <summary>The rule with its end just before an occurrence.</summary>
    /// <param name="occurrence">The first that it is not to have, in the form of DTSTART.</param>
    /// <param name="instant">When that is.</param>
    public RecurrenceRule EndingBefore(CalendarTime occurrence, Instant instant) => this with
    {
        Count = null,
        Until = occurrence.Kind switch
        {
            CalendarTimeKind.Date => CalendarTime.OfDate(occurrence.Local.Date.PlusDays(-1)),
            CalendarTimeKind.Floating => occurrence with { Local = occurrence.Local.PlusSeconds(-1) },
            _ => CalendarTime.OfUtc(instant - Duration.FromSeconds(1)),
        },
    };

    /// <summary>The rule with UNTIL at an occurrence.</summary>
    /// <param name="last">The last that it has, in the form of DTSTART.</param>
    /// <param name="zone">The zone of DTSTART.</param>
    public RecurrenceRule EndingAt(CalendarTime last, DateTimeZone zone) => this with
    {
        Until = last.Kind == CalendarTimeKind.Zoned ? CalendarTime.OfUtc(last.Local.InZoneLeniently(zone).ToInstant()) : last,
    };

    /// <summary>The rule with its UNTIL where it belongs when the times of its series have all moved by as much.</summary>
    /// <param name="before">DTSTART as it was.</param>
    /// <param name="after">DTSTART as it is.</param>
    /// <param name="zone">Its zone.</param>
    public RecurrenceRule EndMoved(CalendarTime before, CalendarTime after, DateTimeZone zone)
    {
        if (Until is not { } end || end.Local.Year == FinalYear) return this;
        var local = end.Kind == CalendarTimeKind.Utc ? end.Local.InUtc().WithZone(zone).LocalDateTime : end.Local;
        var moved = local + Period.Between(before.Local, after.Local, PeriodUnits.Days | PeriodUnits.Seconds);
        // days end on a day, times at a time; a rule that had it otherwise keeps that
        var kind = before.IsDate == after.IsDate ? end.Kind : after.IsDate ? CalendarTimeKind.Date : CalendarTimeKind.Utc;
        return this with
        {
            Until = kind switch
            {
                CalendarTimeKind.Date => CalendarTime.OfDate(moved.Date),
                CalendarTimeKind.Utc => CalendarTime.OfUtc(moved.InZoneLeniently(zone).ToInstant()),
                _ => new CalendarTime(moved, CalendarTimeKind.Floating, null),
            },
        };
    }
}
