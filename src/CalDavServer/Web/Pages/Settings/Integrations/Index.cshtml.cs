using CalDavServer.Web.SignIn;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Practice.Devices;
using Practice.Subscriptions;

namespace CalDavServer.Web.Pages.Settings.Integrations;

/// <summary>Settings > Integrations (R10): for a practitioner their own synchronisation, for an administrator who of the practice has it (R9).</summary>
internal sealed class IndexModel(Billing billing, DeviceBook devices) : PageModel
{
    public Person Me => Person.Of(HttpContext);

    /// <summary>The practice group's account; null when calendars are provided by whoever runs the server.</summary>
    public PracticeAccount? Account { get; private set; }

    /// <summary>How the practitioner who looks at it stands; null for an administrator, and without an account.</summary>
    public Standing? Own => Account?.Find(Me.Principal.Id);

    /// <summary>What the way to a device is called: the first one is the synchronisation itself (R10).</summary>
    public string AddWords { get; private set; } = "";

    public async Task<IActionResult> OnGetAsync()
    {
        if (Me.Practice is not { } practice) return NotFound();
        Account = await billing.FindAsync(practice.Id, HttpContext.RequestAborted);
        AddWords = Own is null or { IsSetUp: true } && (await devices.ListAsync(Me.Principal.Id, HttpContext.RequestAborted)).Count > 0 ? "Add another device" : "Add Calendar Synchronisation";
        return Page();
    }
}
