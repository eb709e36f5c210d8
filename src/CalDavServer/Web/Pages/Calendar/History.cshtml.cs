using CalDavServer.Api;
using CalDavServer.Web.SignIn;
using Calendaring.Store;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using NodaTime;
using Practice;
using Practice.Audit;
using Practice.Diaries;
using Practice.Groups;

namespace CalDavServer.Web.Pages.Calendar;

/// <summary>What was done to one appointment, in sentences. Also when the appointment itself is gone.</summary>
internal sealed class HistoryModel(PracticeDiaries diaries, PracticeDirectory directory, AuditBook audit) : PageModel
{
    public IReadOnlyList<AuditEntry> Entries { get; private set; } = [];

    /// <summary>Whose diary it is in.</summary>
    public Principal Practitioner { get; private set; } = null!;

    public DateTimeZone Zone => Person.Of(HttpContext).Practice?.Zone() ?? DateTimeZone.Utc;

    /// <summary>The people of the practice group by id.</summary>
    private IReadOnlyDictionary<string, string> Names { get; set; } = new Dictionary<string, string>();

    public string? NameOf(string id) => Names.GetValueOrDefault(id);

    public async Task<IActionResult> OnGetAsync(string practitioner, string id)
    {
        if (await diaries.FindPractitionerAsync(Person.Of(HttpContext).Principal, practitioner, HttpContext.RequestAborted) is not { } owner) return NotFound();
        Practitioner = owner;
        if (owner.GroupId is { } practice) Names = (await directory.ListPeopleAsync(practice, HttpContext.RequestAborted)).ToDictionary(person => person.Id, person => person.DisplayName);
        if (AppointmentId.Read(id) is not { } appointment) return NotFound();
        Entries = await audit.HistoryAsync(new AppointmentKey(owner.Id, appointment.Uid), HttpContext.RequestAborted);
        return Entries.Count == 0 ? NotFound() : Page();
    }
}
