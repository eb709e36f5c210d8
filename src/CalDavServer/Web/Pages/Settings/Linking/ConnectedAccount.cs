using CalDavServer.Links;
using ProviderBridge.Accounts;
using ProviderBridge.Sync;

namespace CalDavServer.Web.Pages.Settings.Linking;

/// <summary>Where a person goes on when an account is connected: to the choices of a new link, or to the link that goes on.</summary>
internal static class ConnectedAccount
{
    public static async Task<(string Notice, string Path)> GoOnAsync(LinkKeeper keeper, OutsideAccount account)
    {
        if ((await keeper.FindAsync(account.Key)).Link is null) return ($"{account.Email} is connected. One more step: choose what it may show.", $"/settings/integrations/accounts/{account.Id}");
        await keeper.ChangeAsync(account.Key, link => link with { State = link.State == LinkState.NeedsReconnecting ? LinkState.Active : link.State }, LinkEventKind.Reconnected);
        return ($"{account.Email} is connected again. What changed in the meantime catches up.", $"/settings/sync/links/{account.Id}");
    }
}
