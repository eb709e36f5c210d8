using Calendaring.ICalendar;
using Calendaring.Recurrence;
using Calendaring.TimeZones;

namespace Calendaring.Occurrences;

/// <summary>A master component's recurrence: its rules, the dates it adds, and the times that EXDATE and overrides take out.</summary>
internal sealed class MasterRecurrence
{
    private readonly ZoneResolver _zones;
    private readonly List<long> _excluded = [];
    private readonly List<int> _excludedDays = [];

    /// <summary>Reads the recurrence of a master. What cannot be read is left out: a bad line does not hide the rest.</summary>
    public MasterRecurrence(Timing master, ZoneResolver zones)
    {
        Master = master;
        _zones = zones;
        var dates = new List<RecurrenceTime>();
        foreach (var line in master.Component.Properties)
        {
            switch (line.Name)
            {
                case "RRULE" when RecurrenceRule.TryParse(line.RawValue, out var rule, out _):
                    Rules.Add(master.Start.IsDate ? rule.OnDates() : rule);
                    break;
                case "RDATE" when line.TryReadPeriods(out var periods):
                    foreach (var period in periods) dates.Add(Read(period));
                    break;
                case "EXDATE" when line.TryReadPeriods(out var periods):
                    foreach (var period in periods) Exclude(period.Start);
                    break;
            }
        }
        Recurring = Rules.Count > 0 || dates.Count > 0;
        // without a rule nothing else brings DTSTART in
        if (Rules.Count == 0) dates.Add(new(master.Local, master.Instant));
        if (dates.Count > 1) dates.Sort(static (a, b) => a.Instant != b.Instant ? a.Instant.CompareTo(b.Instant) : (b.End ?? 0).CompareTo(a.End ?? 0));
        Dates = dates;
        LongestDate = master.Longest;
        foreach (var date in dates) LongestDate = Math.Max(LongestDate, (date.End ?? date.Instant) - date.Instant);
    }

    /// <summary>The timing of the master.</summary>
    public Timing Master { get; }

    /// <summary>Its rules; more than one is against RFC 5545 §3.6.1, and their union is taken.</summary>
    public List<RecurrenceRule> Rules { get; } = [];

    /// <summary>What RDATE adds, by start; DTSTART too when there is no rule.</summary>
    public List<RecurrenceTime> Dates { get; }

    /// <summary>No occurrence of <see cref="Dates"/> lasts longer than this many seconds.</summary>
    public long LongestDate { get; }

    /// <summary>Whether there is an RRULE or RDATE.</summary>
    public bool Recurring { get; }

    /// <summary>Takes out the occurrence at a time, or all of a day when the time is a DATE.</summary>
    public void Exclude(CalendarTime time)
    {
        if (time.IsDate && !Master.Start.IsDate) _excludedDays.Add(CivilDay.OfSeconds(CivilDay.SecondsOf(time.Local)));
        else _excluded.Add(Place(time).Instant);
    }

    /// <summary>To be called after the last exclusion.</summary>
    public void Seal()
    {
        _excluded.Sort();
        _excludedDays.Sort();
    }

    /// <summary>Whether a time was taken out.</summary>
    public bool IsExcluded(in RecurrenceTime time) =>
        (_excluded.Count > 0 && _excluded.BinarySearch(time.Instant) >= 0)
        || (_excludedDays.Count > 0 && _excludedDays.BinarySearch(CivilDay.OfSeconds(time.Local)) >= 0);

    /// <summary>
    /// Where a value of any form lies in this series. A floating value is in the zone of DTSTART; a DATE in a series of times is that day at the time of DTSTART; a time
    /// in a series of days is its day, and in UTC the day it is in the floating zone when it is midnight there.
    /// </summary>
    public RecurrenceTime Place(CalendarTime time)
    {
        var clock = Master.Clock;
        var seconds = CivilDay.SecondsOf(time.Local);
        if (Master.Start.IsDate)
        {
            var local = time.Kind == CalendarTimeKind.Utc && clock.ToLocal(seconds) is var there && there % CivilDay.Seconds == 0 ? there : seconds;
            return AtLocal(CivilDay.OfSeconds(local) * (long)CivilDay.Seconds);
        }
        switch (time.Kind)
        {
            case CalendarTimeKind.Date:
                return AtLocal(seconds + (Master.Local - (CivilDay.OfSeconds(Master.Local) * (long)CivilDay.Seconds)));
            case CalendarTimeKind.Floating:
            case CalendarTimeKind.Zoned when time.TimeZoneId == Master.Start.TimeZoneId:
                return AtLocal(seconds);
            default:
                var instant = _zones.ClockOf(time).ToInstant(seconds);
                return new(clock.ToLocal(instant), instant);
        }
    }

    private RecurrenceTime AtLocal(long local) => new(local, Master.Clock.ToInstant(local));

    private RecurrenceTime Read(CalendarPeriod period)
    {
        var time = Place(period.Start);
        if (period.End is { } end) return time with { End = Math.Max(time.Instant, _zones.ClockOf(end).ToInstant(CivilDay.SecondsOf(end.Local))) };
        if (period.Duration is not { } duration) return time;
        return time with { End = Math.Max(time.Instant, Master.Clock.ToInstant(time.Local + (duration.Days * (long)CivilDay.Seconds)) + duration.Seconds) };
    }
}
