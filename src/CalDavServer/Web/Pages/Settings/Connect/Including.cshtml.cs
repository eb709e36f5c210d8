using CalDavServer.Web.Devices;
using CalDavServer.Web.SignIn;
using Calendaring.Store;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using NodaTime;

namespace CalDavServer.Web.Pages.Settings.Connect;

/// <summary>How far the inclusion of existing appointments is (R5).</summary>
[Authorize(Policy = Policies.Practitioner)]
internal sealed class IncludingModel(ICalendarStore store, IClock clock, Inclusions inclusions) : PageModel
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

    /// <summary>Begins it, or carries it on.</summary>
    public async Task<IActionResult> OnPostAsync()
    {
        await inclusions.BeginAsync(Person.Of(HttpContext).Principal);
        return LocalRedirect("/settings/integrations/including");
    }

    private Task<InclusionProgress?> FindAsync() => InclusionProgress.FindAsync(store, clock, inclusions, Person.Of(HttpContext).Principal);
}
