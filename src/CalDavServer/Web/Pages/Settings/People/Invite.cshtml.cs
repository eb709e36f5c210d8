using CalDavServer.Mail;
using CalDavServer.Web.SignIn;
using Calendaring.Store;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Practice;
using Practice.Groups;
using Practice.People;

namespace CalDavServer.Web.Pages.Settings.People;

/// <summary>Where an administrator adds a person to the practice group.</summary>
[Authorize(Policy = Policies.Administrator)]
internal sealed class InviteModel(PracticePeople people, Invitations invitations, TakenNames taken, MailSender mail) : PageModel
{
    [BindProperty]
    public string? Name { get; set; }

    [BindProperty]
    public string? Email { get; set; }

    [BindProperty]
    public string? Login { get; set; }

    [BindProperty]
    public string? Role { get; set; } = nameof(PrincipalRole.Practitioner);

    public string? Problem { get; private set; }

    public bool CanSend => mail.IsConfigured;

    [LastingAccess(LastingAccess.Gives)]
    public async Task<IActionResult> OnPostAsync()
    {
        var me = Person.Of(HttpContext);
        if (Check() is { } problem) return Refuse(problem);
        try
        {
            var role = Role == nameof(PrincipalRole.Administrator) ? PrincipalRole.Administrator : PrincipalRole.Practitioner;
            Task<(Principal, string)> InviteAsync() => people.InviteAsync(me.Practice!.Id, me.Actor, Login, Name!, Email, role, sends: CanSend);
            var (person, secret) = string.IsNullOrWhiteSpace(Login) ? await InviteAsync() : await taken.GuardAsync(me.Principal.Id, InviteAsync);
            await invitations.HandOverAsync(this, person, secret);
            if (role == PrincipalRole.Administrator) await invitations.TellAdministratorsAsync(person);
            return LocalRedirect($"/settings/people/{Uri.EscapeDataString(person.Id)}");
        }
        catch (PracticeDirectoryException failure)
        {
            return Refuse(failure.Message);
        }
    }

    private string? Check()
    {
        if (PersonDetails.Problem(Name, Email) is { } problem) return problem;
        if (Role is not (nameof(PrincipalRole.Practitioner) or nameof(PrincipalRole.Administrator))) return "Choose a role.";
        return CanSend && string.IsNullOrWhiteSpace(Email) ? "Type the e-mail address that the invitation goes to." : null;
    }

    private PageResult Refuse(string problem)
    {
        Problem = problem;
        return Page();
    }
}
