using Calendaring.Store;
using NodaTime;
using Practice.Appointments;
using Practice.Audit;
using Practice.Hx;

namespace Practice.Diaries;

/// <summary>Appointments that do not take place.</summary>
public static class Cancelling
{
    /// <summary>
    /// Cancels an appointment, one occurrence, an occurrence and all that follow, or a whole series. A personal appointment is deleted,
    /// whatever the choice. A patient appointment with a clinical note, or with an invoice that is not to be deleted, cannot be deleted.
    /// </summary>
    /// <returns>The id of what was cancelled: that of the new series after a split.</returns>
    /// <exception cref="DiaryException">There is no such appointment or occurrence, its version is another, it is cancelled already, the choice does not fit it, it is kept in Halaxy, or it could not be written.</exception>
    public static Task<string> CancelAsync(this Diary diary, AppointmentTarget target, CancelChoice choice, SeriesScope scope = SeriesScope.All)
    {
        ArgumentNullException.ThrowIfNull(target);
        return diary.ChangeAsync(async (desk, now) =>
        {
            var held = await desk.FindAsync(target);
            held.CheckLive();
            ConnectedCheck.Cancel(desk, held, choice);
            if (!held.IsPatient) choice = choice == CancelChoice.NonAttendance ? throw NobodyToAttend() : CancelChoice.Delete;
            if (scope == SeriesScope.All || !held.Editable.Recurring) return await CancelWholeAsync(diary, desk, now, held, choice);
            var key = target.Occurrence ?? throw new DiaryException(DiaryFault.Invalid, "Say which occurrence of the series is meant.");
            held.CheckThere(key);
            if (scope == SeriesScope.ThisOne) return CancelOne(diary, desk, now, held, key, choice);
            return key > held.Editable.Start.Local ? CancelFollowing(diary, desk, now, held, key, choice) : await CancelWholeAsync(diary, desk, now, held, choice);
        });
    }

    private static async Task<Change> CancelWholeAsync(Diary diary, Desk desk, Instant now, HeldAppointment held, CancelChoice choice)
    {
        if (choice == CancelChoice.Delete)
        {
            CheckDeletable(held.Details, held.Details.Occurrences);
            return new Change(held.Id, [held.Delete(), .. await RejectedEdit.ForgetAsync(desk.Snapshot, diary.KeyOf(held.Id)), diary.Note(AuditAction.Deleted, held.Id, now)]);
        }

        if (choice == CancelChoice.NonAttendance && held.Series is { Recurring: true }) throw OneAtATime();
        held.Details = Cancel(held.Details, choice, now);
        if (held.Series is { } series) EventStamp.Put(series, now);
        return new Change(held.Id, held.Put(published: choice == CancelChoice.NonAttendance && held.Row.Published), diary.Note(ActionOf(choice), held.Id, now));
    }

    private static Change CancelOne(Diary diary, Desk desk, Instant now, HeldAppointment held, LocalDateTime key, CancelChoice choice)
    {
        var series = held.Editable;
        var record = held.Details.Occurrence(key) ?? new OccurrenceRecord(key);
        if (choice == CancelChoice.NonAttendance)
        {
            held.Details = held.Details.With(record with { Status = AppointmentStatus.DidNotAttend });
        }
        else if (choice == CancelChoice.Delete)
        {
            CheckDeletable(new AppointmentDetails(), [record]);
            series.RemoveOverride(key);
            series.Exclude(key);
            held.Details = held.Details.Without(key);
        }
        else
        {
            if (choice == CancelChoice.CancelAndDeleteInvoice) held.Details = held.Details.With(record with { Invoice = null });
            held.Details = Removal.One(series, held.Details, key, kept: null, outside: false);
        }

        EventStamp.Put(series.Master, now);
        return new Change(held.Id, held.Put(desk.PublishedAfterEdit(held)), diary.Note(ActionOf(choice), held.Id, now, key));
    }

    private static Change CancelFollowing(Diary diary, Desk desk, Instant now, HeldAppointment held, LocalDateTime key, CancelChoice choice)
    {
        if (choice == CancelChoice.NonAttendance) throw OneAtATime();
        var uid = diary.NewId().ToString();
        var (tail, head, tailDetails) = SeriesSplit.At(held.Editable, held.Details, key, uid);
        if (choice == CancelChoice.Delete) CheckDeletable(tailDetails, tailDetails.Occurrences);
        held.Details = AdditionLevels.Prune(held.Content, choice == CancelChoice.Delete ? head with { FollowedBy = null } : head);
        EventStamp.Put(held.Editable, now);
        List<StoreOperation> operations = [held.Put(desk.PublishedAfterEdit(held)), diary.Note(ActionOf(choice), held.Id, now, key, static entry => entry with { AndFollowing = true })];
        if (choice == CancelChoice.Delete) return new Change(held.Id, operations);
        operations.Add(desk.PutNew(uid, tail, AdditionLevels.Prune(tail.Object, Cancel(tailDetails, choice, now)), published: false));
        return new Change(uid, operations);
    }

    private static AppointmentDetails Cancel(AppointmentDetails details, CancelChoice choice, Instant now) => choice switch
    {
        CancelChoice.NonAttendance => details with { Status = AppointmentStatus.DidNotAttend },
        CancelChoice.CancelAndDeleteInvoice => details with
        {
            Status = AppointmentStatus.Cancelled,
            CancelledAt = now,
            RemovedOutside = false,
            Invoice = null,
            Kept = null,
            Occurrences = [.. details.Occurrences.Select(occurrence => occurrence with { Invoice = null })],
        },
        _ => details with { Status = AppointmentStatus.Cancelled, CancelledAt = now, RemovedOutside = false, Kept = null },
    };

    private static void CheckDeletable(AppointmentDetails details, IReadOnlyList<OccurrenceRecord> occurrences)
    {
        if (details.Note is not null || occurrences.Any(occurrence => occurrence.Note is not null))
            throw new DiaryException(DiaryFault.Conflict, "A clinical note is linked: the appointment can be cancelled, but not deleted.");
        if (details.Invoice is not null || occurrences.Any(occurrence => occurrence.Invoice is not null))
            throw new DiaryException(DiaryFault.Conflict, "An invoice is linked: cancel and delete the invoice, or unlink it first.");
    }

    private static AuditAction ActionOf(CancelChoice choice) => choice switch
    {
        CancelChoice.NonAttendance => AuditAction.DidNotAttend,
        CancelChoice.Delete => AuditAction.Deleted,
        _ => AuditAction.Cancelled,
    };

    private static DiaryException OneAtATime() => new(DiaryFault.Invalid, "A patient misses one appointment at a time: choose only this one.");

    private static DiaryException NobodyToAttend() => new(DiaryFault.Invalid, "Nobody attends a personal appointment: cancel it.");
}
