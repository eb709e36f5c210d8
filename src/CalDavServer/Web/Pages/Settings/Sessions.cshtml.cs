using CalDavServer.Web.SignIn;
using Calendaring.Store;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Practice.People;

namespace CalDavServer.Web.Pages.Settings;

/// <summary>The browsers in which the person is signed in.</summary>
internal sealed class SessionsModel(ICalendarStore store, SignIn.Sessions sessions) : PageModel
{
    public IReadOnlyList<Session> All { get; private set; } = [];

    private Person Me => Person.Of(HttpContext);

    public async Task OnGetAsync()
    {
        using var snapshot = await store.OpenSnapshotAsync(HttpContext.RequestAborted);
        All = await sessions.ListAsync(snapshot, Me.Principal.Id);
    }

    [LastingAccess(LastingAccess.None)]
    public async Task<IActionResult> OnPostEndAsync(string? id)
    {
        await sessions.EndAsync(Me, id ?? "");
        TempData["Notice"] = "That browser is signed out.";
        return RedirectToPage();
    }

    [LastingAccess(LastingAccess.None)]
    public async Task<IActionResult> OnPostEndOthersAsync()
    {
        await sessions.EndOthersAsync(Me);
        TempData["Notice"] = "Every other browser is signed out.";
        return RedirectToPage();
    }
}
