using Google.Apis.Calendar.v3.Data;
using NodaTime;

namespace ProviderBridge.Google;

/// <summary>The occurrences of a series as Google lists them: which are not as the series says, and what they should be.</summary>
internal static class Occurrences
{
    /// <summary>Whether an occurrence is not as its series says: it was taken out, moved, or says something else.</summary>
    public static bool IsOwn(Event occurrence, Event master, DateTimeZone zone)
    {
        if (occurrence.Status == "cancelled") return true;
        if (EventTime.Read(occurrence.Start, zone) != EventTime.Read(occurrence.OriginalStartTime, zone) || LengthOf(occurrence, zone) != LengthOf(master, zone)) return true;
        return Words(occurrence) != Words(master);
    }

    /// <summary>An occurrence as its series says.</summary>
    public static Event Plain(Event occurrence, Event master, DateTimeZone zone)
    {
        var plain = new Event
        {
            Summary = master.Summary ?? "",
            Description = master.Description ?? "",
            Location = master.Location ?? "",
            Status = master.Status,
            Transparency = master.Transparency ?? "opaque",
            Visibility = master.Visibility ?? "default",
            Start = occurrence.OriginalStartTime,
        };
        var start = EventTime.Read(occurrence.OriginalStartTime, zone)!.Value;
        var length = LengthOf(master, zone);
        plain.End = start.IsDate
            ? new EventDateTime { Date = NodaTime.Text.LocalDatePattern.Iso.Format(start.Local.Date.PlusDays((int)length.TotalDays)) }
            : EventTime.Write(MomentOf(occurrence.OriginalStartTime, zone) + length, EventTime.ZoneOf(occurrence.OriginalStartTime) ?? EventTime.ZoneOf(master.End) ?? zone);
        return plain;
    }

    /// <summary>The place that a series gives an occurrence, or null.</summary>
    public static LocalDateTime? PlaceOf(Event occurrence, DateTimeZone zone) => EventTime.Read(occurrence.OriginalStartTime, zone)?.Local;

    private static Duration LengthOf(Event one, DateTimeZone zone) => MomentOf(one.End, zone) - MomentOf(one.Start, zone);

    private static Instant MomentOf(EventDateTime? time, DateTimeZone zone) => EventTime.Read(time, DateTimeZone.Utc) is { } read ? read.Local.InUtc().ToInstant() : default;

    private static (string, string, string, string, string, string) Words(Event one) =>
        (one.Summary ?? "", one.Description ?? "", one.Location ?? "", one.Status ?? "confirmed", one.Transparency ?? "opaque", one.Visibility ?? "default");
}
