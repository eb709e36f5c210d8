using CalDavServer.Web.SignIn;
using Calendaring.Store;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Practice.People;

namespace CalDavServer.Web.Pages.Settings.People;

/// <summary>The people of the administrator's practice group.</summary>
[Authorize(Policy = Policies.Administrator)]
internal sealed class IndexModel(ICalendarStore store) : PageModel
{
    public IReadOnlyList<PracticePerson> All { get; private set; } = [];

    public async Task OnGetAsync()
    {
        using var snapshot = await store.OpenSnapshotAsync(HttpContext.RequestAborted);
        All = await PracticePeople.ListAsync(snapshot, Person.Of(HttpContext).Practice!.Id);
    }
}
