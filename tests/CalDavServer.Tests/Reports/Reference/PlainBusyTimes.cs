using System.Globalization;
using NodaTime;

namespace CalDavServer.Tests.Reports.Reference;

/// <summary>The busy times of RFC 4791 §7.10, second by second in effect: each occurrence is cut to the window, and what overlaps or touches is joined.</summary>
internal static class PlainBusyTimes
{
    /// <summary>The FREEBUSY lines of an answer.</summary>
    public static IEnumerable<string> Of(IEnumerable<PlainComponent> calendars, DateTimeZone floating, PlainFilter.Range window)
    {
        var periods = calendars.SelectMany(calendar => calendar.Components.SelectMany(component => component.Name switch
        {
            "VEVENT" => OfEvent(calendar, component, floating, window),
            "VFREEBUSY" => OfLines(component),
            _ => [],
        }));
        foreach (var type in periods.GroupBy(period => period.Type, period => (Start: Instant.Max(period.Start, window.Start), End: Instant.Min(period.End, window.End))))
        {
            (Instant Start, Instant End)? open = null;
            foreach (var period in type.Where(period => period.Start < period.End).OrderBy(period => period.Start))
            {
                if (open is { } joined && period.Start <= joined.End)
                {
                    open = (joined.Start, Instant.Max(joined.End, period.End));
                    continue;
                }

                if (open is { } done) yield return Written(type.Key, done);
                open = period;
            }

            if (open is { } last) yield return Written(type.Key, last);
        }
    }

    private static IEnumerable<(string Type, Instant Start, Instant End)> OfEvent(PlainComponent calendar, PlainComponent component, DateTimeZone floating, PlainFilter.Range window)
    {
        if (component["TRANSP"]?.Value == "TRANSPARENT" || component["STATUS"]?.Value == "CANCELLED") return [];
        var type = component["STATUS"]?.Value == "TENTATIVE" ? ";FBTYPE=BUSY-TENTATIVE" : "";
        return new PlainFilter(calendar, floating).Occurrences(component, window).Select(occurrence => (type, occurrence.Start!.Instant, occurrence.End!.Value));
    }

    private static IEnumerable<(string Type, Instant Start, Instant End)> OfLines(PlainComponent component) =>
        from line in component.Lines
        where line.Name == "FREEBUSY" && line.Parameter("FBTYPE") != "FREE"
        let type = line.Parameter("FBTYPE") is { } given and not "BUSY" ? $";FBTYPE={given}" : ""
        select (type, PlainTime.Utc(line.Value.Split('/')[0]), PlainTime.Utc(line.Value.Split('/')[1]));

    private static string Written(string type, (Instant Start, Instant End) period) => $"FREEBUSY{type}:{Utc(period.Start)}/{Utc(period.End)}";

    private static string Utc(Instant instant) => instant.ToString("uuuuMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture);
}
