using CalDavServer.Web.SignIn;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using NodaTime;
using Practice.Audit;
using Practice.People;

namespace CalDavServer.Web.Pages.Settings;

/// <summary>What was done to the person's account, and by which somebody may come in.</summary>
internal sealed class SecurityModel(SecurityEvents events, SessionBook sessions) : PageModel
{
    public IReadOnlyList<SecurityNotice> All { get; private set; } = [];

    /// <summary>Whether there is something that was not seen in this browser.</summary>
    public bool HasUnseen { get; private set; }

    public Person Me => Person.Of(HttpContext);

    public async Task OnGetAsync()
    {
        All = await events.ListAsync(Me.Principal.Id, Instant.MinValue, HttpContext.RequestAborted);
        HasUnseen = All.Any(IsUnseen);
    }

    /// <summary>Whether it was done elsewhere, and not seen here.</summary>
    public bool IsUnseen(SecurityNotice noted) => noted.Event.At > Me.Browser.Looked && !IsOfThisBrowser(noted);

    /// <summary>Whether it was done here: with the same browser from the same network, and not only with its cookie.</summary>
    public bool IsOfThisBrowser(SecurityNotice noted) => noted.Event.Browser == Me.Browser.Id;

    [LastingAccess(LastingAccess.None)]
    public async Task<IActionResult> OnPostAsync()
    {
        await sessions.NoteLookedAsync(Me.Session, Me.Browser.Id);
        TempData["Notice"] = "Noted for this browser.";
        return LocalRedirect("/settings");
    }
}
