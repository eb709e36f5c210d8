using Calendaring.Store;
using NodaTime;

namespace Practice.Hx;

/// <summary>How the HX_ calendars of practitioners stand.</summary>
/// <param name="store">Where they are kept.</param>
/// <param name="clock">The current time.</param>
public sealed class HxCalendars(ICalendarStore store, IClock clock)
{
    /// <summary>The HX_ calendar of a practitioner; null when they have none.</summary>
    public async Task<HxStanding?> FindAsync(string practitionerId, CancellationToken cancelled = default)
    {
        using var snapshot = await store.OpenSnapshotAsync(cancelled);
        return await snapshot.FindCollectionAsync(practitionerId, HxCalendar.CollectionName) is { } hx
            ? new HxStanding(HxCalendar.NameOf(hx), hx.Change)
            : null;
    }

    /// <summary>Whether the HX_ calendar of a practitioner is open now.</summary>
    public async Task<HxAccess> AccessAsync(string practitionerId, CancellationToken cancelled = default)
    {
        using var snapshot = await store.OpenSnapshotAsync(cancelled);
        return await HxAccess.ReadAsync(snapshot, practitionerId, clock.GetCurrentInstant());
    }
}

/// <summary>How an HX_ calendar stands.</summary>
/// <param name="Name">What it is called (R2, R3).</param>
/// <param name="Change">The number of its last change: a link that mirrors only what comes begins after it.</param>
public sealed record HxStanding(string Name, long Change);
