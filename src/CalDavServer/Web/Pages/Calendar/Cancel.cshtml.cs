using CalDavServer.Web.SignIn;
using Calendaring.Store;
using Microsoft.AspNetCore.Mvc;
using NodaTime;
using Practice.Appointments;
using Practice.Diaries;

namespace CalDavServer.Web.Pages.Calendar;

/// <summary>Cancels an appointment, in one of four ways.</summary>
internal sealed class CancelModel(ICalendarStore store, IClock clock) : AppointmentPage(store, clock)
{
    [BindProperty]
    public CancelChoice? Choice { get; set; }

    public bool IsPatient => Appointment.Kind == AppointmentKind.Patient;

    /// <summary>Whether there is an invoice to delete, with any of a series.</summary>
    public bool HasInvoice => Appointment.SeriesHasInvoice;

    public void OnGet() => (Scope, Choice) = (AsksScope ? SeriesScope.ThisOne : SeriesScope.All, CancelChoice.Cancel);

    [LastingAccess(LastingAccess.None)]
    public Task<IActionResult> OnPostAsync() => (Choice, Meant) is ({ } choice, { } scope)
        ? DoAsync(target => Diary.CancelAsync(target, choice, scope), Notice)
        : RefuseAsync(Unsaid);

    private string Notice => (IsPatient, Choice) switch
    {
        (false, _) or (true, CancelChoice.Delete) => "The appointment is deleted.",
        (true, CancelChoice.NonAttendance) => "It is noted that the patient did not attend.",
        (true, CancelChoice.CancelAndDeleteInvoice) when (Scope == SeriesScope.ThisOne ? Appointment.Invoice is not null : HasInvoice) => "The appointment is cancelled, and its invoice is deleted.",
        _ => "The appointment is cancelled.",
    };
}
