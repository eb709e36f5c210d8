using Calendaring.TimeZones;
using NodaTime;
using NodaTime.TimeZones;

namespace ProviderBridge.Microsoft;

/// <summary>
/// Time zones as Microsoft calls them (CLDR's table of Windows names). Many places share a name: the practice's own zone is taken for its name, and else the place that stands for it.
/// </summary>
internal static class GraphZone
{
    private static readonly Dictionary<string, string> Names = ReadNames();

    /// <summary>Microsoft's name of a zone; null where it has none.</summary>
    public static string? NameOf(DateTimeZone zone)
    {
        if (zone == DateTimeZone.Utc) return "UTC";
        if (Names.TryGetValue(zone.Id, out var name)) return name;
        return TzdbDateTimeZoneSource.Default.CanonicalIdMap.TryGetValue(zone.Id, out var canonical) ? Names.GetValueOrDefault(canonical) : null;
    }

    /// <summary>The zone of a name of Microsoft's, or of an IANA name; the practice's where a name says nothing (<c>tzone://Microsoft/Custom</c>).</summary>
    public static DateTimeZone Find(string? name, DateTimeZone practice)
    {
        if (string.IsNullOrEmpty(name)) return practice;
        if (name is "tzone://Microsoft/Utc" or "UTC") return DateTimeZone.Utc;
        if (NameOf(practice) == name) return practice;
        return TimeZoneCatalog.Find(name) is { } found && DateTimeZoneProviders.Tzdb.GetZoneOrNull(found.Id) is { } known ? known : practice;
    }

    // the exact id first: by canonical names alone, Paris would be in "W. Europe Standard Time"
    private static Dictionary<string, string> ReadNames()
    {
        Dictionary<string, string> names = new(StringComparer.Ordinal);
        foreach (var zone in TzdbDateTimeZoneSource.Default.WindowsMapping.MapZones)
        {
            foreach (var id in zone.TzdbIds) names.TryAdd(id, zone.WindowsId);
        }

        foreach (var (id, canonical) in TzdbDateTimeZoneSource.Default.CanonicalIdMap)
        {
            if (names.TryGetValue(id, out var name)) names.TryAdd(canonical, name);
        }

        return names;
    }
}
