using System.Globalization;
using Calendaring.ICalendar;
using Google.Apis.Calendar.v3.Data;
using NodaTime;
using NodaTime.Text;
using ProviderBridge.Mapping;

namespace ProviderBridge.Google;

/// <summary>Days and moments as Google writes them.</summary>
internal static class EventTime
{
    private static readonly OffsetDateTimePattern WithOffset = OffsetDateTimePattern.CreateWithInvariantCulture("uuuu-MM-dd'T'HH:mm:sso<+HH:mm>");

    /// <summary>Writes a time: a moment with its offset, and the zone in which it repeats.</summary>
    public static EventDateTime Write(CalendarTime time, SeriesLines series)
    {
        if (time.IsDate) return new EventDateTime { Date = LocalDatePattern.Iso.Format(time.Local.Date) };
        return Write(series.InstantOf(time), series.Zone);
    }

    /// <summary>Writes a moment.</summary>
    public static EventDateTime Write(Instant at, DateTimeZone zone) =>
        new() { DateTimeRaw = WithOffset.Format(at.InZone(zone).ToOffsetDateTime()), TimeZone = zone.Id };

    /// <summary>Reads a time; null when it cannot be read.</summary>
    /// <param name="time">What Google has.</param>
    /// <param name="zone">The zone to have it in.</param>
    public static CalendarTime? Read(EventDateTime? time, DateTimeZone zone)
    {
        if (time?.Date is { } day) return LocalDatePattern.Iso.Parse(day) is { Success: true } date ? CalendarTime.OfDate(date.Value) : null;
        if (time?.DateTimeRaw is not { } text) return null;
        // the JSON reader may have made a date of its own of the text
        if (OffsetDateTimePattern.ExtendedIso.Parse(text) is { Success: true } moment) return ZonedTime.Of(zone, moment.Value.ToInstant());
        if (LocalDateTimePattern.ExtendedIso.Parse(text) is { Success: true } local) return ZonedTime.Of(zone, local.Value.InZoneLeniently(ZoneOf(time) ?? zone).ToInstant());
        return DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var other) ? ZonedTime.Of(zone, Instant.FromDateTimeOffset(other)) : null;
    }

    /// <summary>The zone that Google names, or null.</summary>
    public static DateTimeZone? ZoneOf(EventDateTime? time) => time?.TimeZone is { Length: > 0 } id ? DateTimeZoneProviders.Tzdb.GetZoneOrNull(id) : null;
}
