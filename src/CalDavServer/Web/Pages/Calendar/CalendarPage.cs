using CalDavServer.Api;
using CalDavServer.Web.Calendar;
using CalDavServer.Web.SignIn;
using Calendaring.Store;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Filters;
using Microsoft.AspNetCore.Mvc.RazorPages;
using NodaTime;
using NodaTime.Text;
using Practice.Diaries;
using Practice.Groups;

namespace CalDavServer.Web.Pages.Calendar;

/// <summary>A page of the calendar: for people of a practice group, about the diaries that they may open.</summary>
internal abstract class CalendarPage(PracticeDiaries diaries, IClock clock) : PageModel
{
    private static readonly Duration Around = Duration.FromDays(28);

    public Person Me => Person.Of(HttpContext);

    /// <summary>The person's practice group.</summary>
    public PracticeGroup Group { get; private set; } = null!;

    public DateTimeZone Zone { get; private set; } = null!;

    public ZonedDateTime Now { get; private set; }

    /// <summary>The practitioners whose diaries the person may open, by name.</summary>
    public IReadOnlyList<Principal> Practitioners { get; private set; } = [];

    /// <summary>To whom an appointment may be given that is a practitioner's: the others who have access.</summary>
    public IEnumerable<Principal> Colleagues(Principal practitioner) =>
        Practitioners.Where(other => other.Deactivated is null && other.Id != practitioner.Id);

    /// <summary>What may be read of diaries to be shown.</summary>
    protected DiaryBudget Shows => field ??= DiaryBudget.OfPage(HttpContext.RequestAborted);

    /// <summary>What may be read of diaries to be compared.</summary>
    protected DiaryBudget Compares => field ??= DiaryBudget.OfList(HttpContext.RequestAborted);

    /// <summary>Whether there is more in the diaries than was shown.</summary>
    public bool ShowsNotAll => Shows.Exceeded;

    public override async Task OnPageHandlerExecutionAsync(PageHandlerExecutingContext context, PageHandlerExecutionDelegate next)
    {
        if (Me.Practice is not { } practice)
        {
            context.Result = NotFound();
            return;
        }

        Group = practice;
        Zone = practice.Zone();
        Now = clock.GetCurrentInstant().InZone(Zone);
        Practitioners = await diaries.ListPractitionersAsync(Me.Principal, practice.Id, HttpContext.RequestAborted);
        if (await LoadAsync() is { } refusal) context.Result = refusal;
        else await next();
    }

    /// <summary>Reads what every handler of the page needs; the answer when there is no such page.</summary>
    protected virtual Task<IActionResult?> LoadAsync() => Task.FromResult<IActionResult?>(null);

    /// <summary>The diary of a practitioner, in the person's name.</summary>
    protected Diary Open(string practitionerId) => diaries.Open(practitionerId, Me.Actor);

    protected Principal? FindPractitioner(string? id) =>
        id is null && Practitioners.Count > 0 ? Practitioners[0] : Practitioners.FirstOrDefault(practitioner => practitioner.Id == id);

    /// <summary>The classes of an appointment's style.</summary>
    public string ClassesOf(Principal practitioner, Appointment appointment) => Words.Classes(appointment) + (IsOnlyHere(practitioner, appointment) ? " only-here" : "");

    /// <summary>What is said of an appointment beside its title, to those who do not see its style.</summary>
    public string KindOf(Principal practitioner, Appointment appointment) => Words.Kind(appointment) + (IsOnlyHere(practitioner, appointment) ? ", not in Halaxy" : "");

    // what is cancelled is nowhere to be expected
    private bool IsOnlyHere(Principal practitioner, Appointment appointment) => Group.IsConnectedFor(practitioner.Id) && appointment is { HalaxyId: null, TakesPlace: true };

    /// <summary>The page of an appointment.</summary>
    public static string AddressOf(string practitionerId, Appointment appointment, string page = "") =>
        AddressOf(practitionerId, appointment.Id, appointment.Occurrence, page);

    public static string AddressOf(string practitionerId, string id, LocalDateTime? occurrence, string page = "") =>
        $"/calendar/{Uri.EscapeDataString(practitionerId)}/{new AppointmentId(id)}{page}"
        + (occurrence is { } key ? $"?occurrence={Uri.EscapeDataString(LocalDateTimePattern.ExtendedIso.Format(key))}" : "");

    public static string WeekAddress(LocalDate date, string practitionerId) =>
        $"/calendar?date={LocalDatePattern.Iso.Format(date)}&who={Uri.EscapeDataString(practitionerId)}";

    public static string DayAddress(LocalDate date, params IEnumerable<string> practitionerIds) =>
        $"/calendar?view=day&date={LocalDatePattern.Iso.Format(date)}{string.Concat(practitionerIds.Select(id => $"&who={Uri.EscapeDataString(id)}"))}";

    /// <summary>Readies a form: the practice group's currency, and the appointment types of the weeks around today, which are likely to be typed.</summary>
    protected async Task PrepareAsync(AppointmentForm form, Diary diary)
    {
        form.Currency = Group.Currency();
        form.Types = await TypesAsync(diary);
    }

    /// <summary>Appointment types that are used around today, each with the length and the fee of its latest appointment.</summary>
    protected async Task<IReadOnlyList<KnownType>> TypesAsync(Diary diary)
    {
        var now = Now.ToInstant();
        var lately = await diary.ListAsync(now - Around, now + Around, DiaryBudget.OfPage(HttpContext.RequestAborted));
        var types = lately.Where(appointment => appointment.Type is { Length: > 0 }).GroupBy(appointment => appointment.Type!, (type, all) => KnownTypeOf(type, all.Last(), Group.Currency()));
        return [.. types.OrderBy(type => type.Name, StringComparer.CurrentCulture).Take(30)];
    }

    private static KnownType KnownTypeOf(string type, Appointment latest, Currency? currency) =>
        new(type, (int)(latest.End.ToInstant() - latest.Start.ToInstant()).TotalMinutes, latest.Fee is { } fee ? Currency.Write(fee, currency) : null);
}
