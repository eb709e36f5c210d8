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
        var access = await AccessAsync(practitionerId, cancelled);
        return [.. (await keeper.ListAsync(practitionerId, cancelled)).Select(found => Of(found.Account, found.Link, access)).OfType<LinkStanding>()];
    }

    /// <summary>An account; null when there is none, or this server is not set up for its service.</summary>
    public async Task<LinkStanding?> FindAsync(AccountKey key, CancellationToken cancelled) =>
        await keeper.FindAsync(key, cancelled) is ({ } account, var link) ? Of(account, link, await AccessAsync(key.PractitionerId, cancelled)) : null;

    private LinkStanding? Of(OutsideAccount account, Link? link, HxState access)
    {
        if (providers.Find(account.Provider) is not { } provider) return null;
        if (link is null) return new LinkStanding(provider, account, null, access, 0, null, false);
        var scheduled = runner.Find(link.Key);
        return new LinkStanding(provider, account, link, access, scheduled?.Failures ?? 0, runner.NextOf(link.Key), scheduled?.IsTold ?? false) { Progress = scheduled?.Progress, Fault = scheduled?.Fault };
    }

    private async Task<HxState> AccessAsync(string practitionerId, CancellationToken cancelled)
    {
        using var snapshot = await store.OpenSnapshotAsync(cancelled);
        return (await HxAccess.ReadAsync(snapshot, practitionerId, clock.GetCurrentInstant())).State;
    }
}
