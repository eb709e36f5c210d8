using CalDavServer.Web.SignIn;
using Calendaring.Store;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace CalDavServer.Web.Pages.Settings;

/// <summary>The person's own account.</summary>
internal sealed class IndexModel(ICalendarStore store, SignIn.Sessions sessions) : PageModel
{
    public Person Me => Person.Of(HttpContext);

    public Practice.People.Account Account { get; private set; } = null!;

    public int Sessions { get; private set; }

    /// <summary>An e-mail address that nobody has proved; or null.</summary>
    public string? Unproved { get; private set; }

    public async Task OnGetAsync()
    {
        using var snapshot = await store.OpenSnapshotAsync(HttpContext.RequestAborted);
        Account = (await Practice.People.Account.FindAsync(snapshot, Me.Principal.Id))!.Value.Account;
        Unproved = (await Practice.People.NewAddress.FindAsync(snapshot, Me.Principal.Id))?.Address.Email;
        Sessions = (await sessions.ListAsync(snapshot, Me.Principal.Id)).Count;
    }
}
