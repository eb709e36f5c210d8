using CalDavServer.Mail;
using CalDavServer.Web.SignIn;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Practice.People;

namespace CalDavServer.Web.Pages.Settings;

/// <summary>Where a person changes their password.</summary>
internal sealed class PasswordModel(Accounts accounts, AccessList access, AccountBook book, MailSender mail) : PageModel
{
    private const string Wrong = "This is not your current password.";

    public string? CurrentProblem { get; private set; }

    public NewPassword Choice { get; private set; } = new(null);

    /// <summary>What else opens the account or the calendar.</summary>
    public IReadOnlyList<AccessItem> Access { get; private set; } = [];

    /// <summary>What of it is to be taken away.</summary>
    public IReadOnlyCollection<string> Ends { get; private set; } = [];

    /// <summary>Whether there is a password, and passkeys that open the account without it.</summary>
    public bool CanRemove { get; private set; }

    public bool HasPassword { get; private set; }

    public Task OnGetAsync() => ReadAsync();

    /// <summary>Removes the password: the person signs in with passkeys alone.</summary>
    [LastingAccess(LastingAccess.Gives)]
    public async Task<IActionResult> OnPostRemoveAsync()
    {
        var me = Person.Of(HttpContext);
        var removed = await book.RemovePasswordAsync(me.Owner);
        if (removed && me.Principal.Email is { } address) mail.Send(Emails.PasswordRemoved(address));
        TempData["Notice"] = removed ? "Your password has been removed. You sign in with a passkey from now on." : "You have no passkey: without a password you could no longer sign in.";
        return LocalRedirect("/settings");
    }

    [LastingAccess(LastingAccess.AsksPassword)]
    public async Task<IActionResult> OnPostAsync(string? current, string? password, string? again, string[]? end)
    {
        var me = Person.Of(HttpContext);
        Ends = end ?? [];
        await ReadAsync();
        Choice = NewPassword.Check(password, again, me.Principal);
        if (Choice.Problem is not null) return Page();
        var check = await accounts.CheckAgainAsync(current, HttpContext);
        if (check.Account is not { } proved) return Refuse(check.Sentence(Response, Wrong));
        if (!await accounts.ChangePasswordAsync(me, proved, password!, Ends, HttpContext.RequestAborted)) return Refuse(Refusal.Busy);
        if (me.Principal.Email is { } address) mail.Send(Emails.PasswordChanged(address));
        TempData["Notice"] = $"Your password is {(HasPassword ? "changed" : "set")}, and your other browsers are signed out.{AccessWords.Ended(Access, Ends)}";
        return LocalRedirect("/settings");
    }

    private async Task ReadAsync()
    {
        var me = Person.Of(HttpContext);
        Access = await access.ReadAsync(me.Principal.Id, HttpContext.RequestAborted);
        var account = (await book.FindAsync(me.Principal.Id, HttpContext.RequestAborted))!;
        (HasPassword, CanRemove) = (account.PasswordHash is not null, account is { HasPasskeys: true, PasswordHash: not null });
    }

    private PageResult Refuse(string problem)
    {
        CurrentProblem = problem;
        return Page();
    }
}
