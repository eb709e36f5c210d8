using Calendaring.ICalendar;
using Calendaring.Store;
using NodaTime;
using Practice.Appointments;
using Practice.Audit;
using Practice.Hx;

namespace Practice.Diaries;

/// <summary>What devices did to appointments, and undoing it.</summary>
public static class TurningBack
{
    /// <summary>More lines of history are not read for one page.</summary>
    private const int MostLines = 2000;

    private const int PageOfLines = 500;

    /// <summary>
    /// What devices cancelled, moved or deleted, and what they were refused, newest first.
    /// </summary>
    /// <param name="diary">The diary.</param>
    /// <param name="after">Only what is after this line of the audit log.</param>
    /// <param name="before">Only what is before this line.</param>
    /// <param name="most">At most so much.</param>
    /// <param name="cancelled">Ends the reading.</param>
    /// <returns>What was found, and before which line to go on; null when there is no more.</returns>
    /// <exception cref="DiaryException">There is no such practitioner.</exception>
    public static async Task<(IReadOnlyList<OutsideChange> Changes, long? Next)> ListOutsideAsync(this Diary diary, long after, long before, int most, CancellationToken cancelled = default)
    {
        using var snapshot = await diary.Store.OpenSnapshotAsync(cancelled);
        var desk = await diary.OpenAsync(snapshot);
        List<OutsideChange> found = [];
        for (var read = 0; read < MostLines; read += PageOfLines)
        {
            var lines = await AuditLine.ListLastAsync(snapshot, DiaryAudit.Log, diary.PractitionerId, before, PageOfLines);
            foreach (var line in lines)
            {
                if (line.Stored.Number <= after) return (found, null);
                before = line.Stored.Number;
                if (line.Entry is not { } entry || !IsOutside(entry)) continue;
                if (found.Count == most) return (found, before + 1);
                found.Add((await StandAsync(diary, desk, line.Stored.Number, entry)).Change);
            }

            if (lines.Count < PageOfLines) return (found, null);
        }

        return (found, before);
    }

    /// <summary>
    /// Undoes what a device did, or does what it was refused: as long as the appointment is as the device left it. Else it says so, and nothing is changed.
    /// </summary>
    /// <param name="diary">The diary.</param>
    /// <param name="number">The line of the audit log.</param>
    /// <returns>The id of the appointment.</returns>
    /// <exception cref="DiaryException">There is no such change, it has been undone or the appointment has changed since, or it could not be written.</exception>
    public static async Task<string> TurnBackAsync(this Diary diary, long number)
    {
        OutsideChange change;
        AppointmentTarget target;
        DateTimeZone zone;
        using (var snapshot = await diary.Store.OpenSnapshotAsync())
        {
            var desk = await diary.OpenAsync(snapshot);
            var line = await AuditLine.ListAsync(snapshot, DiaryAudit.Log, diary.PractitionerId, number - 1, 1) is [var first] ? first : null;
            if (line?.Entry is not { } entry || line.Stored.Number != number || !IsOutside(entry)) throw new DiaryException(DiaryFault.NotFound, "There is no such change of a device.");
            (change, target) = await StandAsync(diary, desk, number, entry);
            zone = desk.Zone;
        }

        var scope = target.Occurrence is null ? SeriesScope.All : SeriesScope.ThisOne;
        return change.Standing switch
        {
            OutsideStanding.Open when change.Entry.Action == AuditAction.Deleted => await PutBackAsync(diary, change.Entry),
            OutsideStanding.Open when change.Entry.Action == AuditAction.Cancelled => await diary.RestoreAsync(target),
            OutsideStanding.Open when !change.IsRefusal => await diary.EditAsync(target, Move(change.Entry.After!, change.Entry.Before!, zone), scope),
            OutsideStanding.Open when change.Entry.Wanted == AuditAction.Moved => await diary.EditAsync(target, Move(change.Entry.Before!, change.Entry.After!, zone), scope),
            OutsideStanding.Open => await diary.CancelAsync(target, CancelChoice.Cancel, scope),
            OutsideStanding.Done => throw new DiaryException(DiaryFault.Conflict, "This has been done already: nothing was changed."),
            OutsideStanding.Gone => throw new DiaryException(DiaryFault.Conflict, "The appointment is no longer in your diary: nothing was changed."),
            OutsideStanding.Changed => throw new DiaryException(DiaryFault.Conflict, "The appointment has changed since: nothing was done. Look at it in the calendar."),
            _ => throw new DiaryException(DiaryFault.Conflict, "What the device sent was not kept: enter it in the diary."),
        };
    }

    /// <summary>Puts a personal appointment back that was deleted outside.</summary>
    private static Task<string> PutBackAsync(Diary diary, AuditEntry entry) => diary.ChangeAsync(async (desk, now) =>
    {
        if (await RemovedAppointment.FindAsync(desk.Snapshot, diary.KeyOf(entry.AppointmentId!), entry.At, now) is not { } removed || await desk.Snapshot.FindRowByUidAsync(desk.Hx.Id, removed.Uid) is not null)
            throw new DiaryException(DiaryFault.Conflict, "This has been done already: nothing was changed.");
        var name = await desk.Snapshot.FindRowAsync(desk.Hx.Id, removed.Name) is null ? removed.Name : $"{Guid.NewGuid():N}.ics";
        var (content, details) = (CalendarObject.Parse(removed.Content), AppointmentDetails.Read(removed.StoredDetails()));
        if (Series.Of(content, desk.Zone) is { } series) EventStamp.Put(series, now);
        var put = new PutObject(
            desk.Hx.Id, name, content.ToText(), DiaryIndex.Of(content, details), Expectation.Absent, Published: desk.IsSetUp, removed.StoredDetails(), removed.Level);
        return new Change(removed.Uid, put, removed.Forget(diary.PractitionerId), diary.Note(AuditAction.Restored, removed.Uid, now));
    });

    private static string TitleOf(RemovedAppointment removed) => Series.Of(CalendarObject.Parse(removed.Content)) is { } series ? series.Master.Find("SUMMARY")?.Text ?? "" : "";

    // what was put again and stays cancelled waits for a decision, with what else was not taken
    private static bool IsOutside(AuditEntry entry) => entry.IsByDevice
        && entry is { AppointmentId: not null, Wanted: not AuditAction.Restored }
        && (entry.Action is AuditAction.Cancelled or AuditAction.Deleted or AuditAction.Refused || IsMove(entry));

    private static bool IsMove(AuditEntry entry) => entry is { Action: not AuditAction.Refused, Before: not null, After: not null };

    private static AppointmentEdit Move(AuditSpan from, AuditSpan to, DateTimeZone zone) => new()
    {
        Start = to.In(zone).From,
        Later = !to.Floats && RepeatedHour.IsLater(to.From.InZone(zone)),
        Length = to.Until - to.From,
        AllDay = from.AllDay == to.AllDay ? null : to.AllDay,
    };

    /// <summary>How it stands, and what its button is about.</summary>
    private static async Task<(OutsideChange Change, AppointmentTarget Target)> StandAsync(Diary diary, Desk desk, long number, AuditEntry entry)
    {
        var (id, occurrence) = entry is { AndFollowing: true, Rest: { } rest } ? (rest, (LocalDateTime?)null) : (entry.AppointmentId!, entry.Occurrence);
        if (await desk.FindReadableAsync(id) is not { } held || (occurrence is { } key && !held.Has(key)))
        {
            var standing = entry is { Action: AuditAction.Refused, Wanted: AuditAction.Added } ? OutsideStanding.NoButton : OutsideStanding.Gone;
            if (entry is not { Action: AuditAction.Deleted, Occurrence: null } || await RemovedAppointment.FindAsync(desk.Snapshot, diary.KeyOf(id), entry.At, diary.Now) is not { } removed)
                return (new OutsideChange(number, entry, standing, null), new AppointmentTarget(id, occurrence));
            return (new OutsideChange(number, entry, OutsideStanding.Open, null) { Title = TitleOf(removed) }, new AppointmentTarget(id));
        }

        var shown = await Surveying.ReadAsync(diary, desk, held.Row, occurrence);
        return (new OutsideChange(number, entry, StandingOf(held, entry, occurrence), shown), new AppointmentTarget(id, occurrence, held.Version));
    }

    private static OutsideStanding StandingOf(HeldAppointment held, AuditEntry entry, LocalDateTime? occurrence)
    {
        var record = occurrence is { } key ? held.Details.Occurrence(key) : null;
        var isOut = held.Details.IsWithdrawn || StaysDeleted.Is(held.Details) || (occurrence is { } one && held.IsOut(one));
        if (entry.Action == AuditAction.Cancelled)
        {
            if (!isOut) return OutsideStanding.Done;
            var byDevice = occurrence is null ? held.Details is { IsCancelled: true, RemovedOutside: true, Kept: null } : record is { Removed: true, RemovedOutside: true, Kept: null };
            return byDevice && (occurrence is null || !held.Details.IsWithdrawn) ? OutsideStanding.Open : OutsideStanding.Changed;
        }

        if (entry.Action == AuditAction.Deleted) return OutsideStanding.Changed;
        if (entry is { Action: AuditAction.Refused, Wanted: AuditAction.Cancelled or AuditAction.Deleted }) return isOut ? OutsideStanding.Done : OutsideStanding.Open;
        var (from, to) = entry.Action == AuditAction.Refused ? (entry.Before, entry.After) : (entry.After, entry.Before);
        if (from is null || to is null) return OutsideStanding.NoButton;
        if (isOut || held.Series is not { } series) return OutsideStanding.Changed;
        var now = occurrence is { } moved ? series.AuditSpanOf(moved) : series.AuditSpanOf(series.Master);
        return now == from ? OutsideStanding.Open : now == to ? OutsideStanding.Done : OutsideStanding.Changed;
    }
}
