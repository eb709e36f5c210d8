using CalDavServer.Web.Devices;
using CalDavServer.Web.SignIn;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Practice.Diaries;
using Practice.Hx;
using Practice.Subscriptions;

namespace CalDavServer.Web.Pages.Settings.Connect;

/// <summary>How far the inclusion of existing appointments is (R5).</summary>
[Authorize(Policy = Policies.Practitioner)]
internal sealed class IncludingModel(Billing billing, PracticeDiaries diaries, HxCalendars calendars, Inclusions inclusions) : ConnectPage(billing)
{
    public InclusionProgress? Progress { get; private set; }

    public async Task<IActionResult> OnGetAsync()
    {
        Progress = await FindAsync();
        return Progress is null ? NotFound() : Page();
    }

    /// <summary>The part of the page that is filled again while it is open.</summary>
    public async Task<IActionResult> OnGetProgressAsync() =>
        await FindAsync() is { } progress ? Partial("/Web/Pages/Settings/Connect/_Inclusion.cshtml", progress) : NotFound();

    /// <summary>Begins it, or carries it on; only once the calendar is set up, or what is older than that would be shown without having been asked for.</summary>
    [LastingAccess(LastingAccess.None)]
    public async Task<IActionResult> OnPostAsync()
    {
        if (!await IsSetUpAsync()) return LocalRedirect("/settings/integrations/add");
        try
        {
            await inclusions.BeginAsync(Me.Principal, Me.Actor);
        }
        catch (DiaryException refusal)
        {
            TempData["Notice"] = refusal.Message;
            return LocalRedirect("/settings/sync");
        }

        return LocalRedirect("/settings/integrations/including");
    }

    private async Task<bool> IsSetUpAsync() => (await calendars.AccessAsync(Me.Principal.Id, HttpContext.RequestAborted)).State != HxState.NotStarted;

    private Task<InclusionProgress?> FindAsync() => InclusionProgress.FindAsync(diaries, inclusions, Me.Principal, Me.Actor, HttpContext.RequestAborted);
}
