using Calendaring.ICalendar;
using Calendaring.Recurrence;
using Calendaring.Store;
using NodaTime;
using Practice.Appointments;
using Practice.Audit;
using Practice.Hx;

namespace Practice.Diaries;

/// <summary>What is new in a diary.</summary>
public static class Adding
{
    /// <summary>Books a patient appointment. Double booking is allowed.</summary>
    /// <returns>The appointment's id.</returns>
    /// <exception cref="DiaryException">Something in it is not valid, the diary is kept in Halaxy, there is no such practitioner, or it could not be written.</exception>
    public static Task<string> BookAsync(this Diary diary, Booking booking)
    {
        ArgumentNullException.ThrowIfNull(booking);
        DiaryCheck.Patients(booking.Patients);
        DiaryCheck.Text(booking.Type, "an appointment type", required: true);
        DiaryCheck.Text(booking.Location, "a location");
        DiaryCheck.Text(booking.Comments, "comments");
        return diary.ChangeAsync((desk, now) =>
        {
            ConnectedCheck.Booking(desk);
            DiaryCheck.Fee(desk.Practice, booking.Fee);
            var details = new AppointmentDetails
            {
                Kind = AppointmentKind.Patient,
                Patients = booking.Patients,
                Type = booking.Type.Trim(),
                OnlineBooking = booking.OnlineBooking,
                Fee = booking.Fee,
            };
            var series = Make(diary, desk, now, booking.Start, booking.Later, booking.Length, allDay: false, booking.Repeat);
            Write(series.Master, booking.Location, booking.Comments);
            AppointmentWriter.WritePatients(series, details);
            return Task.FromResult(Add(diary, desk, now, series, details, AuditAction.Booked));
        });
    }

    /// <summary>
    /// Adds a personal appointment; with colleagues, a staff meeting: to all their diaries or to none. Each has one of their own, and does
    /// with it what they like.
    /// </summary>
    /// <param name="diary">The diary.</param>
    /// <param name="entry">The appointment.</param>
    /// <param name="colleagues">Practitioners of the practice group who have it too.</param>
    /// <returns>The id of the appointment in this diary.</returns>
    /// <exception cref="DiaryException">Something in it is not valid, one of the colleagues is not in the practice group or has no access, there is no such practitioner, or it could not be written.</exception>
    public static Task<string> AddPersonalAsync(this Diary diary, PersonalEntry entry, params IReadOnlyList<string> colleagues)
    {
        ArgumentNullException.ThrowIfNull(entry);
        ArgumentNullException.ThrowIfNull(colleagues);
        DiaryCheck.Text(entry.Title, "a title", required: true);
        DiaryCheck.Text(entry.Location, "a location");
        DiaryCheck.Text(entry.Comments, "comments");
        DiaryCheck.Colour(entry.Colour);
        return diary.ChangeAsync(async (desk, now) =>
        {
            var own = Add(diary, desk, now, entry);
            List<StoreOperation> operations = [.. own.Operations];
            foreach (var id in colleagues.Where(id => id != diary.PractitionerId).Distinct())
                operations.AddRange(Add(diary.Of(id), await desk.OpenColleagueAsync(id, now), now, entry).Operations);
            return new Change(own.Id, operations);
        });
    }

    private static Change Add(Diary diary, Desk desk, Instant now, PersonalEntry entry)
    {
        var series = Make(diary, desk, now, entry.Start, entry.Later, entry.Length, entry.AllDay, entry.Repeat);
        series.Master.Add(ContentLine.CreateText("SUMMARY", entry.Title.Trim()));
        Write(series.Master, entry.Location, entry.Comments);
        AppointmentWriter.WriteText(series.Master, "COLOR", entry.Colour);
        AppointmentWriter.WritePrivacy(series.Master, entry.Private);
        return Add(diary, desk, now, series, new AppointmentDetails(), AuditAction.Added);
    }

    private static Series Make(Diary diary, Desk desk, Instant now, LocalDateTime start, bool later, Duration length, bool allDay, RecurrenceRule? repeat)
    {
        DiaryCheck.Start(start, allDay, desk.Zone);
        DiaryCheck.Length(length, allDay);
        var written = AppointmentWriter.TimeOf(start, allDay, desk.Zone, later);
        if (repeat is not null) DiaryCheck.Repeats(written);
        var series = AppointmentWriter.Make(diary.NewId().ToString(), written, length, desk.Zone, now);
        if (repeat is not null) series.SetRule(Repeating.Checked(repeat, written, desk.Zone));
        return series;
    }

    private static void Write(Component component, string? location, string? comments)
    {
        AppointmentWriter.WriteText(component, "LOCATION", location);
        AppointmentWriter.WriteText(component, "DESCRIPTION", comments);
    }

    private static Change Add(Diary diary, Desk desk, Instant now, Series series, AppointmentDetails details, AuditAction action)
    {
        var uid = series.Master.Find("UID")!.RawValue;
        return new Change(uid, desk.PutNew(uid, series, details, desk.IsSetUp), diary.Note(action, uid, now));
    }
}
