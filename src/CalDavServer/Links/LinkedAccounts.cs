using Calendaring.Store;
using NodaTime;
using Practice.Hx;
using ProviderBridge.Accounts;
using ProviderBridge.Sync;

namespace CalDavServer.Links;

/// <summary>Reads how the accounts of a practitioner stand.</summary>
internal sealed class LinkedAccounts(ICalendarStore store, IClock clock, LinkKeeper keeper, LinkRunner runner, Providers providers)
{
    public async Task<IReadOnlyList<LinkStanding>> ListAsync(string practitionerId, CancellationToken cancelled)
    {
        var calendar = await CalendarAsync(practitionerId, cancelled);
        return [.. (await keeper.ListAsync(practitionerId, cancelled)).Select(found => Of(found.Account, found.Link, calendar)).OfType<LinkStanding>()];
    }

    /// <summary>An account; null when there is none, or this server is not set up for its service.</summary>
    public async Task<LinkStanding?> FindAsync(AccountKey key, CancellationToken cancelled)
    {
        var calendar = await CalendarAsync(key.PractitionerId, cancelled);
        return await keeper.FindAsync(key, cancelled) is ({ } account, var link) ? Of(account, link, calendar) : null;
    }

    private LinkStanding? Of(OutsideAccount account, Link? link, (HxState Access, long Change) calendar)
    {
        if (providers.Find(account.Provider) is not { } provider) return null;
        if (link is null) return new LinkStanding(provider, account, null, calendar.Access, 0, null, false);
        var scheduled = runner.Find(link.Key);
        return new LinkStanding(provider, account, link, calendar.Access, scheduled?.Failures ?? 0, runner.NextOf(link.Key), scheduled?.IsTold ?? false)
        {
            Progress = scheduled?.Progress,
            Fault = scheduled?.Fault,
            IsBehind = link.HxCursor < calendar.Change,
        };
    }

    /// <summary>How the practitioner's calendar stands, and the last change of it; read before the links, so that what one has compared in the meantime is no change that it does not know.</summary>
    private async Task<(HxState Access, long Change)> CalendarAsync(string practitionerId, CancellationToken cancelled)
    {
        using var snapshot = await store.OpenSnapshotAsync(cancelled);
        var access = await HxAccess.ReadAsync(snapshot, practitionerId, clock.GetCurrentInstant());
        return (access.State, (await snapshot.FindCollectionAsync(practitionerId, HxCalendar.CollectionName))?.Change ?? 0);
    }
}
