using NodaTime;
using NodaTime.TimeZones;

namespace Calendaring.TimeZones;

/// <summary>When an offset begins to hold in a zone: local time by the offset before, as DTSTART of an observance has it (RFC 5545 §3.6.5).</summary>
/// <param name="Start">The moment; null where the offset has held since before 1900.</param>
/// <param name="Local">The moment on the clock of <paramref name="From"/>.</param>
/// <param name="From">The offset before.</param>
/// <param name="To">The offset from then on.</param>
/// <param name="Daylight">Whether it is daylight-saving time.</param>
internal readonly record struct ZoneOnset(Instant? Start, LocalDateTime Local, Offset From, Offset To, bool Daylight)
{
    private static readonly Instant Earliest = Instant.FromUtc(1900, 1, 1, 0, 0);

    /// <summary>The onset of an interval.</summary>
    public static ZoneOnset Of(DateTimeZone zone, ZoneInterval interval)
    {
        var (to, daylight) = (interval.WallOffset, interval.Savings != Offset.Zero);
        if (!interval.HasStart || interval.Start <= Earliest) return new(null, new LocalDateTime(1970, 1, 1, 0, 0), to, to, daylight);
        var from = zone.GetUtcOffset(interval.Start - Duration.Epsilon);
        return new(interval.Start, interval.Start.WithOffset(from).LocalDateTime, from, to, daylight);
    }

    /// <summary>Whether only the date of the other differs.</summary>
    public bool IsLike(ZoneOnset other) => From == other.From && To == other.To && Daylight == other.Daylight;
}
