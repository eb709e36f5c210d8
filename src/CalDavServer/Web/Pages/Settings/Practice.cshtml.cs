using CalDavServer.Web.SignIn;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Practice.Groups;

namespace CalDavServer.Web.Pages.Settings;

/// <summary>Where an administrator gives the practice group another name.</summary>
[Authorize(Policy = Policies.Administrator)]
internal sealed class PracticeModel(PracticeNames names) : PageModel
{
    [BindProperty]
    public string? Name { get; set; }

    public string? Problem { get; private set; }

    public PracticeGroup Practice => Me.Practice!;

    private Person Me => Person.Of(HttpContext);

    public void OnGet() => Name = Practice.Name;

    [LastingAccess(LastingAccess.None)]
    public async Task<IActionResult> OnPostAsync()
    {
        Problem = PracticeNames.Problem(Name);
        if (Problem is not null) return Page();
        try
        {
            await names.RenameAsync(Practice.Id, Name!, Me.Actor);
        }
        catch (PracticeDirectoryException failure)
        {
            Problem = failure.Message;
            return Page();
        }

        TempData["Notice"] = $"The practice is now named {Name!.Trim()}. Devices show the new name of each calendar at their next sync.";
        return LocalRedirect("/settings/practice");
    }
}
