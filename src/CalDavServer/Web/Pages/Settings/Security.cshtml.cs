using CalDavServer.Web.SignIn;
using Calendaring.Store;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using NodaTime;
using Practice.Audit;
using Practice.People;

namespace CalDavServer.Web.Pages.Settings;

/// <summary>What was done to the person's account, and by which somebody may come in.</summary>
internal sealed class SecurityModel(ICalendarStore store, SignIn.Sessions sessions) : PageModel
{
    public IReadOnlyList<SecurityEvent> All { get; private set; } = [];

    /// <summary>Whether there is something that was not seen in this browser.</summary>
    public bool HasUnseen { get; private set; }

    public Person Me => Person.Of(HttpContext);

    private Dictionary<string, string> Names { get; } = [];

    public async Task OnGetAsync()
    {
        using var snapshot = await store.OpenSnapshotAsync(HttpContext.RequestAborted);
        All = await SecurityEvent.ListAsync(snapshot, Me.Principal.Id, Instant.MinValue);
        HasUnseen = All.Any(IsUnseen);
        foreach (var id in All.Select(noted => noted.About).OfType<string>().Distinct()) Names[id] = (await snapshot.FindPrincipalAsync(id))?.DisplayName ?? "somebody who is no longer here";
    }

    /// <summary>Whether it was done elsewhere, and not seen here.</summary>
    public bool IsUnseen(SecurityEvent noted) => noted.At > Me.Looked && noted.SessionId != Me.SessionId;

    public string WordsOf(SecurityEvent noted) =>
        noted is { Action: AuditAction.AdministratorAdded, About: { } about } ? $"{Names[about]} became an administrator, or got that access back" : SecurityBanner.WordsOf(noted);

    [LastingAccess(LastingAccess.None)]
    public async Task<IActionResult> OnPostAsync()
    {
        await sessions.NoteLookedAsync(Me);
        TempData["Notice"] = "Noted for this browser.";
        return LocalRedirect("/settings");
    }
}
