using CalDavServer.Dav.Filters;
using Calendaring.ICalendar;
using Calendaring.TimeZones;
using NodaTime;

namespace CalDavServer.Dav.Reports.CalendarData;

/// <summary>CALDAV:limit-freebusy-set (RFC 4791 §9.6.7): of the FREEBUSY values of a VFREEBUSY only those in a range.</summary>
internal static class FreeBusyLimit
{
    /// <summary>The limited object; the source is not changed.</summary>
    public static CalendarObject Apply(CalendarObject source, TimeRange range, DateTimeZone floating)
    {
        var result = source.Clone();
        var zones = new ZoneResolver(result.Calendar, floating);
        foreach (var component in result.Calendar.Components)
        {
            if (component.Name != "VFREEBUSY") continue;
            foreach (var line in component.FindAll("FREEBUSY").ToList())
            {
                if (!line.TryReadPeriods(out var periods)) continue;
                // the values as written, beside what they mean
                var written = line.RawValue.Split(',');
                var kept = written.Where((_, i) => Overlaps(periods[i], range, zones)).ToList();
                if (kept.Count == 0) component.Remove(line);
                else if (kept.Count < written.Length) component.Replace(line, ContentLine.Create(line.Name, string.Join(',', kept), [.. line.Parameters]));
            }
        }

        return result;
    }

    private static bool Overlaps(CalendarPeriod period, TimeRange range, ZoneResolver zones)
    {
        var (start, end) = PeriodTime.Of(period, zones);
        return range.Start < end && range.End > start;
    }
}
