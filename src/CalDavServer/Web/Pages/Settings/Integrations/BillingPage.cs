using CalDavServer.Web.SignIn;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Practice.Subscriptions;

namespace CalDavServer.Web.Pages.Settings.Integrations;

/// <summary>A page about one practitioner's subscription: the practitioner's own, or one of the administrator's practice group.</summary>
internal abstract class BillingPage(Billing billing) : PageModel
{
    protected Billing Billing { get; } = billing;

    public Person Me => Person.Of(HttpContext);

    public PracticeAccount Account { get; private set; } = null!;

    public Standing Standing { get; private set; } = null!;

    public string? Problem { get; protected set; }

    /// <summary>Whether it is the subscription of the person who looks at it.</summary>
    public bool IsOwn => Standing.Practitioner.Id == Me.Principal.Id;

    /// <summary>Finds whose subscription it is about; false when there is nothing here for this person.</summary>
    protected async Task<bool> FindAsync(string? practitionerId)
    {
        if (Me.Practice is not { } practice || await Billing.FindAsync(practice.Id, HttpContext.RequestAborted) is not { } account) return false;
        var id = Me.IsAdministrator ? practitionerId : Me.Principal.Id;
        if (id is null || account.Find(id) is not { } standing) return false;
        (Account, Standing) = (account, standing);
        return true;
    }
}
