using CalDavServer.Links.Halaxy;
using CalDavServer.Web.Pages.Settings.Halaxy;
using CalDavServer.Web.SignIn;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Practice.Devices;
using Practice.Subscriptions;
using ProviderBridge.Halaxy;

namespace CalDavServer.Web.Pages.Settings.Integrations;

/// <summary>Settings > Integrations (R10): for a practitioner their own synchronisation, for an administrator who of the practice has it (R9).</summary>
internal sealed class IndexModel(Billing billing, DeviceBook devices, HalaxyConnections halaxy, HalaxyRunner runner) : PageModel
{
    public Person Me => Person.Of(HttpContext);

    /// <summary>The practice group's account; null when calendars are provided by whoever runs the server.</summary>
    public PracticeAccount? Account { get; private set; }

    /// <summary>How the practitioner who looks at it stands; null for an administrator, and without an account.</summary>
    public Standing? Own => Account?.Find(Me.Principal.Id);

    /// <summary>What the way to a device is called: the first one is the synchronisation itself (R10).</summary>
    public string AddWords { get; private set; } = "";

    /// <summary>How the connection to Halaxy stands, in a word with the badge's class; null where there is none.</summary>
    public (string Word, string Badge)? Halaxy { get; private set; }

    public async Task<IActionResult> OnGetAsync()
    {
        if (Me.Practice is not { } practice) return NotFound();
        if (practice.IsConnected && Me.IsAdministrator) Halaxy = await HalaxyAsync(practice.Id);
        Account = await billing.FindAsync(practice.Id, HttpContext.RequestAborted);
        AddWords = Own is null or { IsSetUp: true } && (await devices.ListAsync(Me.Principal.Id, HttpContext.RequestAborted)).Count > 0 ? "Add another device" : "Add Calendar Synchronisation";
        return Page();
    }

    private async Task<(string Word, string Badge)?> HalaxyAsync(string practiceId)
    {
        if (await halaxy.FindAsync(practiceId, HttpContext.RequestAborted) is not { IsConnected: true } connection) return null;
        var (tasks, _) = await halaxy.ReportAsync(practiceId, HttpContext.RequestAborted);
        var (word, badge, _) = HalaxyWords.State(connection, runner.FailuresOf(practiceId), runner.ProgressOf(practiceId) is not null, runner.IsAsked(practiceId), tasks.Count);
        return (word, badge);
    }
}
