using CalDavServer.Web.SignIn;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace CalDavServer.Web.Pages;

/// <summary>Where a person lands: the calendar, or the settings of somebody without a practice group.</summary>
internal sealed class IndexModel : PageModel
{
    public IActionResult OnGet() => LocalRedirect(Person.Of(HttpContext).Practice is null ? "/settings" : "/calendar");
}
