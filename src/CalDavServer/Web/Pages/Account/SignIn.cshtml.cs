using CalDavServer.Access;
using CalDavServer.Web.SignIn;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace CalDavServer.Web.Pages.Account;

/// <summary>Where a person signs in with login and password.</summary>
internal sealed class SignInModel(Accounts accounts, Sessions sessions, LoginThrottle throttle) : PageModel
{
    [BindProperty]
    public string Login { get; set; } = "";

    /// <summary>The page of ours that was asked for, or null.</summary>
    [BindProperty(SupportsGet = true)]
    public string? Then { get; set; }

    public string? Problem { get; private set; }

    public async Task<IActionResult> OnPostAsync(string? password)
    {
        var address = HttpContext.Connection.RemoteIpAddress;
        var wait = throttle.Begin(Login, address);
        if (wait > 0)
        {
            Response.StatusCode = StatusCodes.Status429TooManyRequests;
            Response.Headers.RetryAfter = wait.ToString(System.Globalization.CultureInfo.InvariantCulture);
            return Refuse($"There were too many attempts. Try again in {wait} seconds.");
        }

        if (await accounts.FindAsync(Login, password ?? "") is not { } person) return Refuse("The login or the password is not right.");
        throttle.Forgive(Login, address);
        await sessions.BeginAsync(HttpContext, person);
        return Url.IsLocalUrl(Then) ? LocalRedirect(Then) : LocalRedirect("/");
    }

    private PageResult Refuse(string problem)
    {
        Problem = problem;
        return Page();
    }
}
