using CalDavServer.Web.Devices;
using CalDavServer.Web.SignIn;
using Calendaring.Store;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Filters;
using Microsoft.AspNetCore.Mvc.RazorPages;
using NodaTime;
using Practice;
using Practice.Audit;
using Practice.Diaries;
using Practice.Groups;

namespace CalDavServer.Web.Pages.Settings.Sync;

/// <summary>How the devices do, and what needs their practitioner; for an administrator, how the practitioners do, without content.</summary>
internal sealed class IndexModel(ICalendarStore store, IClock clock, SyncHealthReader reader) : PageModel
{
    private Person Me => Person.Of(HttpContext);

    public PracticeGroup Practice => Me.Practice!;

    public DateTimeZone Zone => Practice.Zone();

    public Instant Now { get; } = clock.GetCurrentInstant();

    public SyncHealth? Health { get; private set; }

    public IReadOnlyList<PractitionerHealth>? Practitioners { get; private set; }

    public string CalendarName { get; private set; } = "";

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
            Practitioners = await reader.ListAsync(Practice);
            return;
        }

        Health = await reader.ReadAsync(Me.Principal, Practice);
        using var snapshot = await store.OpenSnapshotAsync();
        CalendarName = HxCalendar.NameOf((await snapshot.FindCollectionAsync(Me.Principal.Id, HxCalendar.CollectionName))!);
    }

    /// <summary>Puts back what was kept (R6).</summary>
    public async Task<IActionResult> OnPostRestoreAsync(string? appointment, string? occurrence)
    {
        var key = SyncHealth.Key.Parse(occurrence ?? "");
        var target = new AppointmentTarget(appointment ?? "", key.Success ? key.Value : null);
        try
        {
            await new Diary(store, clock, Me.Principal.Id, AuditActor.OnPages(Me.Principal)).RestoreAsync(target);
            TempData["Notice"] = "The appointment is in your calendar again.";
        }
        catch (DiaryException refusal)
        {
            TempData["Notice"] = refusal.Message;
        }

        return LocalRedirect("/settings/sync");
    }

    /// <summary>Shows what was taken in part no more.</summary>
    public async Task<IActionResult> OnPostSeenAsync(long line)
    {
        await store.ApplyAsync(StoreBatch.Of(new SeenLines(line).Put(Me.Principal.Id)));
        return LocalRedirect("/settings/sync");
    }
}
