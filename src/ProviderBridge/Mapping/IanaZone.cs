using Calendaring.TimeZones;
using NodaTime;

namespace ProviderBridge.Mapping;

/// <summary>
/// The IANA time zone of a time in a calendar object. Outside calendars know time zones by name only: rules that an object brings itself (VTIMEZONE) are looked up among those that have a name.
/// </summary>
internal static class IanaZone
{
    // offsets at these many moments, some weeks apart: a few years, with each change of the clocks between two of them
    private const int Samples = 100;
    private static readonly Duration Apart = Duration.FromDays(15);

    /// <summary>The zone with a name that keeps the same time as another around a moment; null when none does.</summary>
    /// <param name="zone">A zone, with or without a name.</param>
    /// <param name="from">From when on.</param>
    /// <param name="likely">What it most probably is: the practice's.</param>
    public static DateTimeZone? Of(DateTimeZone zone, Instant from, DateTimeZone likely)
    {
        if (zone == DateTimeZone.Utc) return zone;
        if (DateTimeZoneProviders.Tzdb.GetZoneOrNull(zone.Id) is { } known) return known;
        if (TimeZoneCatalog.Find(zone.Id) is { } named && DateTimeZoneProviders.Tzdb.GetZoneOrNull(named.Id) is { } found && Agree(zone, found, from)) return found;
        if (Agree(zone, likely, from)) return likely;
        return DateTimeZoneProviders.Tzdb.Ids.Select(id => DateTimeZoneProviders.Tzdb[id]).FirstOrDefault(other => Agree(zone, other, from));
    }

    private static bool Agree(DateTimeZone one, DateTimeZone other, Instant from)
    {
        for (var n = 0; n < Samples; n++)
        {
            var at = from + (Apart * n);
            if (one.GetUtcOffset(at) != other.GetUtcOffset(at)) return false;
        }

        return true;
    }
}
