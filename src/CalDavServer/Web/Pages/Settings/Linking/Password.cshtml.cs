using CalDavServer.Links;
using CalDavServer.Links.CalDav;
using CalDavServer.Web.Devices;
using CalDavServer.Web.Pages.Settings.Connect;
using CalDavServer.Web.SignIn;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Practice.Subscriptions;
using ProviderBridge.Accounts;
using ProviderBridge.CalDav;
using ProviderBridge.Sync;

namespace CalDavServer.Web.Pages.Settings.Linking;

/// <summary>Connects an account with a login and a password that are typed here.</summary>
[Authorize(Policy = Policies.Practitioner)]
internal sealed class PasswordModel(Billing billing, LinkedAccounts accounts, LinkKeeper keeper, Providers providers) : ConnectPage(billing)
{
    private const int MaxAddress = 500;

    [FromRoute]
    public string Provider { get; set; } = "";

    public string Self => $"/settings/integrations/{Provider}";

    public ProviderWords Words => Service!.Words;

    public PasswordSignIn Asks => Service!.Password!;

    public IReadOnlyList<LinkStanding> Accounts { get; private set; } = [];

    /// <summary>The account that is connected again; null for any.</summary>
    public OutsideAccount? Again { get; private set; }

    public string Address { get; private set; } = "";

    public string Login { get; private set; } = "";

    public string? Problem { get; private set; }

    private Provider? Service => providers.Find(Provider);

    public async Task<IActionResult> OnGetAsync()
    {
        if (Service?.Password is null) return LocalRedirect($"/settings/integrations/add/{Provider}");
        await ReadAsync();
        return Page();
    }

    /// <summary>Connects an account: another, or one again. Without a password it is asked for.</summary>
    [LastingAccess(LastingAccess.Gives)]
    public async Task<IActionResult> OnPostConnectAsync(string? account, string? address, string? login, string? password)
    {
        if (Service?.Password is not { } asks) return NotFound();
        Again = account is null ? null : (await keeper.FindAsync(new AccountKey(Me.Principal.Id, account), HttpContext.RequestAborted)).Account;
        if (account is not null && Again?.Provider != Provider) return NotFound();
        (Address, Login) = (asks.Address ?? address?.Trim() ?? (Again is null ? "" : asks.Service.ServerOf(Again)?.AbsoluteUri ?? ""), login?.Trim() ?? Again?.Email ?? "");
        if (string.IsNullOrEmpty(password) || Address.Length is 0 or > MaxAddress || Login.Length == 0) return await AskAsync(login is null ? null : "Fill in every field.");
        if (Login.Contains(':', StringComparison.Ordinal) || Login.Any(char.IsControl) || password.Any(char.IsControl)) return await AskAsync("A login cannot contain a colon, and neither the login nor the password can contain line breaks.");
        try
        {
            var credentials = new CalDavCredentials(Login, password.Trim());
            var facts = await CalDavDiscovery.FindAsync(asks.Service.Connections, Address, credentials, HttpContext.RequestAborted);
            var grant = CalDavService.GrantOf(facts, credentials);
            if (Again is not null && OutsideAccount.IdOf(Provider, grant.Subject) != Again.Id) return await AskAsync(LinkWords.Of(Words, SignInFault.WrongAccount, Again.Email, Login));
            var (notice, path) = await ConnectedAccount.GoOnAsync(keeper, await asks.Service.KeepAsync(Me.Principal.Id, grant));
            TempData["Notice"] = notice;
            return LocalRedirect(path);
        }
        catch (CalDavException refused)
        {
            return await AskAsync($"Nothing was connected. {CalDavProblemWords.Of(Service!, refused.Problem, Address, password)}");
        }
        catch (OutsideException)
        {
            return await AskAsync("The account lets this server in, but that could not be saved. Connect it again.");
        }
    }

    private async Task<IActionResult> AskAsync(string? problem)
    {
        Problem = problem;
        await ReadAsync();
        return Page();
    }

    private async Task ReadAsync() => Accounts = [.. (await accounts.ListAsync(Me.Principal.Id, HttpContext.RequestAborted)).Where(account => account.Provider.Id == Provider)];
}
