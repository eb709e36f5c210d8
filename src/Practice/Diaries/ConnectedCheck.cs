using Practice.Appointments;

namespace Practice.Diaries;

/// <summary>What a diary that mirrors Halaxy leaves to Halaxy: it is the truth there, and what it cannot be told is not done here either.</summary>
internal static class ConnectedCheck
{
    /// <summary>A patient appointment is made in Halaxy, with its invoice, note and reminders.</summary>
    public static void Booking(Desk desk)
    {
        if (desk.IsConnected) throw new DiaryException(DiaryFault.Conflict, "This diary is kept in Halaxy: patient appointments are booked there, and appear here.");
    }

    /// <summary>Nor is a patient appointment given by somebody whose diary is not there to somebody whose diary is: Halaxy would not know of it.</summary>
    public static void Giving(Desk desk, Desk there, HeldAppointment held)
    {
        if (held.IsPatient && !desk.IsConnected && there.IsConnected)
            throw new DiaryException(DiaryFault.Conflict, "The other practitioner’s diary is kept in Halaxy: book the patient there, and cancel the appointment here.");
    }

    /// <summary>Of an appointment that Halaxy has, times and comments can be changed here.</summary>
    public static void Edit(Desk desk, HeldAppointment held, AppointmentEdit edit)
    {
        if (!IsThere(desk, held)) return;
        var others = edit with { AllDay = edit.AllDay == true ? true : null, Start = null, Later = null, Length = null, Comments = null };
        if (others != new AppointmentEdit()) throw new DiaryException(DiaryFault.Conflict, "This appointment is kept in Halaxy: its times and comments can be changed here, and the rest there.");
    }

    /// <summary>A patient appointment that Halaxy has can be cancelled here until it has taken place; what else may become of it is decided there.</summary>
    public static void Cancel(Desk desk, HeldAppointment held, CancelChoice choice)
    {
        if (!IsThere(desk, held) || !held.IsPatient) return;
        if (choice != CancelChoice.Cancel)
            throw new DiaryException(DiaryFault.Conflict, "This appointment is kept in Halaxy: it can be cancelled here. Its invoice, non-attendance and deletion are done there.");
        if (held.Details.Status is AppointmentStatus.Attended or AppointmentStatus.DidNotAttend)
            throw new DiaryException(DiaryFault.Conflict, "In Halaxy, a patient attended this appointment or missed it: it can only be cancelled there.");
    }

    /// <summary>Invoices, clinical notes and who has an appointment are Halaxy's.</summary>
    public static void Other(Desk desk, HeldAppointment held)
    {
        if (IsThere(desk, held)) throw new DiaryException(DiaryFault.Conflict, "This appointment is kept in Halaxy: do this there.");
    }

    private static bool IsThere(Desk desk, HeldAppointment held) => desk.IsConnected && held.Details.HalaxyId is not null;
}
