using Practice.Appointments;
using Practice.Diaries;

namespace ProviderBridge.Halaxy;

/// <summary>Says in the diary's words what Halaxy has.</summary>
/// <param name="connection">Who is who, and what appointments and clinics are called.</param>
/// <param name="names">The patients' names that are known, by id.</param>
/// <param name="needsNames">Whether a practitioner needs names: in the diaries of the others, patients have the numbers that Halaxy gives them.</param>
internal sealed class HalaxyView(HalaxyConnection connection, IReadOnlyDictionary<string, Patient> names, Func<string, bool> needsNames)
{
    private const string InvoiceThere = "in Halaxy";

    /// <summary>What an appointment is called of which the type is not known.</summary>
    public const string AnyType = "Appointment";

    /// <summary>The practitioners here who take part, each once.</summary>
    public IReadOnlyList<string> PractitionersOf(HalaxyAppointment appointment) => [.. appointment.RoleIds.Select(connection.PractitionerOf).OfType<string>().Distinct()];

    /// <summary>Whether it can be said who takes part: not of an appointment of which Halaxy does not tell whose it is, or that is of somebody who is not known. The key may not see them, or a list was not whole.</summary>
    public bool KnowsWhose(HalaxyAppointment appointment) => appointment.RoleIds.Count > 0 && appointment.RoleIds.All(connection.Knows);

    /// <summary>Somebody of whom an appointment is, and for whom a practitioner was taken, until another person or nobody was chosen for them; null when there is nobody.</summary>
    public string? FormerPersonOf(HalaxyAppointment appointment, string practitionerId) => FormerRolesOf(appointment, practitionerId).FirstOrDefault()?.PractitionerId;

    /// <summary>Whether it is so, and that person is archived in Halaxy: they were made anew, and what they had stays.</summary>
    public bool IsOfArchived(HalaxyAppointment appointment, string practitionerId) => FormerRolesOf(appointment, practitionerId).Any(former => connection.Roles.Where(role => role.PractitionerId == former.PractitionerId).All(role => role.IsArchived));

    private IEnumerable<HalaxyRole> FormerRolesOf(HalaxyAppointment appointment, string practitionerId) => appointment.RoleIds.Select(role => connection.FormerRoleOf(role, practitionerId)).OfType<HalaxyRole>();

    /// <summary>Whether somebody takes part whose diary is not here.</summary>
    public bool HasOthers(HalaxyAppointment appointment) => appointment.RoleIds.Any(role => connection.PractitionerOf(role) is null);

    /// <summary>An appointment with its patients by number.</summary>
    public MirroredAppointment Of(HalaxyAppointment appointment)
    {
        var isPatient = appointment.Patients.Count > 0;
        return new MirroredAppointment(appointment.Id, appointment.Start, appointment.End)
        {
            Patients = [.. Coming(appointment).Select(patient => Numbered(patient.PatientId)).Distinct()],
            Type = isPatient ? TypeOf(appointment) : null,
            Status = StatusOf(appointment),
            // always the same one, in whatever order Halaxy lists them
            Location = connection.Roles.Where(role => appointment.RoleIds.Contains(role.Id) && role.Clinic.Length > 0).MinBy(role => role.Id, StringComparer.Ordinal)?.Clinic,
            Comments = appointment.Comments.Length > 0 ? appointment.Comments : null,
            Invoice = appointment.Patients.Any(patient => patient.HasInvoice) ? InvoiceThere : null,
        };
    }

    // of a group those who come; when nobody does, those who would have
    private static IEnumerable<HalaxyAppointment.Participation> Coming(HalaxyAppointment appointment) =>
        appointment.TakesPlace ? appointment.Patients.Where(patient => !patient.IsCancelled) : appointment.Patients;

    /// <summary>It as a practitioner's diary has it: with the names that are known, where they need any.</summary>
    public MirroredAppointment For(string practitionerId, MirroredAppointment there) => there with { Patients = PatientsFor(practitionerId, there.Patients.Select(patient => patient.Reference)) };

    /// <summary>Patients as a practitioner's diary has them.</summary>
    public IReadOnlyList<Patient> PatientsFor(string practitionerId, IEnumerable<string> ids) =>
        needsNames(practitionerId) ? [.. ids.Select(id => names.GetValueOrDefault(id) ?? Numbered(id))] : [.. ids.Select(Numbered)];

    private static Patient Numbered(string id) => new(id, "Client", id);

    private string TypeOf(HalaxyAppointment appointment) => connection.Services.FirstOrDefault(service => service.Id == appointment.ServiceId)?.Name is { Length: > 0 } name ? name : AnyType;

    private static AppointmentStatus StatusOf(HalaxyAppointment appointment)
    {
        if (!appointment.TakesPlace) return AppointmentStatus.Cancelled;
        var all = appointment.Patients.Where(patient => !patient.IsCancelled).Select(patient => StatusOf(patient.Status)).ToList();
        // a group takes place as soon as somebody is there; until then it is as far as the one who is least far
        return all.Count == 0 ? AppointmentStatus.Booked : all.MinBy(static status => status switch
        {
            AppointmentStatus.Attended => 0,
            AppointmentStatus.Booked => 1,
            AppointmentStatus.Confirmed => 2,
            AppointmentStatus.DidNotAttend => 3,
            _ => 4,
        });
    }

    /// <summary>What a patient's status means. The words are those of Halaxy's pages, with what it charges in brackets; one that is not known leaves the appointment in the calendar.</summary>
    public static AppointmentStatus StatusOf(string status) => status.ToUpperInvariant() switch
    {
        var word when word.StartsWith("CANCELLED", StringComparison.Ordinal) => AppointmentStatus.Cancelled,
        "CONFIRMED" => AppointmentStatus.Confirmed,
        "REJECTED" => AppointmentStatus.Rejected,
        var word when word.StartsWith("ATTENDED", StringComparison.Ordinal) => AppointmentStatus.Attended,
        var word when word.StartsWith("DID NOT ATTEND", StringComparison.Ordinal) || word.StartsWith("NON-ATTEND", StringComparison.Ordinal) => AppointmentStatus.DidNotAttend,
        _ => AppointmentStatus.Booked,
    };
}
