using CalDavServer.Web.SignIn;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using NodaTime;

namespace CalDavServer.Web.Pages.Account;

/// <summary>The second step of signing in, after the password.</summary>
internal sealed class CodeModel(SecondFactors factors, Sessions sessions, HalfWay halfWay, IClock clock) : PageModel
{
    [BindProperty(SupportsGet = true)]
    public string? Then { get; set; }

    public string? Problem { get; private set; }

    public IActionResult OnGet() => halfWay.Find(HttpContext) is null ? RedirectToPage("SignIn", new { Then }) : Page();

    public async Task<IActionResult> OnPostAsync(string? code)
    {
        if (halfWay.Find(HttpContext) is not { } proved) return RedirectToPage("SignIn", new { Then });
        var wait = factors.BeginTry(proved.PersonId);
        if (wait > 0) return Refuse(Refusal.TooMany(Response, wait));
        var now = clock.GetCurrentInstant();
        var begun = await sessions.BeginAsync(
            HttpContext,
            proved.PersonId,
            account => HalfWay.MarkOf(account) == proved.Mark && factors.Take(proved.PersonId, account, code ?? "", now) is { } left ? account with { SecondFactor = left } : null);
        if (!begun) return Refuse("The code is not right, or was used before. Wait for the next one and type it.");
        factors.ForgiveTry(proved.PersonId);
        halfWay.Forget(HttpContext);
        return Url.IsLocalUrl(Then) ? LocalRedirect(Then) : LocalRedirect("/");
    }

    private PageResult Refuse(string problem)
    {
        Problem = problem;
        return Page();
    }
}
