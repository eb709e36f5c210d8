using System.Text;
using Calendaring.ICalendar;
using Calendaring.TimeZones;
using Google.Apis.Calendar.v3.Data;
using NodaTime;
using ProviderBridge.Mapping;

namespace ProviderBridge.Google;

/// <summary>Reads events of Google as a calendar object with the properties that are mirrored, and no others. The same events always give the same bytes.</summary>
internal sealed class SeriesReader
{
    private readonly string _uid;
    private readonly DateTimeZone _zone;

    private SeriesReader(string uid, DateTimeZone zone) => (_uid, _zone) = (uid, zone);

    /// <summary>Reads a series; null when its start cannot be read.</summary>
    /// <param name="series">What Google has.</param>
    /// <param name="uid">The appointment's UID.</param>
    /// <param name="zone">The calendar's zone at Google, for events that name none.</param>
    public static CalendarObject? Read(GoogleSeries series, string uid, DateTimeZone zone)
    {
        var own = EventTime.ZoneOf(series.Master.Start) ?? zone;
        return new SeriesReader(uid, own).Read(series);
    }

    private CalendarObject? Read(GoogleSeries series)
    {
        if (EventTime.Read(series.Master.Start, _zone) is not { } start) return null;
        // what repeats does so in its zone
        if (series.Master.Recurrence is { Count: > 0 } && start.Kind == CalendarTimeKind.Utc && ZonedTime.Of(_zone, Instant.FromUnixTimeSeconds(0)).Kind == CalendarTimeKind.Zoned)
            start = new CalendarTime(start.Local.InUtc().WithZone(_zone).LocalDateTime, CalendarTimeKind.Zoned, _zone.Id);
        var master = ReadEvent(series.Master, start);
        foreach (var line in StartOutsideRule.Read([.. RecurrenceOf(series.Master).Select(line => InForm(line, start))], start)) master.Add(line);
        var cancelled = series.Occurrences.Where(occurrence => occurrence.Status == "cancelled").Select(occurrence => EventTime.Read(occurrence.OriginalStartTime, _zone)).OfType<CalendarTime>();
        foreach (var time in cancelled.OrderBy(time => time.Local)) master.Add(ContentLine.CreateTime("EXDATE", time));
        List<Component> events = [master];
        foreach (var occurrence in series.Occurrences.Where(occurrence => occurrence.Status != "cancelled").OrderBy(occurrence => occurrence.OriginalStartTime?.DateTimeRaw ?? occurrence.OriginalStartTime?.Date, StringComparer.Ordinal))
        {
            if (EventTime.Read(occurrence.OriginalStartTime, _zone) is not { } original || EventTime.Read(occurrence.Start, _zone) is not { } from) continue;
            var single = ReadEvent(occurrence, from);
            single.Add(ContentLine.CreateTime("RECURRENCE-ID", original));
            events.Add(single);
        }

        return ReadEvents.ToObject(events, start);
    }

    private Component ReadEvent(Event source, CalendarTime start)
    {
        var component = ReadEvents.Create(_uid, start, EventTime.Read(source.End, _zone), source.Summary, PlainText.Of(source.Description), source.Location);
        if (source.Status == "tentative") component.Add(ContentLine.Create("STATUS", "TENTATIVE"));
        if (source.Status == "cancelled") component.Add(ContentLine.Create("STATUS", "CANCELLED"));
        if (source.Transparency == "transparent") component.Add(ContentLine.Create("TRANSP", "TRANSPARENT"));
        if (source.Visibility is "private" or "confidential") component.Add(ContentLine.Create("CLASS", "PRIVATE"));
        return component;
    }

    /// <summary>The lines of a rule, read as lines of iCalendar; one that is none is left out.</summary>
    private static IEnumerable<ContentLine> RecurrenceOf(Event master)
    {
        foreach (var text in master.Recurrence ?? [])
        {
            if (text.Any(char.IsControl)) continue;
            var wrapped = Encoding.UTF8.GetBytes($"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\n{text}\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n");
            if (!CalendarObject.TryParse(wrapped, out var parsed, out _)) continue;
            foreach (var line in parsed.Calendar.Components[0].Properties.Where(line => line.Name is "RRULE" or "EXRULE" or "RDATE" or "EXDATE")) yield return line;
        }
    }

    /// <summary>Dates in the zone of the start, as everybody else writes them.</summary>
    private ContentLine InForm(ContentLine line, CalendarTime start)
    {
        if (line.Name is "RRULE" or "EXRULE" || !line.TryReadPeriods(out var periods)) return line;
        var resolver = new ZoneResolver(null, _zone);
        var times = periods.Select(period => start.IsDate || period.Start.IsDate ? CalendarTime.OfDate(period.Start.Local.Date) : ZonedTime.Of(_zone, resolver.ToInstant(period.Start))).ToList();
        var first = ContentLine.CreateTime(line.Name, times[0]);
        return times.Count == 1 ? first : ContentLine.Create(line.Name, string.Join(',', times), [.. first.Parameters]);
    }
}
