using CalDavServer.Web.SignIn;
using Calendaring.Store;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using NodaTime;
using Practice.Audit;

namespace CalDavServer.Web.Pages.Settings;

/// <summary>What was done to the person's account, and by which somebody may come in.</summary>
internal sealed class SecurityModel(ICalendarStore store, SignIn.Sessions sessions) : PageModel
{
    public IReadOnlyList<SecurityEvent> All { get; private set; } = [];

    /// <summary>Whether there is something that was not seen in this browser.</summary>
    public bool HasUnseen { get; private set; }

    public Person Me => Person.Of(HttpContext);

    private Dictionary<SecurityEvent, string> Words { get; } = [];

    public async Task OnGetAsync()
    {
        using var snapshot = await store.OpenSnapshotAsync(HttpContext.RequestAborted);
        All = await SecurityEvent.ListAsync(snapshot, Me.Principal.Id, Instant.MinValue);
        HasUnseen = All.Any(IsUnseen);
        foreach (var noted in All) Words[noted] = await SecurityBanner.WordsOfAsync(snapshot, noted);
    }

    /// <summary>Whether it was done elsewhere, and not seen here.</summary>
    public bool IsUnseen(SecurityEvent noted) => noted.At > Me.Browser.Looked && !IsOfThisBrowser(noted);

    /// <summary>Whether it was done here: with the same browser from the same network, and not only with its cookie.</summary>
    public bool IsOfThisBrowser(SecurityEvent noted) => noted.Browser == Me.Browser.Id;

    public string WordsOf(SecurityEvent noted) => Words[noted];

    [LastingAccess(LastingAccess.None)]
    public async Task<IActionResult> OnPostAsync()
    {
        await sessions.NoteLookedAsync(Me);
        TempData["Notice"] = "Noted for this browser.";
        return LocalRedirect("/settings");
    }
}
