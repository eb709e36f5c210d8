using CalDavServer.Web.Devices;
using CalDavServer.Web.Pages.Settings.Connect;
using CalDavServer.Web.SignIn;
using Calendaring.Store;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Filters;
using Microsoft.AspNetCore.Mvc.RazorPages;
using NodaTime;
using Practice;
using Practice.Diaries;

namespace CalDavServer.Web.Pages.Settings.Sync;

/// <summary>One device: what it is called, may do and is shown, and the end of its access.</summary>
[Authorize(Policy = Policies.Practitioner)]
internal sealed class DeviceModel(OwnDevices devices, PracticeDiaries diaries, Confirmation confirmation, IClock clock) : PageModel
{
    private Person Me => Person.Of(HttpContext);

    public DateTimeZone Zone => Me.Practice!.Zone();

    public Instant Now { get; } = clock.GetCurrentInstant();

    public Credential Device { get; private set; } = null!;

    [BindProperty]
    public string? Label { get; set; }

    [BindProperty]
    public PrivacyLevel Level { get; set; }

    [BindProperty]
    public bool ReadOnly { get; set; }

    public LevelChoice Levels { get; private set; } = null!;

    public string? LabelProblem { get; private set; }

    public string? RevokeProblem { get; private set; }

    public override async Task OnPageHandlerExecutionAsync(PageHandlerExecutingContext context, PageHandlerExecutionDelegate next)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(next);
        if (Me.Practice is not null && await devices.FindAsync(Me.Principal.Id, (string)context.RouteData.Values["id"]!) is { } device)
        {
            Device = device;
            await next();
        }
        else
        {
            context.Result = NotFound();
        }
    }

    public Task OnGetAsync() => ShowDeviceAsync();

    [LastingAccess(LastingAccess.MayGive)]
    public async Task<IActionResult> OnPostAsync()
    {
        Label = Label?.Trim();
        LabelProblem = AddDeviceModel.ProblemOf(Label);
        if (LabelProblem is not null || !ModelState.IsValid)
        {
            await ReadLevelsAsync();
            return Page();
        }

        if (OwnDevices.IsOpener(Device, Device with { LevelName = Level.ToString(), ReadOnly = ReadOnly }) && await confirmation.AskAsync(this) is { } asked) return asked;
        var saved = await devices.ChangeAsync(Me, Device.Id, device => device with { Label = Label!, LevelName = Level.ToString(), ReadOnly = ReadOnly });
        TempData["Notice"] = saved ? "Saved." : $"{Device.Label} was not changed: its access was taken away in the meantime.";
        return LocalRedirect("/settings/sync");
    }

    [LastingAccess(LastingAccess.None)]
    public async Task<IActionResult> OnPostRevokeAsync(bool sure)
    {
        if (!sure)
        {
            RevokeProblem = "Tick the box to say that you are sure.";
            ModelState.Clear();
            await ShowDeviceAsync();
            return Page();
        }

        await devices.RevokeAsync(Me, Device.Id);
        TempData["Notice"] = $"{Device.Label} no longer has access.";
        return LocalRedirect("/settings/sync");
    }

    private Task ShowDeviceAsync()
    {
        (Label, Level, ReadOnly) = (Device.Label, DeviceWords.LevelOf(Device), Device.ReadOnly);
        return ReadLevelsAsync();
    }

    private async Task ReadLevelsAsync() =>
        Levels = await LevelChoice.ReadAsync("What may it show of your patients' appointments?", diaries, Me.Principal, Me.Practice!, Level);
}
