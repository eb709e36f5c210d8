using CalDavServer.Web.SignIn;
using Calendaring.Store;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Practice.People;

namespace CalDavServer.Web.Pages.Account;

/// <summary>Where a one-time link leads: a person sets a password. Looking does not use the link up.</summary>
internal sealed class SetPasswordModel(PasswordLinks links, PasswordLinkBook book, AccessList access) : PageModel
{
    /// <summary>Whose password it is; null when the link does not work.</summary>
    public Principal? Who { get; private set; }

    public bool IsInvitation { get; private set; }

    public NewPassword Choice { get; private set; } = new(null);

    public bool Busy { get; private set; }

    /// <summary>What else opens the account or the calendar.</summary>
    public IReadOnlyList<AccessItem> Access { get; private set; } = [];

    /// <summary>What of it is to be taken away: at first what is new. Who has lost an account to somebody else gets it back whole.</summary>
    public IReadOnlyCollection<string> Ends { get; private set; } = [];

    public async Task<PageResult> OnGetAsync(string id, string secret)
    {
        await FindAsync(id, secret);
        Ends = [.. Access.Where(item => item.IsNew).Select(item => item.Id)];
        return Page();
    }

    [LastingAccess(LastingAccess.SignsIn)]
    public async Task<IActionResult> OnPostAsync(string id, string secret, string? password, string? again, string[]? end)
    {
        Ends = end ?? [];
        await FindAsync(id, secret);
        if (Who is not { } person) return Page();
        Choice = NewPassword.Check(password, again, person);
        if (Choice.Problem is not null) return Page();
        if (!await links.UseAsync(id, secret, password!, Ends, HttpContext.Connection.RemoteIpAddress, HttpContext.RequestAborted))
        {
            // somebody was faster, or too many came at once
            await FindAsync(id, secret);
            Busy = Who is not null;
            return Page();
        }

        TempData["Notice"] = $"Your password is set. Sign in with it.{AccessWords.Ended(Access, Ends)}";
        return LocalRedirect("/sign-in");
    }

    private async Task FindAsync(string id, string secret)
    {
        var found = await book.FindAsync(id, secret, HttpContext.RequestAborted);
        (Who, IsInvitation) = (found?.Person, found?.Purpose == LinkPurpose.Invitation);
        if (Who is not null) Access = await access.ReadAsync(id, HttpContext.RequestAborted);
        if (Who is null) Response.StatusCode = StatusCodes.Status410Gone;
    }
}
