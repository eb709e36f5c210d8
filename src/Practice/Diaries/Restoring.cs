using NodaTime;
using Practice.Appointments;
using Practice.Audit;
using Practice.Hx;

namespace Practice.Diaries;

/// <summary>What comes back into the calendar.</summary>
public static class Restoring
{
    /// <summary>
    /// Puts back into the calendar what was cancelled, or removed outside and kept (R6): the whole, or one occurrence of a series. An
    /// occurrence of a series that is out of the calendar as a whole comes back alone, as an appointment of its own.
    /// </summary>
    /// <returns>The id of the appointment that is in the calendar again.</returns>
    /// <exception cref="DiaryException">There is no such appointment or occurrence, its version is another, it is in the calendar, or it could not be written.</exception>
    public static Task<string> RestoreAsync(this Diary diary, AppointmentTarget target)
    {
        ArgumentNullException.ThrowIfNull(target);
        return diary.ChangeAsync(async (desk, now) =>
        {
            var held = await desk.FindAsync(target);
            var withdrawn = held.Details.IsWithdrawn;
            if (withdrawn && target.Occurrence is { } alone && held.Editable.Recurring) return RestoreAlone(diary, desk, now, held, alone);
            var occurrence = target.Occurrence is { } key && held.IsOut(key) ? target.Occurrence : null;
            if (occurrence is null && !withdrawn)
                throw new DiaryException(DiaryFault.Conflict, "The appointment is in the calendar: there is nothing to restore.");
            if (withdrawn) held.Details = held.Details.Restored();
            if (occurrence is { } single) held.Details = Removal.PutBack(held.Editable, held.Details, single);
            EventStamp.Put(held.Editable, now);
            return new Change(held.Id, held.Put(desk.PublishedAfterEdit(held)), diary.Note(AuditAction.Restored, held.Id, now, occurrence));
        });
    }

    private static Change RestoreAlone(Diary diary, Desk desk, Instant now, HeldAppointment held, LocalDateTime key)
    {
        var series = held.Editable;
        if (held.Details.Occurrence(key) is { Removed: true }) held.Details = Removal.PutBack(series, held.Details, key);
        held.CheckThere(key);
        var uid = diary.NewId().ToString();
        var (single, rest, details) = SeriesSplit.LiftOut(series, held.Details, key, uid);
        held.Details = AdditionLevels.Prune(held.Content, rest);
        details = AdditionLevels.Prune(single.Object, details.Restored());
        if (details.Kind == AppointmentKind.Patient) AppointmentWriter.WritePatients(single, details);
        EventStamp.Put(series, now);
        EventStamp.Put(single, now);
        return new Change(
            uid,
            held.Put(published: false),
            desk.PutNew(uid, single, details, published: desk.IsSetUp),
            diary.Note(AuditAction.Restored, held.Id, now, key),
            diary.Note(AuditAction.Restored, uid, now));
    }
}
