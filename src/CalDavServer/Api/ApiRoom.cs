using CalDavServer.Options;
using Calendaring.Store;
using Practice;

namespace CalDavServer.Api;

/// <summary>The room that is left in a practitioner's home. A program must not fill the disk; people on the pages can always book.</summary>
internal sealed class ApiRoom(ICalendarStore store, Quotas quotas)
{
    /// <summary>Refuses what would make a full home larger.</summary>
    /// <exception cref="ApiFault">It is full: 507.</exception>
    public async Task CheckAsync(Principal practitioner, CancellationToken cancelled)
    {
        using var snapshot = await store.OpenSnapshotAsync(cancelled);
        if (await quotas.AvailableAsync(snapshot, practitioner, PrivacyLevel.FullName) == 0)
            throw new ApiFault(StatusCodes.Status507InsufficientStorage, "There is no room left: remove what is no longer needed, or have the quota raised.");
    }
}
