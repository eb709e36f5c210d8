using CalDavServer.Links;
using CalDavServer.Options;
using CalDavServer.Web.Devices;
using CalDavServer.Web.Pages.Settings.Connect;
using CalDavServer.Web.SignIn;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Practice.Subscriptions;
using ProviderBridge.Accounts;
using ProviderBridge.Sync;

namespace CalDavServer.Web.Pages.Settings.Linking;

/// <summary>Connects an account at a service: there, and back.</summary>
[Authorize(Policy = Policies.Practitioner)]
internal sealed class SignInModel(Billing billing, LinkedAccounts accounts, LinkKeeper keeper, SignIns signIns, ServerOptions options, Providers providers) : ConnectPage(billing)
{
    [FromRoute]
    public string Provider { get; set; } = "";

    public ProviderWords Words => Service!.Words;

    public string Self => $"/settings/integrations/{Provider}";

    public IReadOnlyList<LinkStanding> Accounts { get; private set; } = [];

    /// <summary>The service's page, when the person is on the way there.</summary>
    public Uri? Onward { get; private set; }

    private Provider? Service => providers.Find(Provider);

    public async Task<IActionResult> OnGetAsync()
    {
        if (Service?.SignIn is null) return LocalRedirect($"/settings/integrations/add/{(Provider == "microsoft" ? "outlook" : Provider)}");
        Accounts = [.. (await accounts.ListAsync(Me.Principal.Id, HttpContext.RequestAborted)).Where(account => account.Provider.Id == Provider)];
        return Page();
    }

    /// <summary>Begins to connect an account: another, or one again. A form may not lead to another server (form-action), so that a page does.</summary>
    [LastingAccess(LastingAccess.Gives)]
    public async Task<IActionResult> OnPostConnectAsync(string? account)
    {
        if (Service?.SignIn is not { } service) return NotFound();
        var again = account is null ? null : (await keeper.FindAsync(new AccountKey(Me.Principal.Id, account), HttpContext.RequestAborted)).Account;
        if (account is not null && again?.Provider != Provider) return NotFound();
        Onward = signIns.Begin(service.Page, Me.SessionId, RedirectAddress(options, Request), again);
        return Page();
    }

    /// <summary>The person comes back from the service.</summary>
    public async Task<IActionResult> OnGetBackAsync(string? state, string? code, string? error, [FromQuery(Name = "error_description")] string? description)
    {
        if (Service?.SignIn is not { } service) return NotFound();
        if (signIns.Take(Provider, Me.SessionId, state) is not { } begun) return Refused(SignInFault.Expired, null);
        var again = begun.AccountId is null ? null : (await keeper.FindAsync(new AccountKey(Me.Principal.Id, begun.AccountId))).Account;
        if (string.IsNullOrEmpty(code)) return Refused(service.Page.FaultOf(error, description), again);
        try
        {
            var grant = await service.Page.FinishAsync(code, begun.Verifier, begun.Redirect, HttpContext.RequestAborted);
            if (again?.IsOf(grant) == false) return await WrongAsync(service, grant, again);
            return await ConnectedAsync(await service.Tokens.KeepAsync(Me.Principal.Id, grant));
        }
        catch (SignInException refused)
        {
            return Refused(refused.Fault, again);
        }
        catch (OutsideException)
        {
            TempData["Notice"] = "Access was allowed, but could not be saved. Connect the account again.";
            return LocalRedirect(Self);
        }
    }

    /// <summary>Where the service sends people back to: it has to be registered there.</summary>
    private string RedirectAddress(ServerOptions options, HttpRequest request) => new Uri(options.PublicAddress ?? new Uri($"{request.Scheme}://{request.Host}"), $"{Self}/back").AbsoluteUri;

    private async Task<IActionResult> ConnectedAsync(OutsideAccount account)
    {
        var (notice, path) = await ConnectedAccount.GoOnAsync(keeper, account);
        TempData["Notice"] = notice;
        return LocalRedirect(path);
    }

    private async Task<IActionResult> WrongAsync(AccountConnection service, AccountGrant grant, OutsideAccount expected)
    {
        // what was allowed by mistake is given back, unless that account is connected as well, by this person or another
        var given = new AccountKey(Me.Principal.Id, OutsideAccount.IdOf(expected.Provider, grant.Subject));
        if ((await keeper.FindAsync(given)).Account is null && !await keeper.IsSharedAsync(given)) await service.Page.RevokeAsync(grant.Secret);
        return Refused(SignInFault.WrongAccount, expected, grant.Email);
    }

    private LocalRedirectResult Refused(SignInFault fault, OutsideAccount? again, string? given = null)
    {
        TempData["Notice"] = LinkWords.Of(Words, fault, again?.Email, given);
        return LocalRedirect(again is null ? Self : $"/settings/sync/links/{again.Id}");
    }
}
