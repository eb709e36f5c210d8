using Calendaring.Store;

namespace ProviderBridge.Sync;

/// <summary>Tells which appointment an event of a link's outside calendar belongs to.</summary>
/// <param name="store">Where the link keeps that.</param>
/// <param name="link">The link.</param>
public sealed class EventOwners(ICalendarStore store, LinkKey link)
{
    /// <summary>
    /// Whether an event is another appointment's. What was noted with it does not tell: one that was made for an appointment may have been changed outside while that was gone, and somebody may have copied it; it is an appointment of
    /// its own since.
    /// </summary>
    /// <param name="outsideId">The event's id outside.</param>
    /// <param name="uid">The appointment's UID.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public async ValueTask<bool> IsAnothersAsync(string outsideId, string uid, CancellationToken cancellationToken) =>
        await LinkItem.OwnerOfAsync(store, link, outsideId, cancellationToken) is { } owner && owner != uid;
}
