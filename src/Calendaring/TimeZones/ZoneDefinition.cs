using System.Globalization;
using Calendaring.ICalendar;
using NodaTime;
using NodaTime.TimeZones;

namespace Calendaring.TimeZones;

/// <summary>Writes a VTIMEZONE (RFC 5545 §3.6.5) from the time zone database.</summary>
public static class ZoneDefinition
{
    /// <summary>
    /// How long the rules of a zone must hold to be written as a rule, and how far transitions are listed when they do not.
    /// </summary>
    private const int Years = 12;

    private static readonly string[] Days = ["", "MO", "TU", "WE", "TH", "FR", "SA", "SU"];

    /// <summary>The definition of a zone for events from a local time on; its TZID is the zone's id.</summary>
    /// <param name="zone">The zone.</param>
    /// <param name="from">The earliest local time that is looked up in it.</param>
    public static Component Of(DateTimeZone zone, LocalDateTime from)
    {
        ArgumentNullException.ThrowIfNull(zone);
        var result = new Component("VTIMEZONE");
        result.Add(ContentLine.Create("TZID", zone.Id));
        var start = from.InZoneLeniently(zone).ToInstant();
        var onsets = zone.GetZoneIntervals(start, start + Duration.FromDays(366 * Years)).Select(interval => new Onset(zone, interval)).ToList();
        var standard = onsets.Where(onset => !onset.Daylight).ToList();
        var daylight = onsets.Where(onset => onset.Daylight).ToList();
        if (onsets.Count > Years && RuleOf(standard) is { } standardRule && RuleOf(daylight) is { } daylightRule)
        {
            result.Add(Observance(standard[0], standardRule));
            result.Add(Observance(daylight[0], daylightRule));
        }
        else
        {
            foreach (var onset in onsets) result.Add(Observance(onset, null));
        }

        return result;
    }

    /// <summary>The yearly rule that all onsets follow, or null.</summary>
    private static string? RuleOf(List<Onset> onsets)
    {
        var first = onsets[0];
        for (var index = 0; index < onsets.Count; index++)
        {
            var onset = onsets[index];
            if (!onset.Dated || onset.From != first.From || onset.To != first.To || onset.Local.TimeOfDay != first.Local.TimeOfDay) return null;
            if (onset.Local.Month != first.Local.Month || onset.Local.DayOfWeek != first.Local.DayOfWeek || onset.Local.Year != first.Local.Year + index) return null;
        }

        int? week = onsets.All(onset => onset.IsLast) ? -1 : onsets.All(onset => onset.Week == first.Week) ? first.Week : null;
        return week is null
            ? null
            : string.Create(CultureInfo.InvariantCulture, $"FREQ=YEARLY;BYMONTH={first.Local.Month};BYDAY={week}{Days[(int)first.Local.DayOfWeek]}");
    }

    private static Component Observance(Onset onset, string? rule)
    {
        var result = new Component(onset.Daylight ? "DAYLIGHT" : "STANDARD");
        result.Add(ContentLine.CreateTime("DTSTART", new CalendarTime(onset.Local, CalendarTimeKind.Floating)));
        if (rule is not null) result.Add(ContentLine.Create("RRULE", rule));
        result.Add(ContentLine.Create("TZOFFSETFROM", Format(onset.From)));
        result.Add(ContentLine.Create("TZOFFSETTO", Format(onset.To)));
        return result;
    }

    private static string Format(Offset offset)
    {
        var seconds = Math.Abs(offset.Seconds);
        var text = string.Create(CultureInfo.InvariantCulture, $"{(offset.Seconds < 0 ? '-' : '+')}{seconds / 3600:d2}{seconds / 60 % 60:d2}");
        return seconds % 60 == 0 ? text : string.Create(CultureInfo.InvariantCulture, $"{text}{seconds % 60:d2}");
    }

    /// <summary>When an offset begins to hold: local time by the offset before, as DTSTART of an observance has it.</summary>
    private readonly struct Onset
    {
        public Onset(DateTimeZone zone, ZoneInterval interval)
        {
            Daylight = interval.Savings != Offset.Zero;
            To = interval.WallOffset;
            Dated = interval.HasStart && interval.Start > Instant.FromUtc(1900, 1, 1, 0, 0);
            From = Dated ? zone.GetUtcOffset(interval.Start - Duration.Epsilon) : To;
            Local = Dated ? interval.Start.WithOffset(From).LocalDateTime : new LocalDateTime(1970, 1, 1, 0, 0);
        }

        public bool Daylight { get; }

        public bool Dated { get; }

        public Offset From { get; }

        public Offset To { get; }

        public LocalDateTime Local { get; }

        public int Week => ((Local.Day - 1) / 7) + 1;

        public bool IsLast => Local.Day + 7 > CalendarSystem.Iso.GetDaysInMonth(Local.Year, Local.Month);
    }
}
