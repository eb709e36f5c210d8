using CalDavServer.Mail;
using CalDavServer.Web.SignIn;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using NodaTime;
using Practice;
using Practice.Audit;
using Practice.Groups;
using Practice.People;

namespace CalDavServer.Web.Pages.Settings.People;

/// <summary>
/// One person of the administrator's practice group. Of another group there is nobody. What would let somebody sign in as the person asks for the administrator's password: who finds an open browser
/// must not have the links for a forgotten password sent to themselves.
/// </summary>
[Authorize(Policy = Policies.Administrator)]
internal sealed class PersonModel(
    PracticePeople people, PersonDetails details, Accounts accounts, Invitations invitations, MailSender mail, IClock clock) : PageModel
{
    public PracticePerson Whom { get; private set; } = null!;

    /// <summary>The link to pass on, shown once; or null.</summary>
    public string? Link { get; private set; }

    public string? Problem { get; private set; }

    /// <summary>The name that was typed, or the one there is.</summary>
    public string? Name { get; private set; }

    public string? Email { get; private set; }

    public string? EditProblem { get; private set; }

    /// <summary>What is wrong with the password that was typed to change the name or address.</summary>
    public string? EditPasswordProblem { get; private set; }

    /// <summary>What is wrong with the password that was typed to turn off the second step.</summary>
    public string? RemovalProblem { get; private set; }

    public bool HasEnded => Whom.InvitedUntil < clock.GetCurrentInstant();

    private string PracticeId => Person.Of(HttpContext).Practice!.Id;

    private AuditActor By => Person.Of(HttpContext).Actor;

    public async Task<IActionResult> OnGetAsync(string id)
    {
        if (!await FindAsync(id)) return NotFound();
        Link = TempData[Invitations.LinkOf(id)] as string;
        return Page();
    }

    [LastingAccess(LastingAccess.Gives)]
    public Task<IActionResult> OnPostInviteAsync(string id) =>
        ChangeAsync(id, async () => await invitations.HandOverAsync(this, Whom.Principal, await people.InviteAgainAsync(PracticeId, By, id, sends: mail.IsConfigured)), null);

    [LastingAccess(LastingAccess.None)]
    public Task<IActionResult> OnPostDeactivateAsync(string id) =>
        ChangeAsync(id, () => people.DeactivateAsync(PracticeId, By, id), "{0} no longer has access.");

    [LastingAccess(LastingAccess.Gives)]
    public Task<IActionResult> OnPostReactivateAsync(string id) =>
        ChangeAsync(id, ReactivateAsync, "{0} has access again.");

    [LastingAccess(LastingAccess.AsksPassword)]
    public async Task<IActionResult> OnPostRemoveSecondFactorAsync(string id, string? password)
    {
        if (!await FindAsync(id)) return NotFound();
        RemovalProblem = await PasswordProblemAsync(password);
        return RemovalProblem is null ? await ChangeAsync(id, RemoveSecondFactorAsync, "{0} now signs in with the password alone.") : Page();
    }

    [LastingAccess(LastingAccess.AsksPassword)]
    public async Task<IActionResult> OnPostEditAsync(string id, string? name, string? email, string? password)
    {
        (Name, Email) = (name, email);
        if (!await FindAsync(id)) return NotFound();
        if (id == Person.Of(HttpContext).Principal.Id) return LocalRedirect("/settings/details");
        EditProblem = PersonDetails.Problem(name, email);
        if (EditProblem is not null) return Page();
        EditPasswordProblem = await PasswordProblemAsync(password);
        if (EditPasswordProblem is not null) return Page();
        try
        {
            var next = await details.ChangeAsync(Person.Of(HttpContext), Whom.Principal, name!, email);
            TempData["Notice"] = next is null ? "Saved." : $"Saved. {next}";
        }
        catch (PracticeDirectoryException failure)
        {
            EditProblem = failure.Message;
            return Page();
        }

        return LocalRedirect($"/settings/people/{Uri.EscapeDataString(id)}");
    }

    private async Task<string?> PasswordProblemAsync(string? password)
    {
        var check = await accounts.CheckAgainAsync(password, HttpContext);
        return check.Account is null ? check.Sentence(Response, "This is not your password.") : null;
    }

    private async Task ReactivateAsync()
    {
        await people.ReactivateAsync(PracticeId, By, Whom.Principal.Id);
        if (Whom.Principal.Role == PrincipalRole.Administrator) await invitations.TellAdministratorsAsync(Whom.Principal);
    }

    private async Task RemoveSecondFactorAsync()
    {
        await people.RemoveSecondFactorAsync(PracticeId, By, Whom.Principal.Id);
        if (Whom.Principal.Email is { } address) mail.Send(Emails.SecondFactorOff(address));
    }

    private async Task<IActionResult> ChangeAsync(string id, Func<Task> change, string? notice)
    {
        if (!await FindAsync(id)) return NotFound();
        try
        {
            await change();
        }
        catch (PracticeDirectoryException failure)
        {
            Problem = failure.Message;
            return Page();
        }

        if (notice is not null) TempData["Notice"] = notice.Replace("{0}", Whom.Principal.DisplayName, StringComparison.Ordinal);
        return LocalRedirect($"/settings/people/{Uri.EscapeDataString(id)}");
    }

    private async Task<bool> FindAsync(string id)
    {
        if (await people.FindAsync(PracticeId, id, HttpContext.RequestAborted) is not { } found) return false;
        Whom = found;
        (Name, Email) = (Name ?? found.Principal.DisplayName, Name is null ? found.Principal.Email ?? found.Unproved : Email);
        return true;
    }
}
