using Calendaring.ICalendar;
using Practice.Appointments;
using Practice.Audit;
using Practice.Hx;

namespace Practice.Diaries;

/// <summary>Personal appointments that become patient appointments.</summary>
public static class Converting
{
    /// <summary>
    /// Turns a personal appointment into a patient appointment: the only way there is (R4). Its title goes into the comments.
    /// </summary>
    /// <param name="diary">The diary.</param>
    /// <param name="target">The personal appointment.</param>
    /// <param name="patients">The patients; null for what the series has that it continues, comments included.</param>
    /// <param name="type">The appointment type; null for that of the series it continues.</param>
    /// <param name="fee">The fee; null for none, or for that of the series it continues.</param>
    /// <returns>The appointment's id.</returns>
    /// <exception cref="DiaryException">There is no such appointment, its version is another, it is a patient appointment or private, something in it is not valid, the diary is kept in Halaxy, or it could not be written.</exception>
    public static Task<string> ConvertToPatientAsync(
        this Diary diary, AppointmentTarget target, IReadOnlyList<Patient>? patients = null, string? type = null, decimal? fee = null)
    {
        ArgumentNullException.ThrowIfNull(target);
        return diary.ChangeAsync(async (desk, now) =>
        {
            var held = await desk.FindAsync(target with { Occurrence = null });
            ConnectedCheck.Booking(desk);
            if (held.IsPatient) throw new DiaryException(DiaryFault.Conflict, "It is a patient appointment already.");
            diary.CheckPrivate(held);
            var series = held.Editable;
            if (held.Content.Events().Any(component => !series.IsShort(component)))
                throw new DiaryException(DiaryFault.Invalid, "A patient appointment lasts at most a year: shorten it first.");
            var continued = patients is null && held.Details.Follows is { } id ? await desk.FindReadableAsync(id) : null;
            var named = patients ?? continued?.Details.Patients ?? [];
            var kind = type?.Trim() ?? continued?.Details.Type;
            DiaryCheck.Patients(named);
            DiaryCheck.Fee(desk.Practice, fee);
            DiaryCheck.Text(kind ?? "", "an appointment type", required: true);
            held.Details = Convert(held, named, kind!, fee ?? continued?.Details.Fee);
            foreach (var component in held.Content.Events())
            {
                if (continued is null) KeepTitle(component);
                else if (component.Find("DESCRIPTION") is null && continued.Series?.Master.Find("DESCRIPTION") is { } comments) component.Set(comments);
            }

            AppointmentWriter.WritePatients(series, held.Details);
            EventStamp.Put(series, now);
            return new Change(held.Id, held.Put(desk.PublishedAfterEdit(held)), diary.Note(AuditAction.Converted, held.Id, now));
        });
    }

    /// <summary>Of what devices wrote, they keep what has no free text: nobody can say what is in a text.</summary>
    private static AppointmentDetails Convert(HeldAppointment held, IReadOnlyList<Patient> patients, string type, decimal? fee) =>
        Conversion.Of(held.Content, held.Details) with { Kind = AppointmentKind.Patient, Patients = patients, Type = type, Fee = fee, Status = AppointmentStatus.Booked };

    private static void KeepTitle(Component component)
    {
        var title = component.Find("SUMMARY")?.Text ?? "";
        if (title.Length == 0) return;
        var comments = component.Find("DESCRIPTION")?.Text ?? "";
        component.Set(ContentLine.CreateText("DESCRIPTION", comments.Length == 0 ? title : $"{title}\n{comments}"));
    }
}
