using Calendaring.ICalendar;
using Microsoft.Graph.Models;
using NodaTime;
using NodaTime.Text;
using ProviderBridge.Mapping;

namespace ProviderBridge.Microsoft;

/// <summary>Days and moments as Graph writes them: a local time and the name of its zone.</summary>
internal static class GraphTimes
{
    private static readonly LocalDateTimePattern Pattern = LocalDateTimePattern.CreateWithInvariantCulture("uuuu-MM-dd'T'HH:mm:ss");

    /// <summary>Writes a moment in a zone; in UTC where Microsoft has no name for the zone, or where the local time comes twice: Graph has no offset that would say which of the two is meant.</summary>
    public static DateTimeTimeZone Write(Instant at, DateTimeZone zone) =>
        zone.MapLocal(at.InZone(zone).LocalDateTime).Count > 1 ? WriteIn(DateTimeZone.Utc, at) : WriteIn(zone, at);

    /// <summary>Writes a moment in the zone in which something repeats, also where the local time comes twice; in UTC where Microsoft has no name for the zone.</summary>
    public static DateTimeTimeZone WriteIn(DateTimeZone zone, Instant at) => GraphZone.NameOf(zone) is { } name
        ? new DateTimeTimeZone { DateTime = Pattern.Format(at.InZone(zone).LocalDateTime), TimeZone = name }
        : new DateTimeTimeZone { DateTime = Pattern.Format(at.InUtc().LocalDateTime), TimeZone = "UTC" };

    /// <summary>Writes a day: midnight, in any one zone.</summary>
    public static DateTimeTimeZone Write(LocalDate day) => new() { DateTime = Pattern.Format(day.AtMidnight()), TimeZone = "UTC" };

    /// <summary>Reads a time; null when it cannot be read.</summary>
    /// <param name="time">What Graph has.</param>
    /// <param name="isAllDay">Whether it is a day.</param>
    /// <param name="zone">The zone to have it in.</param>
    public static CalendarTime? Read(DateTimeTimeZone? time, bool isAllDay, DateTimeZone zone)
    {
        if (time?.DateTime is not { } text || LocalDateTimePattern.ExtendedIso.Parse(text.TrimEnd('Z')) is not { Success: true } local) return null;
        var at = local.Value.InZoneLeniently(GraphZone.Find(time.TimeZone, DateTimeZone.Utc)).ToInstant();
        if (!isAllDay) return ZonedTime.Of(zone, at);
        // midnight in whatever zone it was written in: days are compared, never moments
        return CalendarTime.OfDate(local.Value.TimeOfDay == LocalTime.Midnight ? local.Value.Date : at.InZone(zone).Date);
    }

    /// <summary>When a series would have an occurrence; null for what is none.</summary>
    public static CalendarTime? OriginalOf(Event occurrence, bool isAllDay, DateTimeZone zone)
    {
        if (occurrence.OriginalStart is not { } start) return Read(occurrence.Start, isAllDay, zone);
        var at = Instant.FromDateTimeOffset(start);
        return isAllDay ? CalendarTime.OfDate(at.InUtc().Date) : ZonedTime.Of(zone, at);
    }
}
