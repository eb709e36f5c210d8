using System.Text.Json.Nodes;
using NodaTime;
using NodaTime.Text;
using NodaTime.TimeZones;

namespace Sandbox.Microsoft;

/// <summary>dateTimeTimeZone (§B7): Windows and IANA names are taken; an event remembers its zone by the Windows name.</summary>
public static class GraphTime
{
    private static readonly LocalDateTimePattern Shown = LocalDateTimePattern.CreateWithInvariantCulture("uuuu-MM-dd'T'HH:mm:ss.fffffff");
    private static readonly InstantPattern Kept = InstantPattern.General;

    public static DateTimeZone Zone(string name)
    {
        if (TzdbDateTimeZoneSource.Default.WindowsMapping.PrimaryMapping.TryGetValue(name, out var iana)) return DateTimeZoneProviders.Tzdb[iana];
        if (name is "tzone://Microsoft/Utc") return DateTimeZone.Utc;
        return DateTimeZoneProviders.Tzdb.GetZoneOrNull(name) ?? throw new GraphException(400, "TimeZoneNotSupportedException", $"A valid TimeZone value must be specified. The following TimeZone value is not supported: '{name}'.");
    }

    /// <summary>The exact IANA name first, then its canonical one: else Europe/Paris would be "W. Europe" (§B7).</summary>
    public static string Windows(string name)
    {
        var mapping = TzdbDateTimeZoneSource.Default.WindowsMapping;
        if (mapping.PrimaryMapping.ContainsKey(name)) return name;
        var canonical = TzdbDateTimeZoneSource.Default.CanonicalIdMap.TryGetValue(name, out var known) ? known : name;
        return (mapping.MapZones.FirstOrDefault(x => x.TzdbIds.Contains(name)) ?? mapping.MapZones.FirstOrDefault(x => x.TzdbIds.Contains(canonical)))?.WindowsId ?? "tzone://Microsoft/Custom";
    }

    public static (Instant At, LocalDateTime Wall, string Zone) Read(JsonNode? time, string which)
    {
        if (time is not JsonObject given || (string?)given["dateTime"] is not { } text) throw GraphRefusal.Property($"The property '{which}' is required.");
        var zone = (string?)given["timeZone"] ?? "UTC";
        var offset = OffsetDateTimePattern.ExtendedIso.Parse(text);
        var local = LocalDateTimePattern.ExtendedIso.Parse(text);
        if (!local.Success && !offset.Success) throw GraphRefusal.Property($"The value '{text}' of '{which}' is not a date and time.");
        if (!Years.Hold(local.Success ? local.Value.Year : offset.Value.Year)) throw GraphRefusal.Property($"The value '{text}' of '{which}' is out of range.");
        var wall = local.Success ? local.Value : offset.Value.ToInstant().InZone(Zone(zone)).LocalDateTime;
        return (wall.InZoneLeniently(Zone(zone)).ToInstant(), wall, zone);
    }

    public static JsonObject Keep(Instant at) => new() { ["dateTime"] = Kept.Format(at), ["timeZone"] = "UTC" };

    public static Instant At(JsonNode kept) => Kept.Parse((string)kept["dateTime"]!).Value;

    public static JsonObject Show(Instant at, string zone) => new() { ["dateTime"] = Shown.Format(at.InZone(Zone(zone)).LocalDateTime), ["timeZone"] = zone };

    public static string Stamp(Instant at) => InstantPattern.CreateWithInvariantCulture("uuuu-MM-dd'T'HH:mm:ss.fffffff'Z'").Format(at);
}
