using System.Globalization;
using Calendaring.ICalendar;
using NodaTime;

namespace Calendaring.TimeZones;

/// <summary>
/// Writes a VTIMEZONE (RFC 5545 §3.6.5) from the time zone database: two rules from where the zone's rules are steady, and lists of dates for what comes before.
/// </summary>
public static class ZoneDefinition
{
    /// <summary>The definition of a zone for events from a local time on, to the end of what the database knows; its TZID is the zone's id.</summary>
    /// <param name="zone">The zone.</param>
    /// <param name="from">The earliest local time that is looked up in it.</param>
    public static Component Of(DateTimeZone zone, LocalDateTime from)
    {
        ArgumentNullException.ThrowIfNull(zone);
        var result = new Component("VTIMEZONE");
        result.Add(ContentLine.Create("TZID", zone.Id));
        var history = ZoneHistory.Of(zone);
        var first = history.IndexAt(from.InZoneLeniently(zone).ToInstant());
        AddDates(result, history.Onsets, first, history.SteadyFrom);
        for (var index = Math.Max(first, history.SteadyFrom); index < Math.Min(Math.Max(first, history.SteadyFrom) + 2, history.Onsets.Count); index++)
        {
            var rule = history.Onsets[index].Daylight ? history.Daylight : history.Standard;
            result.Add(Observance(history.Onsets[index], rule?.ToString()));
        }

        return result;
    }

    /// <summary>Adds the onsets of a range, those that differ by their date alone as one observance.</summary>
    private static void AddDates(Component result, IReadOnlyList<ZoneOnset> onsets, int first, int end)
    {
        for (var index = first; index < end; index++)
        {
            var onset = onsets[index];
            if (IndexOfLike(onsets, first, index) >= 0) continue;
            var observance = Observance(onset, null);
            result.Add(observance);
            for (var later = index + 1; later < end; later++)
            {
                if (onsets[later].Start is null || !onsets[later].IsLike(onset)) continue;
                // ical.js takes one date of a line, and DTSTART only where there is no RDATE
                if (observance.Find("RDATE") is null) observance.Add(RecurrenceDate(onset));
                observance.Add(RecurrenceDate(onsets[later]));
            }
        }
    }

    private static ContentLine RecurrenceDate(ZoneOnset onset) =>
        ContentLine.Create("RDATE", onset.Local.ToString("uuuuMMdd'T'HHmmss", CultureInfo.InvariantCulture));

    private static int IndexOfLike(IReadOnlyList<ZoneOnset> onsets, int first, int end)
    {
        for (var index = first; index < end; index++)
        {
            if (onsets[index].Start is not null && onsets[index].IsLike(onsets[end])) return index;
        }

        return -1;
    }

    private static Component Observance(ZoneOnset onset, string? rule)
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
}
