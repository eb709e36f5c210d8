using CalDavServer.Web.SignIn;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace CalDavServer.Web.Pages.Account;

/// <summary>Ends the session of this browser.</summary>
internal sealed class SignOutModel(Sessions sessions) : PageModel
{
    [LastingAccess(LastingAccess.None)]
    public async Task<IActionResult> OnPostAsync()
    {
        await sessions.EndAsync(HttpContext);
        // not the cookies: the sentence on the next page is in one
        Response.Headers["Clear-Site-Data"] = "\"cache\", \"storage\"";
        TempData["Notice"] = "You are signed out.";
        return LocalRedirect("/sign-in");
    }
}
