using CalDavServer.Links;
using CalDavServer.Operations;
using CalDavServer.Web.Pages.Settings.Connect;
using CalDavServer.Web.SignIn;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Practice.Subscriptions;
using ProviderBridge.Accounts;
using ProviderBridge.Sync;

namespace CalDavServer.Web.Pages.Settings.Google;

/// <summary>Connects an account at Google: there, and back.</summary>
[Authorize(Policy = Policies.Practitioner)]
internal sealed class IndexModel(Billing billing, LinkedAccounts accounts, LinkKeeper keeper, GoogleSignIns signIns, ServerOptions options, GoogleConnection? google = null) : ConnectPage(billing)
{
    public IReadOnlyList<LinkStanding> Accounts { get; private set; } = [];

    /// <summary>Google's page, when the person is on the way there.</summary>
    public Uri? Onward { get; private set; }

    public async Task<IActionResult> OnGetAsync()
    {
        if (google is null) return LocalRedirect("/settings/integrations/add/google");
        Accounts = await accounts.ListAsync(Me.Principal.Id);
        return Page();
    }

    /// <summary>Begins to connect an account: another, or one again. A form may not lead to another server (form-action), so that a page does.</summary>
    [LastingAccess(LastingAccess.Gives)]
    public async Task<IActionResult> OnPostConnectAsync(string? account)
    {
        if (google is null) return NotFound();
        var again = account is null ? null : (await keeper.FindAsync(Me.Principal.Id, account)).Account;
        if (account is not null && again is null) return NotFound();
        Onward = signIns.Begin(google.SignIn, Me.SessionId, RedirectAddress(options, Request), again);
        return Page();
    }

    /// <summary>The person comes back from Google.</summary>
    public async Task<IActionResult> OnGetBackAsync(string? state, string? code, string? error)
    {
        if (google is null) return NotFound();
        if (signIns.Take(Me.SessionId, state) is not { } begun) return Refused(SignInFault.Expired, null);
        var again = begun.AccountId is null ? null : (await keeper.FindAsync(Me.Principal.Id, begun.AccountId)).Account;
        if (string.IsNullOrEmpty(code)) return Refused(error == "access_denied" ? SignInFault.Denied : SignInFault.Unavailable, again);
        try
        {
            var grant = await google.SignIn.FinishAsync(code, begun.Verifier, begun.Redirect, HttpContext.RequestAborted);
            if (again is not null && OutsideAccount.IdOf(again.Provider, grant.Subject) != again.Id) return await WrongAsync(google, grant, again);
            return await ConnectedAsync(await google.Tokens.KeepAsync(Me.Principal.Id, grant));
        }
        catch (SignInException refused)
        {
            return Refused(refused.Fault, again);
        }
        catch (OutsideException)
        {
            TempData["Notice"] = "The account was allowed, but could not be written down. Connect it again.";
            return LocalRedirect("/settings/integrations/google");
        }
    }

    /// <summary>Where Google sends people back to: it has to be registered there.</summary>
    public static string RedirectAddress(ServerOptions options, HttpRequest request) =>
        new Uri(options.PublicAddress ?? new Uri($"{request.Scheme}://{request.Host}"), "/settings/integrations/google/back").AbsoluteUri;

    private async Task<IActionResult> ConnectedAsync(OutsideAccount account)
    {
        var hasLink = (await keeper.FindAsync(Me.Principal.Id, account.Id)).Link is not null;
        if (!hasLink)
        {
            TempData["Notice"] = $"{account.Email} is connected. One more step: choose what it may show.";
            return LocalRedirect($"/settings/integrations/google/accounts/{account.Id}");
        }

        await keeper.ChangeAsync(Me.Principal.Id, account.Id, link => link with { State = link.State == LinkState.NeedsReconnecting ? LinkState.Active : link.State });
        TempData["Notice"] = $"{account.Email} is connected again. What changed meanwhile follows.";
        return LocalRedirect($"/settings/sync/links/{account.Id}");
    }

    private async Task<IActionResult> WrongAsync(GoogleConnection connection, GoogleGrant grant, OutsideAccount expected)
    {
        // what was allowed by mistake is given back, unless that account is connected as well, by this person or another
        var given = OutsideAccount.IdOf(expected.Provider, grant.Subject);
        if ((await keeper.FindAsync(Me.Principal.Id, given)).Account is null && !await keeper.IsSharedAsync(Me.Principal.Id, given)) await connection.SignIn.RevokeAsync(grant.RefreshToken);
        return Refused(SignInFault.WrongAccount, expected, grant.Email);
    }

    private LocalRedirectResult Refused(SignInFault fault, OutsideAccount? again, string? given = null)
    {
        TempData["Notice"] = LinkWords.Of(fault, again?.Email, given);
        return LocalRedirect(again is null ? "/settings/integrations/google" : $"/settings/sync/links/{again.Id}");
    }
}
