using System.Collections.Frozen;
using NodaTime;
using NodaTime.TimeZones;

namespace Calendaring.TimeZones;

/// <summary>
/// Names of time zones as they are met in calendars → rules. The tables are fixed and the work on a name is bounded, so that names made up by a sender cost neither memory
/// nor time.
/// </summary>
public static class TimeZoneCatalog
{
    private const int MaxLength = 200;

    private static readonly FrozenDictionary<string, string> Names = ReadNames();
    private static readonly FrozenDictionary<string, string>.AlternateLookup<ReadOnlySpan<char>> BySpan = Names.GetAlternateLookup<ReadOnlySpan<char>>();

    /// <summary>
    /// A zone by IANA id, Windows id, Outlook display name (<c>(UTC+10:00) Canberra, Melbourne, Sydney</c>), vendor-prefixed name
    /// (<c>/freeassociation.sourceforge.net/Europe/Berlin</c>) or, last, by an offset (<c>GMT+2</c>: two hours east of Greenwich); null when the name says nothing.
    /// </summary>
    /// <param name="timeZoneId">The name; case does not matter, and quotes around it are let pass.</param>
    public static DateTimeZone? Find(string timeZoneId)
    {
        ArgumentNullException.ThrowIfNull(timeZoneId);
        return FindNamed(timeZoneId) ?? FindOffset(timeZoneId);
    }

    /// <summary>A zone by a name that stands for rules.</summary>
    internal static DateTimeZone? FindNamed(string timeZoneId)
    {
        if (timeZoneId.Length > MaxLength) return null;
        var name = timeZoneId.AsSpan().Trim(" \t\"'");
        if (BySpan.TryGetValue(name, out var id) || TryPrefixed(name, out id) || TryUnderscored(name, out id)) return ZoneOf(id);
        var offset = ZoneOffsetText.TryReadPrefix(name, out var seconds, out var rest) ? seconds : (int?)null;
        if (offset is null && rest.IndexOf(',') < 0) return null;
        return OutlookNames.Find(rest, offset) is { } found ? ZoneOf(found) : null;
    }

    /// <summary>A fixed offset by a name that says one.</summary>
    internal static DateTimeZone? FindOffset(string timeZoneId) =>
        timeZoneId.Length <= MaxLength && ZoneOffsetText.TryReadPrefix(timeZoneId.AsSpan().Trim(" \t\"'"), out var seconds, out _)
            ? DateTimeZone.ForOffset(Offset.FromSeconds(seconds))
            : null;

    /// <summary>The zone of a name in the tables.</summary>
    internal static DateTimeZone ZoneOf(string id) => DateTimeZoneProviders.Tzdb[id];

    /// <summary>What stands behind a vendor's prefix; the longest that is known, as some ids have three parts.</summary>
    private static bool TryPrefixed(ReadOnlySpan<char> name, out string id)
    {
        for (var slash = name.IndexOf('/'); slash >= 0; slash = name.IndexOf('/'))
        {
            name = name[(slash + 1)..];
            if (BySpan.TryGetValue(name, out id!) || TryUnderscored(name, out id)) return true;
        }
        id = "";
        return false;
    }

    private static bool TryUnderscored(ReadOnlySpan<char> name, out string id)
    {
        id = "";
        if (name.IndexOf('/') < 0 || name.IndexOf(' ') < 0) return false;
        Span<char> underscored = stackalloc char[name.Length];
        name.Replace(underscored, ' ', '_');
        return BySpan.TryGetValue(underscored, out id!);
    }

    private static FrozenDictionary<string, string> ReadNames()
    {
        var names = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var (windows, id) in TzdbDateTimeZoneSource.Default.WindowsMapping.PrimaryMapping)
        {
            names[windows] = id;
            if (windows.EndsWith(" Standard Time", StringComparison.Ordinal)) names[windows[..^"Standard Time".Length] + "Daylight Time"] = id;
        }
        // an IANA id is itself, even where Windows has the same name
        foreach (var id in DateTimeZoneProviders.Tzdb.Ids) names[id] = id;
        names["Z"] = "UTC";
        return names.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);
    }
}
