using CalDavServer.Web.SignIn;
using Microsoft.AspNetCore.Mvc;
using NodaTime;
using Practice.Appointments;
using Practice.Diaries;
using ProviderBridge.Halaxy;

namespace CalDavServer.Web.Pages.Calendar;

/// <summary>Cancels an appointment, in one of four ways.</summary>
internal sealed class CancelModel(PracticeDiaries diaries, IClock clock, HalaxyConnections halaxy) : AppointmentPage(diaries, clock)
{
    [BindProperty]
    public CancelChoice? Choice { get; set; }

    public bool IsPatient => Appointment.Kind == AppointmentKind.Patient;

    /// <summary>Whether there is an invoice to delete, with any of a series.</summary>
    public bool HasInvoice => Appointment.SeriesHasInvoice;

    /// <summary>Whether a choice makes sense here: there is an invoice to delete; and of what is kept in Halaxy the rest is done there.</summary>
    public bool Offers(CancelChoice choice) => IsInHalaxy ? choice == CancelChoice.Cancel : choice != CancelChoice.CancelAndDeleteInvoice || HasInvoice;

    /// <summary>Whether Halaxy lets a program delete appointments.</summary>
    public bool IsDeletedThere { get; private set; }

    public async Task OnGetAsync()
    {
        (Scope, Choice) = (AsksScope ? SeriesScope.ThisOne : SeriesScope.All, CancelChoice.Cancel);
        IsDeletedThere = IsInHalaxy && await halaxy.FindAsync(Group.Id, HttpContext.RequestAborted) is { CanDelete: true };
    }

    [LastingAccess(LastingAccess.None)]
    public Task<IActionResult> OnPostAsync() => (Choice, Meant) is ({ } choice, { } scope)
        ? DoAsync(target => Diary.CancelAsync(target, choice, scope), Notice)
        : RefuseAsync(Unsaid);

    private string Notice => (IsPatient, Choice) switch
    {
        (false, _) or (true, CancelChoice.Delete) => $"{What} deleted.",
        (true, CancelChoice.NonAttendance) => "The appointment has been marked as not attended.",
        (true, CancelChoice.CancelAndDeleteInvoice) when DeletesInvoice => $"{What} cancelled, and {(AsksScope && Scope != SeriesScope.ThisOne ? "their invoices are" : "its invoice is")} deleted.",
        _ => $"{What} cancelled.",
    };

    private string What => (AsksScope, Scope) switch
    {
        (true, SeriesScope.ThisAndFollowing) => "This appointment and all that follow it are",
        (true, SeriesScope.All) => "All appointments of the series are",
        _ => "The appointment is",
    };

    private bool DeletesInvoice => Scope == SeriesScope.ThisOne ? Appointment.Invoice is not null : HasInvoice;
}
