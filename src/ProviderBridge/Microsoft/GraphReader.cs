using Calendaring.ICalendar;
using Microsoft.Graph.Models;
using NodaTime;
using ProviderBridge.Mapping;

namespace ProviderBridge.Microsoft;

/// <summary>Reads events of Graph as a calendar object with the properties that are mirrored, and no others. The same events always give the same bytes.</summary>
internal sealed class GraphReader
{
    private readonly string _uid;
    private readonly DateTimeZone _zone;
    private readonly bool _isAllDay;

    private GraphReader(string uid, DateTimeZone zone, bool isAllDay) => (_uid, _zone, _isAllDay) = (uid, zone, isAllDay);

    /// <summary>Reads a series; null when its start or its rule cannot be read.</summary>
    /// <param name="series">What Graph has.</param>
    /// <param name="uid">The appointment's UID.</param>
    /// <param name="practice">The practice's zone.</param>
    public static CalendarObject? Read(GraphSeries series, string uid, DateTimeZone practice) =>
        new GraphReader(uid, ZoneOf(series.Master, practice), series.Master.IsAllDay == true).Read(series);

    /// <summary>The zone in which an event was made, and in which it repeats.</summary>
    public static DateTimeZone ZoneOf(Event one, DateTimeZone practice) => GraphZone.Find(one.OriginalStartTimeZone, practice);

    private CalendarObject? Read(GraphSeries series)
    {
        if (GraphTimes.Read(series.Master.Start, _isAllDay, _zone) is not { } start) return null;
        var end = GraphTimes.Read(series.Master.End, _isAllDay, _zone);
        // what repeats does so in its zone, also where it begins in an hour that comes twice; and is as long as it is
        if (series.Repeats && start.Kind == CalendarTimeKind.Utc && _zone != DateTimeZone.Utc)
        {
            var at = InstantOf(start);
            start = new CalendarTime(at.InZone(_zone).LocalDateTime, CalendarTimeKind.Zoned, _zone.Id);
            end = end is { } until ? ZonedTime.Of(_zone, InstantOf(start) + (InstantOf(until) - at)) : null;
        }

        var master = ReadEvent(series.Master, start, end);
        if (series.Master.Recurrence is { } recurrence)
        {
            if (GraphRule.Read(recurrence, _isAllDay ? null : _zone) is not { } rule) return null;
            master.Add(ContentLine.Create("RRULE", rule));
        }

        foreach (var day in series.Cancelled.Order()) master.Add(ContentLine.CreateTime("EXDATE", start with { Local = day + start.Local.TimeOfDay }));
        List<Component> events = [master];
        foreach (var occurrence in series.Exceptions.OrderBy(one => one.OriginalStart))
        {
            if (GraphTimes.OriginalOf(occurrence, _isAllDay, _zone) is not { } original || GraphTimes.Read(occurrence.Start, occurrence.IsAllDay == true, _zone) is not { } from) continue;
            var single = ReadEvent(occurrence, from, GraphTimes.Read(occurrence.End, occurrence.IsAllDay == true, _zone));
            single.Add(ContentLine.CreateTime("RECURRENCE-ID", original));
            events.Add(single);
        }

        return ReadEvents.ToObject(events, start);
    }

    private Instant InstantOf(CalendarTime time) => time.Local.InZoneLeniently(time.Kind == CalendarTimeKind.Utc ? DateTimeZone.Utc : _zone).ToInstant();

    private Component ReadEvent(Event source, CalendarTime start, CalendarTime? end)
    {
        var component = ReadEvents.Create(_uid, start, end, source.Subject, WordsOf(source), source.Location?.DisplayName);
        if (source.IsCancelled == true) component.Add(ContentLine.Create("STATUS", "CANCELLED"));
        else if (source.ShowAs == FreeBusyStatus.Tentative) component.Add(ContentLine.Create("STATUS", "TENTATIVE"));
        if (source.ShowAs == FreeBusyStatus.Free) component.Add(ContentLine.Create("TRANSP", "TRANSPARENT"));
        if (IsPrivate(source)) component.Add(ContentLine.Create("CLASS", "PRIVATE"));
        return component;
    }

    /// <summary>Whether others see no more of an event than that there is one.</summary>
    public static bool IsPrivate(Event one) => one.Sensitivity is not (null or Sensitivity.Normal);

    /// <summary>The words of an event, of whatever kind they are: they are asked for as text, and Exchange ends them with an empty line. The way into an online meeting is the service's, and nobody's words.</summary>
    public static string? WordsOf(Event one)
    {
        var text = PlainText.Of(one.Body?.Content)?.ReplaceLineEndings("\n").TrimEnd();
        return one.IsOnlineMeeting == true && text is not null ? OnlineMeeting.Without(text) : text;
    }
}
