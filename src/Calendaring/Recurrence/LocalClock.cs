using NodaTime;
using NodaTime.TimeZones;

namespace Calendaring.Recurrence;

/// <summary>
/// Ties local seconds (see <see cref="CivilDay"/>) to the time line in one zone, fast where times follow each other, as it remembers the last stretch without a change
/// of offset. Never throws; safe to share between threads.
/// </summary>
internal sealed class LocalClock(DateTimeZone zone)
{
    // no zone ever changed its offset by more
    private const long Margin = 26 * 3600;

    private static readonly long First = Instant.MinValue.ToUnixTimeSeconds();
    private static readonly long Last = Instant.MaxValue.ToUnixTimeSeconds();

    private Stretch? _stretch;

    /// <summary>The zone.</summary>
    public DateTimeZone Zone { get; } = zone;

    /// <summary>An instant in seconds since 1970, at the ends of the time line when it lies beyond.</summary>
    public static Instant At(long seconds) => Instant.FromUnixTimeSeconds(Math.Clamp(seconds, First, Last));

    /// <summary>
    /// The instant of a local time, in seconds since 1970. A time in a gap takes the offset before it; one that occurs twice is the first (RFC 5545 §3.3.5).
    /// </summary>
    public long ToInstant(long local) => ToInstant(local, out _);

    /// <summary>The same, and whether the local time is in a gap.</summary>
    public long ToInstant(long local, out bool skipped)
    {
        skipped = false;
        var stretch = _stretch;
        if (stretch is not null && local >= stretch.LocalFrom && local < stretch.LocalUntil) return local - stretch.Offset;
        if (local > Last - Margin || local < CivilDay.Min * (long)CivilDay.Seconds) return local - Load(Math.Clamp(local, -Last, Last)).Offset;
        var map = Zone.MapLocal(CivilDay.TimeOf(local));
        skipped = map.Count == 0;
        return local - Remember(map.EarlyInterval).Offset;
    }

    /// <summary>The local time of an instant in seconds since 1970.</summary>
    public long ToLocal(long instant)
    {
        var stretch = _stretch;
        if (stretch is null || instant < stretch.From || instant >= stretch.Until) stretch = Load(Math.Clamp(instant, -Last, Last));
        return instant + stretch.Offset;
    }

    private Stretch Load(long instant) => Remember(Zone.GetZoneInterval(Instant.FromUnixTimeSeconds(instant)));

    private Stretch Remember(ZoneInterval interval)
    {
        var offset = interval.WallOffset.Seconds;
        var from = interval.HasStart ? interval.Start.ToUnixTimeSeconds() : long.MinValue / 2;
        var until = interval.HasEnd ? interval.End.ToUnixTimeSeconds() : long.MaxValue / 2;
        return _stretch = new Stretch(from, until, offset, from + offset + Margin, until + offset - Margin);
    }

    /// <summary>A stretch without a change of offset: by instants, and the local times that are surely in no other.</summary>
    private sealed record Stretch(long From, long Until, int Offset, long LocalFrom, long LocalUntil);
}
