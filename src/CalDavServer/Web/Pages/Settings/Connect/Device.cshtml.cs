using CalDavServer.Options;
using CalDavServer.Web.Devices;
using CalDavServer.Web.SignIn;
using Calendaring.Store;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Filters;
using Microsoft.AspNetCore.Mvc.RazorPages;
using NodaTime;
using Practice.Diaries;
using Practice.Hx;

namespace CalDavServer.Web.Pages.Settings.Connect;

/// <summary>What has to be entered on a device, its password once, and whether it has come.</summary>
[Authorize(Policy = Policies.Practitioner)]
internal sealed class DeviceModel(PracticeDiaries diaries, HxCalendars calendars, IClock clock, OwnDevices devices, NewPasswords passwords, Inclusions inclusions, ServerOptions options) : PageModel
{
    private Person Me => Person.Of(HttpContext);

    [FromQuery]
    public string? Way { get; set; }

    public Credential Device { get; private set; } = null!;

    public AccountFacts Account => AccountFacts.Of(options.PublicAddress, Request, Me.Principal);

    public string? Password { get; private set; }

    public QrCode? Code { get; private set; }

    public bool HasProfile { get; private set; }

    public string CalendarName { get; private set; } = "";

    public InclusionProgress? Inclusion { get; private set; }

    public DeviceStatus Status { get; private set; } = null!;

    public override async Task OnPageHandlerExecutionAsync(PageHandlerExecutingContext context, PageHandlerExecutionDelegate next)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(next);
        if (Me.Practice is { } practice && await devices.FindAsync(Me.Principal.Id, (string)context.RouteData.Values["id"]!) is { } device)
        {
            Device = device;
            Status = new DeviceStatus(device, practice.Zone(), clock.GetCurrentInstant());
            await next();
        }
        else
        {
            context.Result = NotFound();
        }
    }

    public async Task OnGetAsync()
    {
        var me = Me.Principal;
        Password = passwords.TakeForPage(Me, Device.Id);
        if (Password is not null && Way != "apple") Code = QrCode.Of(Account.AppUrl(Password));
        HasProfile = Way != "app" && passwords.HasForProfile(Me, Device.Id);
        CalendarName = await CalendarNameAsync();
        Inclusion = await InclusionProgress.FindAsync(diaries, inclusions, me, Me.Actor, HttpContext.RequestAborted);
    }

    /// <summary>The part of the page that is filled again while it is open.</summary>
    public PartialViewResult OnGetStatus() => Partial("/Web/Pages/Settings/Connect/_Status.cshtml", Status);

    public async Task<IActionResult> OnGetProfileAsync()
    {
        if (passwords.TakeForProfile(Me, Device.Id) is not { } password)
        {
            TempData["Notice"] = "The profile has been downloaded already, or was made too long ago. Make a new password to get another.";
            return LocalRedirect($"/settings/integrations/devices/{Device.Id}?way=apple");
        }

        return File(AppleProfile.Make(Account, await CalendarNameAsync(), Device.Id, password), AppleProfile.ContentType, "calendar.mobileconfig");
    }

    [LastingAccess(LastingAccess.Gives)]
    public async Task<IActionResult> OnPostPasswordAsync()
    {
        if (await passwords.ReplaceAsync(Me, Device))
        {
            TempData["Notice"] = "The old password no longer works. Enter the new one on the device.";
        }
        else if (await devices.FindAsync(Me.Principal.Id, Device.Id) is null)
        {
            TempData["Notice"] = $"There is no new password: access was taken away from {Device.Label} in the meantime.";
            return LocalRedirect("/settings/sync");
        }
        else
        {
            TempData["Notice"] = "A new password was made at the same moment in another window. Enter that one, or make another here.";
        }

        return LocalRedirect($"/settings/integrations/devices/{Device.Id}?way={(Way == "apple" ? "apple" : "app")}");
    }

    private async Task<string> CalendarNameAsync() => (await calendars.FindAsync(Me.Principal.Id))!.Name;
}
