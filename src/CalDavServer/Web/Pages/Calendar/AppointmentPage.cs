using CalDavServer.Api;
using Calendaring.Store;
using Microsoft.AspNetCore.Mvc;
using NodaTime;
using NodaTime.Text;
using Practice.Appointments;
using Practice.Diaries;

namespace CalDavServer.Web.Pages.Calendar;

/// <summary>A page about one appointment, or one occurrence of it.</summary>
internal abstract class AppointmentPage(PracticeDiaries diaries, IClock clock) : CalendarPage(diaries, clock)
{
    [BindProperty(SupportsGet = true, Name = "practitioner")]
    public string PractitionerId { get; set; } = "";

    [BindProperty(SupportsGet = true, Name = "id")]
    public string WrittenId { get; set; } = "";

    [BindProperty(SupportsGet = true)]
    public string? Occurrence { get; set; }

    /// <summary>The version that the person has seen.</summary>
    [BindProperty]
    public string? Version { get; set; }

    /// <summary>Of a series, how much is meant; null when that was not said in words that are known.</summary>
    [BindProperty]
    public SeriesScope? Scope { get; set; }

    public Principal Practitioner { get; private set; } = null!;

    /// <summary>The appointment as it is.</summary>
    public Appointment Appointment { get; private set; } = null!;

    /// <summary>What does not go, in words; shown at the top.</summary>
    public string? Problem { get; protected set; }

    /// <summary>Whether somebody else has changed the appointment since the person has opened it.</summary>
    public bool IsStale { get; private set; }

    /// <summary>Where the practice's diary is, when it is connected to Halaxy.</summary>
    public const string Halaxy = "https://www.halaxy.com/";

    /// <summary>Whether the practitioner's diary mirrors that in Halaxy.</summary>
    public bool IsConnected => Group.IsConnectedFor(PractitionerId);

    /// <summary>Whether it is kept in Halaxy, which decides what can be done here.</summary>
    public bool IsInHalaxy => IsConnected && Appointment.HalaxyId is not null;

    /// <summary>Whether a patient attended it in Halaxy, or missed it: it is cancelled there only.</summary>
    public bool HasTakenPlaceInHalaxy => IsInHalaxy && Appointment is { Kind: AppointmentKind.Patient, Status: AppointmentStatus.Attended or AppointmentStatus.DidNotAttend };

    /// <summary>Whether the practitioner's diary is kept in Halaxy, and this appointment is not there.</summary>
    public bool IsNotInHalaxy => IsConnected && Appointment.HalaxyId is null;

    /// <summary>Whether it is a series, or one of a series.</summary>
    public bool Repeats => Appointment.Rule is not null || Appointment.Occurrence is not null;

    /// <summary>Whether the person is asked how much of a series is meant.</summary>
    public bool AsksScope => Appointment.Occurrence is not null;

    /// <summary>How much is meant; null when the person was to say so and has not: nothing is done to a whole series by default.</summary>
    protected SeriesScope? Meant => AsksScope ? Scope : SeriesScope.All;

    /// <summary>What is said when a choice is missing.</summary>
    protected static DiaryException Unsaid => new(DiaryFault.Invalid, "Nothing was changed: choose what to do, and to which appointments of the series.");

    protected Diary Diary => Open(PractitionerId);

    public string Address(string page = "") => AddressOf(PractitionerId, Appointment, page);

    protected override async Task<IActionResult?> LoadAsync()
    {
        if (FindPractitioner(PractitionerId) is not { } practitioner) return NotFound();
        Practitioner = practitioner;
        try
        {
            return await ReadAsync() ? null : NotFound();
        }
        catch (Exception damaged) when (DamagedAppointment.IsSaidBy(damaged))
        {
            TempData["Notice"] = "This appointment is damaged on the disk: whoever runs the server can restore it from a backup.";
            return LocalRedirect("/calendar");
        }
    }

    /// <summary>Does something to the appointment. What does not go is said on the page, which shows the appointment as it is now.</summary>
    /// <param name="change">What to do; returns the id of the appointment to go on with.</param>
    /// <param name="notice">What is said when it is done.</param>
    /// <param name="at">In whose diary it then is; null for the one in which it was.</param>
    protected async Task<IActionResult> DoAsync(Func<AppointmentTarget, Task<string>> change, string notice, string? at = null)
    {
        try
        {
            var id = await change(Target());
            TempData["Notice"] = notice;
            return await GoOnAsync(id, at ?? PractitionerId);
        }
        catch (DiaryException fault) when (fault.Fault == DiaryFault.NotFound)
        {
            return NotFound();
        }
        catch (DiaryException fault)
        {
            return await RefuseAsync(fault);
        }
    }

    /// <summary>Shows the page again, with what does not go.</summary>
    protected async Task<IActionResult> RefuseAsync(DiaryException fault)
    {
        IsStale = fault.Fault == DiaryFault.Stale;
        if (!IsStale) Problem = fault.Message;
        if (!await ReadAsync()) return NotFound();
        Response.StatusCode = fault.Fault is DiaryFault.Stale or DiaryFault.Conflict ? StatusCodes.Status409Conflict : StatusCodes.Status200OK;
        return Page();
    }

    /// <summary>Goes on to the appointment, or, when it is gone, to the day where it was.</summary>
    private async Task<IActionResult> GoOnAsync(string id, string practitionerId)
    {
        foreach (var occurrence in new[] { Appointment.Occurrence, null })
        {
            try
            {
                var there = await Open(practitionerId).GetAsync(new AppointmentTarget(id, occurrence));
                return LocalRedirect(AddressOf(practitionerId, there));
            }
            catch (DiaryException gone) when (gone.Fault == DiaryFault.NotFound)
            {
                // the next best place
            }
        }

        return LocalRedirect(DayAddress(Appointment.Start.Date, practitionerId));
    }

    protected AppointmentTarget Target() => new(Appointment.Id, Appointment.Occurrence, string.IsNullOrEmpty(Version) ? null : Version);

    /// <summary>Reads the appointment as it is now; false when there is no such.</summary>
    protected async Task<bool> ReadAsync()
    {
        if (AppointmentId.Read(WrittenId) is not { } id) return false;
        LocalDateTime? key = null;
        if (!string.IsNullOrEmpty(Occurrence))
        {
            if (LocalDateTimePattern.ExtendedIso.Parse(Occurrence) is not { Success: true, Value: { Year: >= 1600 and < 3000 } } read) return false;
            key = read.Value;
        }

        try
        {
            Appointment = await Diary.GetAsync(new AppointmentTarget(id.Uid, key), HttpContext.RequestAborted);
            return true;
        }
        catch (DiaryException unknown) when (unknown.Fault == DiaryFault.NotFound)
        {
            return false;
        }
    }
}
