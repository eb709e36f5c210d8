using CalDavServer.Web.SignIn;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Practice.People;

namespace CalDavServer.Web.Pages.Settings;

/// <summary>The person's own account.</summary>
internal sealed class IndexModel(AccountBook accounts, NewAddresses addresses, SessionBook sessions) : PageModel
{
    public Person Me => Person.Of(HttpContext);

    public Practice.People.Account Account { get; private set; } = null!;

    public int Sessions { get; private set; }

    /// <summary>An e-mail address that nobody has proved; or null.</summary>
    public string? Unproved { get; private set; }

    public async Task OnGetAsync()
    {
        Account = (await accounts.FindAsync(Me.Principal.Id, HttpContext.RequestAborted))!;
        Unproved = await addresses.UnprovedAsync(Me.Principal.Id, HttpContext.RequestAborted);
        Sessions = (await sessions.ListAsync(Me.Principal.Id, HttpContext.RequestAborted)).Count;
    }
}
