using CalDavServer.Web.Audit;
using CalDavServer.Web.SignIn;
using Calendaring.Store;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using NodaTime;
using Practice.Audit;
using Practice.Devices;
using Practice.Groups;

namespace CalDavServer.Web.Pages.Settings;

/// <summary>The audit log, newest first, page by page, and as a file. A practitioner sees the own lines, an administrator the practice's.</summary>
internal sealed class AuditModel(AuditBook audit, PracticeDirectory directory, DeviceBook devices, IClock clock) : PageModel
{
    private const int PageLength = 50;

    /// <summary><c>people</c> or <c>appointments</c>.</summary>
    [BindProperty(SupportsGet = true)]
    public string Show { get; set; } = "people";

    /// <summary>The person whose lines are shown, or nothing for all.</summary>
    [BindProperty(SupportsGet = true)]
    public string? Who { get; set; }

    /// <summary>Lines before this number are shown; nothing for the newest.</summary>
    [BindProperty(SupportsGet = true)]
    public long? Before { get; set; }

    public AuditView? View { get; private set; }

    public IReadOnlyList<Principal> People { get; private set; } = [];

    public IReadOnlyList<AuditLine> Lines { get; private set; } = [];

    /// <summary>Whether there are older lines.</summary>
    public bool HasOlder { get; private set; }

    public Person Me => Person.Of(HttpContext);

    public DateTimeZone Zone => Me.Practice?.Zone() ?? DateTimeZone.Utc;

    private bool OfAppointments => Show == "appointments";

    // of lines that were written before they had the label in them
    private Dictionary<string, string> Labels { get; } = [];

    public string? NameOf(string id) => People.FirstOrDefault(person => person.Id == id)?.DisplayName ?? Labels.GetValueOrDefault(id);

    public async Task<IActionResult> OnGetAsync()
    {
        if (Me.Practice is null) return Page();
        if (!await FindAsync()) return NotFound();
        if (View is not { } view) return Page();
        var found = await audit.ListLastAsync(view.Log, view.Owner, Before ?? long.MaxValue, PageLength + 1, view.Subject, HttpContext.RequestAborted);
        HasOlder = found.Count > PageLength;
        Lines = [.. found.Take(PageLength)];
        return Page();
    }

    [LastingAccess(LastingAccess.None)]
    public async Task<IActionResult> OnPostDownloadAsync(string format)
    {
        if (Me.Practice is not { } practice) return NotFound();
        if (!await FindAsync() || View is null) return NotFound();
        await audit.NoteExportAsync(practice.Id, Me.Actor);
        var now = clock.GetCurrentInstant();
        var file = new AuditFile(audit, View, NameOf);
        var isCsv = format == "csv";
        Response.ContentType = isCsv ? "text/csv; charset=utf-8" : "application/x-ndjson; charset=utf-8";
        Response.Headers.ContentDisposition = $"attachment; filename=\"audit-{Show}-{now.InZone(Zone).Date:uuuu-MM-dd}.{(isCsv ? "csv" : "jsonl")}\"";
        var output = Response.BodyWriter.AsStream();
        if (isCsv) await file.WriteCsvAsync(output, HttpContext.RequestAborted);
        else await file.WriteJsonLinesAsync(output, HttpContext.RequestAborted);
        return new EmptyResult();
    }

    private async Task<bool> FindAsync()
    {
        if (Show is not ("people" or "appointments")) return false;
        if (Who is "") Who = null;
        People = [.. (await directory.ListPeopleAsync(Me.Practice!.Id, HttpContext.RequestAborted)).OrderBy(person => person.DisplayName, StringComparer.CurrentCulture)];
        foreach (var person in People.Where(person => Me.IsAdministrator || person.Id == Me.Principal.Id))
        {
            foreach (var device in await devices.ListAsync(person.Id, HttpContext.RequestAborted)) Labels[device.Id] = device.Label;
        }

        View = AuditView.Of(Me, People, OfAppointments, Who);
        if (View is { IsOfAppointments: true, Owner: var owner }) Who = owner;

        // a practice without practitioners has no appointments to show, but what is not there is not there
        return View is not null || (Me.IsAdministrator && OfAppointments && Who is null);
    }
}
