using CalDavServer.Web.SignIn;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace CalDavServer.Web.Pages.Settings;

/// <summary>The person's own account.</summary>
internal sealed class IndexModel : PageModel
{
    public Person Me => Person.Of(HttpContext);
}
