using CalDavServer.Links;
using CalDavServer.Links.Halaxy;
using CalDavServer.Web.Devices;
using CalDavServer.Web.Pages.Settings.Halaxy;
using CalDavServer.Web.SignIn;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Filters;
using Microsoft.AspNetCore.Mvc.RazorPages;
using NodaTime;
using Practice;
using Practice.Diaries;
using Practice.Groups;
using Practice.Hx;
using ProviderBridge.Halaxy;

namespace CalDavServer.Web.Pages.Settings.Sync;

/// <summary>How the devices do, and what needs their practitioner; for an administrator, how the practitioners do, without content.</summary>
internal sealed class IndexModel(PracticeDiaries diaries, HxCalendars calendars, IClock clock, SyncHealthReader reader, LinkedAccounts accounts, Providers providers, HalaxyConnections halaxy, HalaxyRunner runner) : PageModel
{
    private Person Me => Person.Of(HttpContext);

    public PracticeGroup Practice => Me.Practice!;

    public string PractitionerId => Me.Principal.Id;

    public DateTimeZone Zone => Practice.Zone();

    public Instant Now { get; } = clock.GetCurrentInstant();

    public SyncHealth? Health { get; private set; }

    public DeviceActivity? Activity { get; private set; }

    /// <summary>Whether the person goes on with a visit, after a button or a link of it.</summary>
    [BindProperty(SupportsGet = true)]
    public bool Again { get; set; }

    /// <summary>Before which line of the log earlier changes are shown; null for the latest of them.</summary>
    [BindProperty(SupportsGet = true)]
    public long? Before { get; set; }

    /// <summary>The accounts outside that are linked.</summary>
    public IReadOnlyList<LinkStanding> Linked { get; private set; } = [];

    /// <summary>The services whose accounts can be connected.</summary>
    public IReadOnlyList<Provider> Providers => providers.All;

    /// <summary>What of the practitioner's diary is to be done by hand in Halaxy, and what did not count there; null where the diary does not mirror Halaxy.</summary>
    public (IReadOnlyList<HalaxyTask> Tasks, IReadOnlyList<HalaxyOverruled> Overruled)? InHalaxy { get; private set; }

    /// <summary>What the coming year has in this diary only, and no list of Halaxy's tasks names already.</summary>
    public IReadOnlyList<Appointment> OnlyHere { get; private set; } = [];

    /// <summary>Whether more is than could be looked at.</summary>
    public bool HasMoreOnlyHere { get; private set; }

    /// <summary>Why what is changed in the diary is not in Halaxy yet; null when nothing holds it up.</summary>
    public string? HalaxyWaits { get; private set; }

    /// <summary>For an administrator, how the practice's connection to Halaxy stands; null when it has none.</summary>
    public (string Word, string Badge, string Sentence)? HalaxyStanding { get; private set; }

    /// <summary>Whether Halaxy takes personal appointments from a program.</summary>
    public bool TakesPersonal { get; private set; }

    public IReadOnlyList<PractitionerHealth>? Practitioners { get; private set; }

    public string CalendarName { get; private set; } = "";

    /// <summary>What is said where no device and no link needs the practitioner.</summary>
    public string NothingWaits => this switch
    {
        { InHalaxy.Tasks.Count: > 0 } => "Something needs to be done by hand in Halaxy: see below.",
        { HalaxyWaits: not null } => "Nothing needs your attention, but nothing goes to Halaxy or comes from it at the moment: see below.",
        _ when Activity!.New.Any(action => action.Change.IsRefusal) => "Nothing needs your attention, but changes were refused: see below.",
        { InHalaxy.Overruled.Count: > 0 } => "Nothing needs your attention, but a change of yours was overridden by Halaxy: see below.",
        { OnlyHere.Count: > 0 } => "Nothing needs your attention. What is in this diary only, and not in Halaxy, is listed below.",
        _ => "Nothing: all is well.",
    };

    public override void OnPageHandlerExecuting(PageHandlerExecutingContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        if (Me.Practice is null || Me.Principal.Role == PrincipalRole.User) context.Result = NotFound();
        else if (!Me.IsPractitioner && HttpMethods.IsPost(Request.Method)) context.Result = NotFound();
    }

    public async Task OnGetAsync()
    {
        if (!Me.IsPractitioner)
        {
            Practitioners = await reader.ListAsync(Practice, HttpContext.RequestAborted);
            if (Practice.IsConnected && await halaxy.FindAsync(Practice.Id, HttpContext.RequestAborted) is { } practices)
            {
                var (tasks, _) = await halaxy.ReportAsync(Practice.Id, HttpContext.RequestAborted);
                var stands = HalaxyWords.State(practices, runner.FailuresOf(Practice.Id), runner.ProgressOf(Practice.Id) is not null || practices.LastCompare is null, runner.IsAsked(Practice.Id), tasks.Count, "on its page");
                // what that says to do is on the page of the connection
                HalaxyStanding = stands with { Sentence = HalaxyWords.Needed(practices) ?? stands.Sentence };
            }

            return;
        }

        Health = await reader.ReadAsync(Me.Principal, Practice, Me.Actor, HttpContext.RequestAborted);
        Linked = await accounts.ListAsync(PractitionerId, HttpContext.RequestAborted);
        Activity = await DeviceActivity.ReadAsync(diaries, Diary, PractitionerId, Again, Before, HttpContext.RequestAborted);
        if (Practice.IsConnectedFor(PractitionerId))
        {
            var (tasks, overruled) = await halaxy.ReportAsync(Practice.Id, HttpContext.RequestAborted);
            InHalaxy = ([.. tasks.Where(task => task.PractitionerId == PractitionerId)], [.. overruled.Where(lost => lost.PractitionerId == PractitionerId)]);
            if (await halaxy.FindAsync(Practice.Id, HttpContext.RequestAborted) is { } connection) (TakesPersonal, HalaxyWaits) = (connection.CanCreate, HalaxyWords.Waiting(connection, runner.FailuresOf(Practice.Id)));
            var budget = DiaryBudget.OfPage(HttpContext.RequestAborted);
            OnlyHere = [.. (await HalaxyOnlyHere.ListAsync(Diary, Now, budget)).Where(one => InHalaxy.Value.Tasks.All(task => task.Uid != one.Id))];
            HasMoreOnlyHere = budget.Exceeded;
        }

        CalendarName = (await calendars.FindAsync(Me.Principal.Id))!.Name;
    }

    /// <summary>Puts back what was kept (R6).</summary>
    [LastingAccess(LastingAccess.None)]
    public async Task<IActionResult> OnPostRestoreAsync(string? appointment, string? occurrence)
    {
        var key = SyncHealth.Key.Parse(occurrence ?? "");
        var target = new AppointmentTarget(appointment ?? "", key.Success ? key.Value : null);
        return await DecideAsync(async diary =>
        {
            await diary.RestoreAsync(target);
            return "The appointment is in your calendar again.";
        });
    }

    /// <summary>Takes over what a device wrote, as it was looked at.</summary>
    [LastingAccess(LastingAccess.None)]
    public Task<IActionResult> OnPostTakeOverAsync(string? rejected, string? version) => DecideAsync(async diary =>
    {
        await diary.TakeOverAsync(rejected ?? "", version ?? "");
        return "It is in your diary now. What only you can enter, if there is any, stays listed here.";
    });

    /// <summary>Leaves the appointment as the diary has it.</summary>
    [LastingAccess(LastingAccess.None)]
    public Task<IActionResult> OnPostLeaveAsync(string? rejected) => DecideAsync(async diary =>
    {
        await diary.LeaveAsItIsAsync(rejected ?? "");
        return "The appointment stays as your diary has it.";
    });

    /// <summary>Undoes what a device did, or does what it was refused.</summary>
    [LastingAccess(LastingAccess.None)]
    public Task<IActionResult> OnPostTurnBackAsync(long change) => DecideAsync(async diary =>
    {
        await diary.TurnBackAsync(change);
        return "Done. Your devices get it at their next sync.";
    });

    private Diary Diary => diaries.Open(Me.Principal.Id, Me.Actor);

    private async Task<IActionResult> DecideAsync(Func<Diary, Task<string>> decide)
    {
        try
        {
            TempData["Notice"] = await decide(Diary);
        }
        catch (DiaryException refusal)
        {
            TempData["Notice"] = refusal.Fault == DiaryFault.Stale ? "The appointment has changed in the meantime: look at both versions again." : refusal.Message;
        }
        catch (Exception damaged) when (DamagedAppointment.IsSaidBy(damaged))
        {
            TempData["Notice"] = "This appointment is damaged on the disk: whoever runs the server can restore it from a backup.";
        }

        return LocalRedirect("/settings/sync?again=true");
    }
}
