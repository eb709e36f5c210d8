using CalDavServer.Web.SignIn;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Practice.Groups;
using Practice.People;

namespace CalDavServer.Web.Pages.Account;

/// <summary>Where the link in an e-mail to a new address leads: it counts from then on. Looking does not use the link up.</summary>
internal sealed class AddressModel(NewAddresses addresses, PersonDetails details) : PageModel
{
    /// <summary>The address; null when the link does not work.</summary>
    public string? Email { get; private set; }

    public string? Problem { get; private set; }

    public async Task<PageResult> OnGetAsync(string id, string secret)
    {
        await FindAsync(id, secret);
        return Page();
    }

    [LastingAccess(LastingAccess.SignsIn)]
    public async Task<IActionResult> OnPostAsync(string id, string secret)
    {
        await FindAsync(id, secret);
        if (Email is not { } email) return Page();
        try
        {
            if (!await details.ConfirmAsync(id, secret, email)) return await OnGetAsync(id, secret);
        }
        catch (PracticeDirectoryException failure)
        {
            Problem = failure.Message;
            return Page();
        }

        TempData["Notice"] = "Your e-mail address is confirmed.";
        return LocalRedirect("/settings");
    }

    private async Task FindAsync(string id, string secret)
    {
        Email = (await addresses.FindAsync(id, secret, HttpContext.RequestAborted))?.Email;
        if (Email is null) Response.StatusCode = StatusCodes.Status410Gone;
    }
}
