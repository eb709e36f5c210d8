using CalDavServer.Web.SignIn;
using Microsoft.AspNetCore.Mvc;
using Practice.Subscriptions;

namespace CalDavServer.Web.Pages.Settings.Integrations;

/// <summary>The confirmation before a cancellation: what happens then, and when (R7).</summary>
internal sealed class CancelModel(Billing billing) : BillingPage(billing)
{
    public async Task<IActionResult> OnGetAsync([FromQuery(Name = "for")] string? practitioner) => await FindAsync(practitioner) ? Page() : NotFound();

    [LastingAccess(LastingAccess.None)]
    public async Task<IActionResult> OnPostAsync([FromForm(Name = "for")] string? practitioner)
    {
        if (!await FindAsync(practitioner)) return NotFound();
        try
        {
            await Billing.CancelAsync(Standing.Practitioner.Id, Me.Principal, Me.Actor);
        }
        catch (BillingException refused)
        {
            Problem = refused.Message;
            await FindAsync(practitioner);
            return Page();
        }

        TempData["Notice"] = Account.IsFree
            ? "The subscription is cancelled: nothing will be charged when the practice leaves its payment band."
            : $"The subscription is cancelled. It continues until the end of {SubscriptionWords.Day(Standing.Subscription!.LastDay)}.";
        return LocalRedirect("/settings/integrations");
    }
}
