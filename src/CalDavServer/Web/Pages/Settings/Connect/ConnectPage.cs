using CalDavServer.Web.SignIn;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Filters;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Practice.Groups;
using Practice.Subscriptions;

namespace CalDavServer.Web.Pages.Settings.Connect;

/// <summary>A page on the way of "Add Calendar Synchronisation" (R10): for practitioners (R9) whose subscription runs (R7). Others are told why, where they can do something about it.</summary>
internal abstract class ConnectPage(Billing billing) : PageModel
{
    public Person Me => Person.Of(HttpContext);

    /// <summary>The practitioner's practice group.</summary>
    public PracticeGroup Practice => Me.Practice!;

    public override async Task OnPageHandlerExecutionAsync(PageHandlerExecutingContext context, PageHandlerExecutionDelegate next)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(next);
        if (await RefusalAsync() is not { } refusal)
        {
            await next();
            return;
        }

        TempData["Notice"] = refusal;
        context.Result = new LocalRedirectResult("/settings/integrations");
    }

    private async Task<string?> RefusalAsync()
    {
        if (!Me.IsPractitioner || Me.Practice is not { } practice)
            return "Only a practitioner can set up calendar synchronisation, for their own calendar. An administrator can buy it for them.";
        if (await billing.FindAsync(practice.Id, HttpContext.RequestAborted) is not { } account || account.Find(Me.Principal.Id) is { HasAccess: true }) return null;
        return "Buy Calendar Synchronisation first: then you can add it to your devices.";
    }
}
