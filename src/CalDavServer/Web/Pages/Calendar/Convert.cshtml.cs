using CalDavServer.Web.Calendar;
using CalDavServer.Web.SignIn;
using Microsoft.AspNetCore.Mvc;
using NodaTime;
using Practice.Appointments;
using Practice.Diaries;

namespace CalDavServer.Web.Pages.Calendar;

/// <summary>Turns a personal appointment into a patient appointment: the only way there is (R4).</summary>
internal sealed class ConvertModel(PracticeDiaries diaries, IClock clock) : AppointmentPage(diaries, clock)
{
    [BindProperty]
    public AppointmentForm Form { get; set; } = new();

    public async Task<IActionResult> OnGetAsync()
    {
        if (Appointment.Kind == AppointmentKind.Patient) return LocalRedirect(Address());
        if (IsConnected) return LocalRedirect(Address("/book"));
        await PrepareAsync(Form, Diary);
        return Page();
    }

    [LastingAccess(LastingAccess.None)]
    public async Task<IActionResult> OnPostAsync()
    {
        await PrepareAsync(Form, Diary);
        var continues = Appointment.Follows is not null && string.IsNullOrWhiteSpace(Form.Type) && Form.Patients.All(row => row.IsEmpty);
        IReadOnlyList<Patient>? patients = continues ? null : Form.ReadPatients();
        var type = continues ? null : Form.ReadType();
        var fee = Form.ReadFee();
        if (Form.Problems.Count > 0) return Page();
        return await DoAsync(target => Diary.ConvertToPatientAsync(target, patients, type, fee), "It is now a patient appointment.");
    }
}
