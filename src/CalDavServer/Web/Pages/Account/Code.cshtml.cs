using CalDavServer.Web.Passkeys;
using CalDavServer.Web.SignIn;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using NodaTime;
using Practice.People;

namespace CalDavServer.Web.Pages.Account;

/// <summary>The second step of signing in, after the password.</summary>
internal sealed class CodeModel(AccountBook accounts, SecondFactors factors, Sessions sessions, PendingSignIn pendingSignIn, PasskeyService passkeys, IClock clock) : PageModel
{
    [BindProperty(SupportsGet = true)]
    public string? Then { get; set; }

    public string? Problem { get; private set; }

    /// <summary>Whether an app shows codes.</summary>
    public bool HasApp { get; private set; }

    /// <summary>Whether the person has passkeys that the browser can use here.</summary>
    public bool HasPasskeys { get; private set; }

    public async Task<IActionResult> OnGetAsync() => pendingSignIn.Find(HttpContext) is not var (personId, _) ? RedirectToPage("SignIn", new { Then }) : await ShowAsync(personId, null);

    [LastingAccess(LastingAccess.SignsIn)]
    public async Task<IActionResult> OnPostAsync(string? code)
    {
        if (pendingSignIn.Find(HttpContext) is not { } proved) return RedirectToPage("SignIn", new { Then });
        var wait = factors.BeginTry(proved.PersonId);
        if (wait > 0) return await ShowAsync(proved.PersonId, Refusal.TooMany(Response, wait));
        var now = clock.GetCurrentInstant();
        var begun = await sessions.BeginAsync(
            HttpContext,
            proved.PersonId,
            account => PendingSignIn.MarkOf(account) == proved.Mark && factors.Take(proved.PersonId, account, code ?? "", now) is { } left ? account with { SecondFactor = left } : null);
        if (!begun) return await ShowAsync(proved.PersonId, "The code is not right, or was used before. Wait for the next one and type it.");
        factors.ForgiveTry(proved.PersonId);
        pendingSignIn.Forget(HttpContext);
        return Url.IsLocalUrl(Then) ? LocalRedirect(Then) : LocalRedirect("/");
    }

    [LastingAccess(LastingAccess.SignsIn)]
    public async Task<IActionResult> OnPostPasskeyAsync(string? passkey)
    {
        if (pendingSignIn.Find(HttpContext) is not { } proved) return RedirectToPage("SignIn", new { Then });
        var proof = await passkeys.VerifyUseAsync(HttpContext, PasskeyPurpose.SecondStep, proved.PersonId, proved.PersonId, passkey);
        if (proof.Problem is { } problem) return await ShowAsync(proved.PersonId, problem);
        var now = clock.GetCurrentInstant();
        if (!await sessions.BeginAsync(HttpContext, proved.PersonId, account => PendingSignIn.MarkOf(account) == proved.Mark ? proof.Take(account, now) : null)) return RedirectToPage("SignIn", new { Then });
        pendingSignIn.Forget(HttpContext);
        return Url.IsLocalUrl(Then) ? LocalRedirect(Then) : LocalRedirect("/");
    }

    private async Task<PageResult> ShowAsync(string personId, string? problem)
    {
        Problem = problem;
        var account = await accounts.FindAsync(personId, HttpContext.RequestAborted);
        (HasApp, HasPasskeys) = (account?.SecondFactor is { HasApp: true }, account is { HasPasskeys: true } && passkeys.WorksAt(Request));
        return Page();
    }
}
