using CalDavServer.Mail;
using CalDavServer.Web.SignIn;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace CalDavServer.Web.Pages.Settings;

/// <summary>Where a person changes their password.</summary>
internal sealed class PasswordModel(Accounts accounts, MailSender mail) : PageModel
{
    private const string Wrong = "This is not your current password.";

    public string? CurrentProblem { get; private set; }

    public NewPassword Choice { get; private set; } = new(null);

    [LastingAccess(LastingAccess.AsksPassword)]
    public async Task<IActionResult> OnPostAsync(string? current, string? password, string? again)
    {
        var me = Person.Of(HttpContext);
        Choice = NewPassword.Check(password, again, me.Principal);
        if (Choice.Problem is not null) return Page();
        var check = await accounts.CheckAgainAsync(current, HttpContext);
        if (check.Account is not { } proved) return Refuse(check.Sentence(Response, Wrong));
        if (!await accounts.ChangePasswordAsync(me, proved, password!, HttpContext.RequestAborted)) return Refuse(Refusal.Busy);
        if (me.Principal.Email is { } address) mail.Send(Letters.PasswordChanged(address));
        TempData["Notice"] = "Your password is changed, and your other browsers are signed out.";
        return LocalRedirect("/settings");
    }

    private PageResult Refuse(string problem)
    {
        CurrentProblem = problem;
        return Page();
    }
}
