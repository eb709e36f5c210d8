using CalDavServer.Web.SignIn;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Practice.Groups;
using Practice.People;

namespace CalDavServer.Web.Pages.Settings;

/// <summary>
/// Where a person changes the own name and e-mail address. With the password: who finds an open browser must not have the links for a forgotten password sent to themselves.
/// </summary>
internal sealed class DetailsModel(Accounts accounts, PersonDetails details, NewAddresses addresses) : PageModel
{
    [BindProperty]
    public string? Name { get; set; }

    [BindProperty]
    public string? Email { get; set; }

    public string? Problem { get; private set; }

    public string? PasswordProblem { get; private set; }

    private Person Me => Person.Of(HttpContext);

    public async Task OnGetAsync() => (Name, Email) = (Me.Principal.DisplayName, Me.Principal.Email ?? await addresses.UnprovedAsync(Me.Principal.Id));

    [LastingAccess(LastingAccess.AsksPassword)]
    public async Task<IActionResult> OnPostAsync(string? password)
    {
        Problem = PersonDetails.Problem(Name, Email);
        if (Problem is not null) return Page();
        var check = await accounts.CheckAgainAsync(password, HttpContext);
        if (check.Account is null)
        {
            PasswordProblem = check.Sentence(Response, "This is not your password.");
            return Page();
        }

        try
        {
            TempData["Notice"] = await details.ChangeAsync(Me, Me.Principal, Name!, Email) ?? "Your name and e-mail address are saved.";
        }
        catch (PracticeDirectoryException failure)
        {
            Problem = failure.Message;
            return Page();
        }

        return LocalRedirect("/settings");
    }
}
