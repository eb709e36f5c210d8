using CalDavServer.Web.Passkeys;
using CalDavServer.Web.SignIn;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using NodaTime;

namespace CalDavServer.Web.Pages.Account;

/// <summary>Where a person signs in with login and password; those who have set one up go on to the second step.</summary>
internal sealed class SignInModel(Accounts accounts, Sessions sessions, PendingSignIn pendingSignIn, PasskeyService passkeys, IClock clock) : PageModel
{
    private const string Wrong = "The login or the password is not right.";

    [BindProperty]
    public string? Login { get; set; }

    /// <summary>The page of ours that was asked for, or null.</summary>
    [BindProperty(SupportsGet = true)]
    public string? Then { get; set; }

    public string? Problem { get; private set; }

    /// <summary>Whether browsers take passkeys at the address that was asked for.</summary>
    public bool TakesPasskeys => passkeys.WorksAt(Request);

    [LastingAccess(LastingAccess.SignsIn)]
    public async Task<IActionResult> OnPostAsync(string? password)
    {
        var check = await accounts.CheckAsync(Login ?? "", password ?? "", HttpContext);
        if (check is not { Person: { } person, Account: { } proved }) return Refuse(check.Sentence(Response, Wrong));
        if (proved.SecondFactor is not null)
        {
            pendingSignIn.Remember(HttpContext, person.Id, proved);
            return RedirectToPage("Code", new { Then });
        }

        var hash = check.Comparison.BetterHash ?? proved.PasswordHash;
        var begun = await sessions.BeginAsync(
            HttpContext, person.Id, account => account.PasswordHash == proved.PasswordHash && account.SecondFactor is null ? account with { PasswordHash = hash } : null);
        if (!begun) return Refuse(Wrong);
        return Url.IsLocalUrl(Then) ? LocalRedirect(Then) : LocalRedirect("/");
    }

    /// <summary>Signs in with a passkey: it is used with the person's finger, face or PIN, so that there is no second step.</summary>
    [LastingAccess(LastingAccess.SignsIn)]
    public async Task<IActionResult> OnPostPasskeyAsync(string? passkey)
    {
        var proof = await passkeys.VerifyUseAsync(HttpContext, PasskeyPurpose.SignIn, null, null, passkey);
        if (proof.PersonId is not { } personId) return Refuse(proof.Problem!);
        var now = clock.GetCurrentInstant();
        if (!await sessions.BeginAsync(HttpContext, personId, account => proof.Take(account, now))) return Refuse("This passkey no longer works. Sign in another way.");
        return Url.IsLocalUrl(Then) ? LocalRedirect(Then) : LocalRedirect("/");
    }

    private PageResult Refuse(string problem)
    {
        Problem = problem;
        return Page();
    }
}
