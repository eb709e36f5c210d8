using CalDavServer.Web.SignIn;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Practice.People;

namespace CalDavServer.Web.Pages.Settings.People;

/// <summary>The people of the administrator's practice group.</summary>
[Authorize(Policy = Policies.Administrator)]
internal sealed class IndexModel(PracticePeople people) : PageModel
{
    public IReadOnlyList<PracticePerson> All { get; private set; } = [];

    public async Task OnGetAsync() => All = await people.ListAsync(Person.Of(HttpContext).Practice!.Id, HttpContext.RequestAborted);
}
