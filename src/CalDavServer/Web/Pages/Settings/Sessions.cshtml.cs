using CalDavServer.Web.SignIn;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Practice.People;

namespace CalDavServer.Web.Pages.Settings;

/// <summary>The browsers in which the person is signed in.</summary>
internal sealed class SessionsModel(SessionBook sessions) : PageModel
{
    public IReadOnlyList<Session> All { get; private set; } = [];

    private Person Me => Person.Of(HttpContext);

    public async Task OnGetAsync() => All = await sessions.ListAsync(Me.Principal.Id, HttpContext.RequestAborted);

    [LastingAccess(LastingAccess.None)]
    public async Task<IActionResult> OnPostEndAsync(string? id)
    {
        await sessions.EndAsync(Me.Owner, id ?? "");
        TempData["Notice"] = "That browser is signed out.";
        return RedirectToPage();
    }

    [LastingAccess(LastingAccess.None)]
    public async Task<IActionResult> OnPostEndOthersAsync()
    {
        await sessions.EndOthersAsync(Me.Owner);
        TempData["Notice"] = "Every other browser is signed out.";
        return RedirectToPage();
    }
}
