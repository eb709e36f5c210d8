using Calendaring.Store;
using Practice.Groups;
using ProviderBridge.Sync;

namespace CalDavServer.Links;

/// <summary>The links of a running server, for commands.</summary>
internal sealed class ServedLinks(ICalendarStore store, LinkRunner runner, Providers providers)
{
    /// <summary>Has a link run at once.</summary>
    public void Wake(LinkKey link) => runner.Wake(link);

    /// <summary>Compares both sides of a link.</summary>
    public async Task<LinkComparison> CompareAsync(Link link, CancellationToken cancelled)
    {
        if (providers.Find(link.Provider) is not { } provider || await PracticeAsync(link, cancelled) is not { } practice) throw new OutsideException(OutsideFault.Unavailable, "this server is not set up for its service.");
        using var opened = provider.Service.Open(link, practice.Zone(), new EventOwners(store, link.Key));
        return await LinkComparison.MakeAsync(store, opened.Calendar, link, cancelled);
    }

    private async Task<PracticeGroup?> PracticeAsync(Link link, CancellationToken cancelled)
    {
        using var snapshot = await store.OpenSnapshotAsync(cancelled);
        return await PracticeGroup.FindAsync(snapshot, (await snapshot.FindPrincipalAsync(link.PractitionerId))?.GroupId);
    }
}
