using CalDavServer.Web.Calendar;
using CalDavServer.Web.Pages.Settings.Halaxy;
using CalDavServer.Web.SignIn;
using Microsoft.AspNetCore.Mvc;
using NodaTime;
using Practice;
using Practice.Appointments;
using Practice.Audit;
using Practice.Diaries;
using ProviderBridge.Halaxy;

namespace CalDavServer.Web.Pages.Calendar;

/// <summary>All that the diary knows of an appointment, and what can be done with one click.</summary>
internal sealed class AppointmentModel(PracticeDiaries diaries, IClock clock, HalaxyConnections halaxy, HalaxyBooking booking) : AppointmentPage(diaries, clock)
{
    private const int MaxReference = 100;

    /// <summary>The line of history in which it was made, or null.</summary>
    public AuditEntry? Made { get; private set; }

    /// <summary>Whether Halaxy takes personal appointments from a program.</summary>
    public bool TakesPersonal { get; private set; }

    /// <summary>Whether Halaxy got it a moment ago, and it has not come from there yet.</summary>
    public bool IsBooked { get; private set; }

    /// <summary>Whether it was in Halaxy, and was deleted there.</summary>
    public bool WasInHalaxy { get; private set; }

    /// <summary>Where Halaxy has it otherwise, and what did not count there, in sentences.</summary>
    public IReadOnlyList<string> NotAlike { get; private set; } = [];

    /// <summary>The boxes that are not ticked for the key in Halaxy, and without which nothing is booked from here.</summary>
    public IReadOnlyList<string> BookingBoxes { get; private set; } = [];

    /// <summary>Why a personal appointment cannot be booked in Halaxy as it is; null when it can.</summary>
    public string? NotBookable => IsNotInHalaxy && !IsCancelled && !IsBooked && Appointment.Kind == AppointmentKind.Personal ? HalaxyBooking.ObstacleOf(Repeats, Appointment.AllDay) : null;

    public bool IsCancelled => Appointment.Status is AppointmentStatus.Cancelled or AppointmentStatus.Rejected;

    public bool CanRestore => IsCancelled || Appointment.Kept is not null;

    /// <summary>Where it was made: here, in Halaxy, or with a device.</summary>
    public string Origin
    {
        get
        {
            var at = Made is { } made ? $" on {Words.Moment(made.At.InZone(Zone))}" : "";
            if (Made is { Via: ActorVia.Halaxy }) return $"Came from Halaxy{at}";
            return Appointment is { OriginId: null, Origin: AppointmentDetails.FromDiary }
                ? $"Made here{at}{(Made is { } maker ? $" by {maker.Who}" : "")}"
                : $"Added from {Appointment.Origin}{at}";
        }
    }

    public Task OnGetAsync() => ReadMoreAsync();

    [LastingAccess(LastingAccess.None)]
    public Task<IActionResult> OnPostStatusAsync(AppointmentStatus? status) => status is { } known ? SetStatusAsync(known) : RefuseAsync(Unsaid);

    private Task<IActionResult> SetStatusAsync(AppointmentStatus status) => ActAsync(
        target => Diary.EditAsync(target, new AppointmentEdit { Status = status }, AsksScope ? SeriesScope.ThisOne : SeriesScope.All),
        $"The appointment has been marked as {Words.Status(status).ToLowerInvariant()}.");

    [LastingAccess(LastingAccess.None)]
    public Task<IActionResult> OnPostRestoreAsync() => ActAsync(target => Diary.RestoreAsync(target), RestoredNotice);

    private string RestoredNotice => this switch
    {
        { IsInHalaxy: true } => "The appointment is in the calendar again. Halaxy is asked to put it back too; if it does not, this page and Sync health say so.",
        { IsNotInHalaxy: true, Appointment.Kind: AppointmentKind.Patient } => "The appointment is in the calendar here again. It is not in Halaxy: if it is to be there too, book it there.",
        _ => "The appointment is in the calendar again.",
    };

    /// <summary>Of a series that is out of the calendar as a whole.</summary>
    [LastingAccess(LastingAccess.None)]
    public Task<IActionResult> OnPostRestoreSeriesAsync() => ActAsync(target => Diary.RestoreAsync(target with { Occurrence = null }), "The series is in the calendar again.");

    [LastingAccess(LastingAccess.None)]
    public Task<IActionResult> OnPostInvoiceAsync(string? reference) => LinkAsync(reference, "invoice", Diary.LinkInvoiceAsync);

    [LastingAccess(LastingAccess.None)]
    public Task<IActionResult> OnPostNoteAsync(string? reference) => LinkAsync(reference, "clinical note", Diary.LinkNoteAsync);

    private async Task<IActionResult> LinkAsync(string? reference, string what, Func<AppointmentTarget, string?, Task<string>> link)
    {
        reference = string.IsNullOrWhiteSpace(reference) ? null : reference.Trim();
        if (reference?.Length > MaxReference)
        {
            Problem = $"The reference of the {what} is too long: it has at most {MaxReference} characters.";
            await ReadMoreAsync();
            return Page();
        }

        return await ActAsync(target => link(target, reference), reference is null ? $"The {what} is no longer linked." : $"The {what} is linked.");
    }

    private async Task<IActionResult> ActAsync(Func<AppointmentTarget, Task<string>> change, string notice)
    {
        var answer = await DoAsync(change, notice);
        await ReadMoreAsync();
        return answer;
    }

    private async Task ReadMoreAsync()
    {
        Made = await Diary.HistoryAsync(Appointment.Id, HttpContext.RequestAborted) is [var first, ..] ? first : null;
        if (!IsConnected) return;
        var (tasks, overruled) = await halaxy.ReportAsync(Group.Id, new AppointmentKey(PractitionerId, Appointment.Id), HttpContext.RequestAborted);
        NotAlike =
        [
            .. tasks.Where(task => !task.IsOnlyHere).Select(task => HalaxyWords.Of(task, Zone)),
            .. overruled.Select(lost => $"{Words.Moment(lost.At.InZone(Zone))}: {HalaxyWords.Of(lost, Zone)}"),
        ];
        if (!IsNotInHalaxy) return;
        if (Appointment.Kind == AppointmentKind.Patient) WasInHalaxy = await halaxy.WasDeletedThereAsync(Group.Id, new AppointmentKey(PractitionerId, Appointment.Id), HttpContext.RequestAborted);
        if (await halaxy.FindAsync(Group.Id, HttpContext.RequestAborted) is { } connection) (TakesPersonal, BookingBoxes) = (connection.CanCreate, [.. connection.BookingScopes.Select(HalaxyScopes.NameOf)]);
        IsBooked = await booking.IsBookedAsync(Group.Id, Appointment.Id, HttpContext.RequestAborted);
    }
}
