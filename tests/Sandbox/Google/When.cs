using System.Text.Json.Nodes;
using NodaTime;
using NodaTime.Text;

namespace Sandbox.Google;

/// <summary>A date, or a moment with the zone it is meant in (§A3).</summary>
public readonly record struct When(LocalDate? Date, Instant At, string? Zone)
{
    private static readonly LocalDateTimePattern Local = LocalDateTimePattern.ExtendedIso;
    private static readonly OffsetDateTimePattern WithOffset = OffsetDateTimePattern.Rfc3339;

    public bool AllDay => Date is not null;

    /// <summary>Reads what a client sent: date and dateTime exclude each other, and a time without an offset needs a zone.</summary>
    public static When Read(JsonObject time, string which)
    {
        var date = (string?)time["date"];
        var moment = (string?)time["dateTime"];
        var zone = (string?)time["timeZone"];
        if (zone is not null && DateTimeZoneProviders.Tzdb.GetZoneOrNull(zone) is null) throw Refusal.Invalid($"Invalid time zone definition for {which} time.");
        if (date is null == moment is null) throw Refusal.Invalid($"Invalid {which} time.");
        if (date is not null)
        {
            var day = LocalDatePattern.Iso.Parse(date);
            return day.Success && Years.Hold(day.Value.Year) ? new When(day.Value, default, null) : throw Refusal.Invalid($"Invalid value for: {which}.date");
        }
        var fixedTime = WithOffset.Parse(moment!);
        var local = Local.Parse(moment!);
        if (!Years.Hold(fixedTime.Success ? fixedTime.Value.Year : local.Success ? local.Value.Year : 0)) throw Refusal.Invalid($"Invalid value for: {which}.dateTime");
        if (fixedTime.Success) return new When(null, Whole(fixedTime.Value.ToInstant()), zone);
        if (zone is null) throw Refusal.Required($"Missing time zone definition for {which} time.");
        return new When(null, Whole(local.Value.InZoneLeniently(DateTimeZoneProviders.Tzdb[zone]).ToInstant()), zone);
    }

    /// <summary>Reads what the stand-in has kept.</summary>
    public static When Kept(JsonNode time) => Read(time.AsObject(), "kept");

    public JsonObject Keep()
    {
        if (Date is { } day) return new JsonObject { ["date"] = LocalDatePattern.Iso.Format(day) };
        var kept = new JsonObject { ["dateTime"] = InstantPattern.General.Format(At) };
        if (Zone is not null) kept["timeZone"] = Zone;
        return kept;
    }

    /// <summary>An answer has each time at the offset of the asked zone, and names the event's own (§A3: read the offset and start.timeZone).</summary>
    public JsonObject Show(string zone)
    {
        if (AllDay) return Keep();
        var shown = new JsonObject { ["dateTime"] = WithOffset.Format(At.InZone(DateTimeZoneProviders.Tzdb[zone]).ToOffsetDateTime()) };
        if (Zone is not null) shown["timeZone"] = Zone;
        return shown;
    }

    public DateTimeZone ZoneOr(string other) => DateTimeZoneProviders.Tzdb[Zone ?? other];

    /// <summary>For comparing: a day counts from its midnight in the calendar's zone.</summary>
    public Instant Moment(string calendarZone) => Date is { } day ? day.AtStartOfDayInZone(DateTimeZoneProviders.Tzdb[calendarZone]).ToInstant() : At;

    private static Instant Whole(Instant moment) => Instant.FromUnixTimeSeconds(moment.ToUnixTimeSeconds());
}
