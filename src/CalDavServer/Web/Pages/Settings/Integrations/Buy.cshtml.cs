using CalDavServer.Web.SignIn;
using Microsoft.AspNetCore.Mvc;
using Practice.Subscriptions;

namespace CalDavServer.Web.Pages.Settings.Integrations;

/// <summary>The confirmation before a purchase (R10), also in a browser without scripts; an administrator buys for a practitioner (R9).</summary>
internal sealed class BuyModel(Billing billing) : BillingPage(billing)
{
    public async Task<IActionResult> OnGetAsync([FromQuery(Name = "for")] string? practitioner) => await FindAsync(practitioner) ? Page() : NotFound();

    [LastingAccess(LastingAccess.None)]
    public async Task<IActionResult> OnPostAsync([FromForm(Name = "for")] string? practitioner, SubscriptionState state)
    {
        if (!await FindAsync(practitioner)) return NotFound();
        if (Standing.State != state)
        {
            Problem = "This has changed in the meantime, and nothing was bought. Please look at it once more.";
            return Page();
        }

        try
        {
            await Billing.BuyAsync(Standing.Practitioner.Id, Me.Principal, Me.Actor);
        }
        catch (BillingException refused)
        {
            Problem = refused.Message;
            await FindAsync(practitioner);
            return Page();
        }

        TempData["Notice"] = IsOwn
            ? "You have Calendar Synchronisation now."
            : $"{Standing.Practitioner.DisplayName} has Calendar Synchronisation now, and can set it up under Settings > Integrations.";
        return LocalRedirect("/settings/integrations");
    }
}
