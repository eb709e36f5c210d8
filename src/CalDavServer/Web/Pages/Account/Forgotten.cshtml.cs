using CalDavServer.Mail;
using CalDavServer.Web.SignIn;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace CalDavServer.Web.Pages.Account;

/// <summary>Where a person asks for a link to set a new password. The answer is the same for everybody.</summary>
internal sealed class ForgottenModel(PasswordLinks links, MailSender mail) : PageModel
{
    [BindProperty]
    public string? Login { get; set; }

    public bool CanSend => mail.IsConfigured;

    public bool Sent { get; private set; }

    public string? Problem { get; private set; }

    [LastingAccess(LastingAccess.SignsIn)]
    public async Task<PageResult> OnPostAsync()
    {
        if (!CanSend || string.IsNullOrWhiteSpace(Login)) return Page();
        var wait = await links.RequestAsync(Login, HttpContext.Connection.RemoteIpAddress);
        if (wait > 0) Problem = Refusal.TooMany(Response, wait);
        Sent = wait == 0;
        return Page();
    }
}
