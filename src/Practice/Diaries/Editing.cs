using NodaTime;
using Practice.Appointments;
using Practice.Audit;
using Practice.Hx;

namespace Practice.Diaries;

/// <summary>Edits of appointments.</summary>
public static class Editing
{
    /// <summary>
    /// Edits an appointment, one occurrence of a series, an occurrence and all that follow (the series is split), or a whole series. A new
    /// start of a whole series is that of the occurrence named, or of the first one.
    /// </summary>
    /// <param name="diary">The diary.</param>
    /// <param name="target">Which appointment.</param>
    /// <param name="edit">What changes.</param>
    /// <param name="scope">How much of a series.</param>
    /// <param name="stayed">Is told how many sessions of a series that was moved stayed where they were: they are over, or have an invoice or a clinical note.</param>
    /// <returns>The id of the edited appointment: that of the new series after a split.</returns>
    /// <exception cref="DiaryException">There is no such appointment or occurrence, its version is another, it is cancelled, the edit is not valid or does not fit it, it is kept in Halaxy, or it could not be written.</exception>
    public static Task<string> EditAsync(this Diary diary, AppointmentTarget target, AppointmentEdit edit, SeriesScope scope = SeriesScope.All, Action<int>? stayed = null)
    {
        ArgumentNullException.ThrowIfNull(target);
        ArgumentNullException.ThrowIfNull(edit);
        EditCheck.Input(edit);
        return diary.ChangeAsync(async (desk, now) =>
        {
            var held = await desk.FindAsync(target);
            held.CheckLive();
            EditCheck.Kind(held, edit);
            ConnectedCheck.Edit(desk, held, edit);
            DiaryCheck.Fee(desk.Practice, edit.Fee, held.Details.Fee);
            EditCheck.Times(desk, held, target.Occurrence, edit);
            if (edit is not { Title: null, Location: null, Comments: null, Colour: null, Private: null }) diary.CheckPrivate(held);
            if (held.Editable.Recurring && scope != SeriesScope.All)
            {
                var key = target.Occurrence ?? throw new DiaryException(DiaryFault.Invalid, "Say which occurrence of the series is meant.");
                held.CheckThere(key);
                if (scope == SeriesScope.ThisOne) return EditOne(diary, desk, now, held, key, edit);
                if (key > held.Editable.Start.Local) return await EditFollowingAsync(diary, desk, now, held, key, edit, stayed);
            }

            var before = held.Editable.SpanOf(held.Editable.Master);
            var start = held.Editable.Start;
            var status = held.Details.Status;
            var whole = WholeEdit.Of(desk, now, held.Editable, held.Details, target.Occurrence, edit);
            held.Details = whole.Details;
            stayed?.Invoke(whole.Stayed.Count);
            EventStamp.Put(held.Editable, now);
            var after = held.Editable.SpanOf(held.Editable.Master);
            var action = after == before ? AuditAction.Edited : AuditAction.Moved;
            var rejected = held.Editable.Recurring && held.Editable.Start.Local != start.Local
                ? await RejectedEdit.MoveAsync(desk.Snapshot, diary.KeyOf(held.Id), whole.Place)
                : [];
            return new Change(held.Id, [held.Put(desk.PublishedAfterEdit(held)), .. rejected, diary.Note(action, held.Id, now, with: entry => entry.WithTimes(before, after).WithStatus(status, held.Details.Status))]);
        });
    }

    private static Change EditOne(Diary diary, Desk desk, Instant now, HeldAppointment held, LocalDateTime key, AppointmentEdit edit)
    {
        if (edit.Patients is not null || edit.Type is not null || edit.Fee is not null || edit.WithoutFee || edit.Repeat is not null || edit.StopsRepeating)
            throw new DiaryException(DiaryFault.Invalid, "Patients, type, fee and repeat belong to the series: change this one and all that follow, or the whole series.");
        var series = held.Editable;
        if (edit.Private == false && EventFlags.IsPrivate(series.Master))
            throw new DiaryException(DiaryFault.Invalid, "The whole series is private, and so is each of its appointments: change this one and all that follow, or the whole series.");
        var action = AuditAction.Edited;
        Func<AuditEntry, AuditEntry> times = static entry => entry;
        if (edit is not { Start: null, Length: null, AllDay: null, Title: null, Location: null, Comments: null, Colour: null, Private: null })
        {
            if (!series.Overrides.ContainsKey(key)) held.Details = AdditionLevels.Inherit(AdditionLevels.Placed(held.Content, held.Details), key);
            var component = series.OverrideAt(key);
            var (start, from, until) = series.TimesOf(component);
            if (EditedTimes.TogglesAllDay(start, edit))
            {
                var flipped = EditedTimes.Flipped(desk, start, series, edit);
                series.SetLines(component, EditedTimes.LinesOf(series, flipped, edit.Length ?? Duration.FromDays(1)), Series.Defining(desk.Zone, flipped.Local));
            }
            else if (edit.Start is not null || edit.Length is not null)
            {
                series.SetTimes(component, edit.Start is not null ? EditedTimes.InForm(desk, start, from, series, edit) : start, edit.Length ?? until - from);
            }

            var after = series.SpanOf(component);
            if (after != (from, until)) action = AuditAction.Moved;
            times = entry => entry.WithTimes((from, until), after);
            AppointmentWriter.WriteTexts(component, edit);
            held.Details = AppointmentWriter.WritePrivacy(series, [component], held.Details, edit);
            EventStamp.Put(component, now);
        }

        if (edit.Status is { } status)
        {
            var record = held.Details.Occurrence(key) ?? new OccurrenceRecord(key);
            var before = record.Status ?? held.Details.Status;
            held.Details = held.Details.With(record with { Status = status });
            var moved = times;
            times = entry => moved(entry).WithStatus(before, status);
        }

        return new Change(held.Id, held.Put(desk.PublishedAfterEdit(held)), diary.Note(action, held.Id, now, key, times));
    }

    private static async Task<Change> EditFollowingAsync(Diary diary, Desk desk, Instant now, HeldAppointment held, LocalDateTime key, AppointmentEdit edit, Action<int>? stayed)
    {
        var uid = diary.NewId().ToString();
        var (tail, head, tailDetails) = SeriesSplit.At(held.Editable, held.Details, key, uid);
        held.Details = AdditionLevels.Prune(held.Content, head);
        var whole = WholeEdit.Of(desk, now, tail, tailDetails, key, edit);
        tailDetails = AdditionLevels.Prune(tail.Object, whole.Details);
        stayed?.Invoke(whole.Stayed.Count);
        EventStamp.Put(held.Editable, now);
        EventStamp.Put(tail, now);
        var published = desk.PublishedAfterEdit(held);
        var rejected = await RejectedEdit.MoveAsync(desk.Snapshot, diary.KeyOf(held.Id), whole.Place, (key, uid));
        return new Change(
            uid,
            [
                held.Put(published),
                desk.PutNew(uid, tail, tailDetails, published),
                .. rejected,
                diary.Note(AuditAction.Split, held.Id, now, key),
                diary.Note(AuditAction.Edited, uid, now),
            ]);
    }
}
