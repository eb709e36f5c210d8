using Practice.Appointments;

namespace Practice.Hx;

/// <summary>
/// The SUMMARY of a patient appointment, by level: <see cref="HxCalendar.BusyTitle"/>, the type, and then the type with initials, first names or full names.
/// </summary>
internal static class SummaryLine
{
    public static string Of(AppointmentDetails details, PrivacyLevel level)
    {
        if (level == PrivacyLevel.Busy) return HxCalendar.BusyTitle;
        var type = string.IsNullOrWhiteSpace(details.Type) ? "Appointment" : details.Type;
        if (level == PrivacyLevel.Type) return type;
        var names = string.Join(", ", details.Patients.Select(patient => Name(patient, level)).Where(name => name.Length > 0));
        return names.Length == 0 ? type : $"{type} · {names}";
    }

    private static string Name(Patient patient, PrivacyLevel level) => level switch
    {
        PrivacyLevel.Initials => patient.Initials,
        PrivacyLevel.FirstName => patient.FirstName,
        _ => patient.FullName,
    };
}
