using System.Runtime.CompilerServices;
using NodaTime;

namespace Calendaring.TimeZones;

/// <summary>All onsets of a zone, and from which of them on they follow two yearly rules for good.</summary>
internal sealed class ZoneHistory
{
    private const int LastYear = 2110;
    private const int YearsOfRule = 28;

    private static readonly ConditionalWeakTable<DateTimeZone, ZoneHistory> Known = [];

    private ZoneHistory(DateTimeZone zone)
    {
        Onsets = [.. zone.GetZoneIntervals(Instant.FromUtc(1900, 1, 1, 0, 0), Instant.FromUtc(LastYear, 1, 1, 0, 0)).Select(interval => ZoneOnset.Of(zone, interval))];
        SteadyFrom = Onsets.Count;
        if (Onsets.Count < 2 * YearsOfRule || Onsets[^1].Start < Instant.FromUtc(LastYear - 1, 1, 1, 0, 0)) return;
        var last = Onsets.Skip(Onsets.Count - (2 * YearsOfRule));
        if (YearlyOnset.Of([.. last.Where(onset => onset.Daylight)]) is not { } daylight || YearlyOnset.Of([.. last.Where(onset => !onset.Daylight)]) is not { } standard) return;
        (Daylight, Standard) = (daylight, standard);
        while (SteadyFrom > 0 && Follows(SteadyFrom - 1)) SteadyFrom--;
    }

    /// <summary>The onsets by time; the first may have no date.</summary>
    public IReadOnlyList<ZoneOnset> Onsets { get; }

    /// <summary>Index of the first onset from which on all follow the rules; the count when the zone has none.</summary>
    public int SteadyFrom { get; }

    /// <summary>The rule of daylight-saving time from <see cref="SteadyFrom"/> on.</summary>
    public YearlyOnset? Daylight { get; }

    /// <summary>The rule of standard time from <see cref="SteadyFrom"/> on.</summary>
    public YearlyOnset? Standard { get; }

    /// <summary>The history of a zone; kept as long as the zone is.</summary>
    public static ZoneHistory Of(DateTimeZone zone) => Known.GetValue(zone, static zone => new(zone));

    /// <summary>Index of the onset of the offset that holds at a moment.</summary>
    public int IndexAt(Instant instant)
    {
        var index = Onsets.Count - 1;
        while (index > 0 && Onsets[index].Start > instant) index--;
        return index;
    }

    // no year may be left out: two onsets of a year, and as many of the next
    private bool Follows(int index) =>
        (Onsets[index].Daylight ? Daylight : Standard)!.Has(Onsets[index])
        && (index + 2 >= Onsets.Count || (Onsets[index + 2].Daylight == Onsets[index].Daylight && Onsets[index + 2].Local.Year == Onsets[index].Local.Year + 1));
}
