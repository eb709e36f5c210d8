using NodaTime;
using Practice.Appointments;

namespace Practice.Diaries;

/// <summary>What is asked of an edit before anything is changed.</summary>
internal static class EditCheck
{
    /// <summary>What it says is something that an appointment can have.</summary>
    public static void Input(AppointmentEdit edit)
    {
        DiaryCheck.Text(edit.Title, "a title", required: edit.Title is not null);
        DiaryCheck.Text(edit.Type, "an appointment type", required: edit.Type is not null);
        DiaryCheck.Text(edit.Location, "a location");
        DiaryCheck.Text(edit.Comments, "comments");
        DiaryCheck.Colour(edit.Colour);
        if (edit.Patients is not null) DiaryCheck.Patients(edit.Patients);
        if (edit.Status is AppointmentStatus.Cancelled or AppointmentStatus.Rejected)
            throw new DiaryException(DiaryFault.Invalid, "An appointment cannot be cancelled by editing its status: cancel it instead.");
    }

    /// <summary>Its times are some that there are.</summary>
    public static void Times(Desk desk, HeldAppointment held, LocalDateTime? occurrence, AppointmentEdit edit)
    {
        var single = occurrence is { } key ? held.Editable.Overrides.GetValueOrDefault(key) : null;
        var allDay = edit.AllDay ?? held.Editable.TimesOf(single ?? held.Editable.Master).Start.IsDate;
        if (edit.Start is { } start) DiaryCheck.Start(start, allDay, desk.Zone);
        if (edit.Length is { } length) DiaryCheck.Length(length, allDay);
    }

    /// <summary>It changes what an appointment of that kind has.</summary>
    public static void Kind(HeldAppointment held, AppointmentEdit edit)
    {
        if (held.IsPatient && (edit.Title ?? edit.Colour) is not null)
            throw new DiaryException(DiaryFault.Invalid, "A patient appointment has no title or colour of its own: it shows its type and patients.");
        if (held.IsPatient && edit.Private is not null)
            throw new DiaryException(DiaryFault.Invalid, "A patient appointment cannot be made private: the privacy level of each device and link says what is shown of it.");
        if (!held.IsPatient && (edit.Patients is not null || edit.Type is not null || edit.Fee is not null || edit.WithoutFee || edit.Status is not null))
        {
            throw new DiaryException(
                DiaryFault.Invalid, "A personal appointment has no patients, type, fee or status: turn it into a patient appointment first.");
        }
    }
}
