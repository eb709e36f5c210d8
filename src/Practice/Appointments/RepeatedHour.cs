using NodaTime;

namespace Practice.Appointments;

/// <summary>The local times that the clocks show twice, when they go back.</summary>
public static class RepeatedHour
{
    /// <summary>Whether a time is the later of two that the clocks show alike.</summary>
    public static bool IsLater(ZonedDateTime time) =>
        time.Zone.MapLocal(time.LocalDateTime) is { Count: 2 } twice && twice.Last().ToInstant() == time.ToInstant();

    /// <summary>The moment of a local time: of two the earlier (RFC 5545 §3.3.5), unless the later is meant.</summary>
    public static ZonedDateTime At(LocalDateTime local, DateTimeZone zone, bool later)
    {
        ArgumentNullException.ThrowIfNull(zone);
        return later && zone.MapLocal(local) is { Count: 2 } twice ? twice.Last() : local.InZoneLeniently(zone);
    }
}
