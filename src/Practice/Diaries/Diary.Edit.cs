using Calendaring.ICalendar;
using NodaTime;
using Practice.Appointments;
using Practice.Audit;
using Practice.Hx;

namespace Practice.Diaries;

public sealed partial class Diary
{
    /// <summary>
    /// Edits an appointment, one occurrence of a series, an occurrence and all that follow (the series is split), or a whole series. A new
    /// start of a whole series is that of the occurrence named, or of the first one.
    /// </summary>
    /// <param name="target">Which appointment.</param>
    /// <param name="edit">What changes.</param>
    /// <param name="scope">How much of a series.</param>
    /// <param name="stayed">Is told how many sessions of a series that was moved stayed where they were: they are over, or have an invoice or a clinical note.</param>
    /// <returns>The id of the edited appointment: that of the new series after a split.</returns>
    public Task<string> EditAsync(AppointmentTarget target, AppointmentEdit edit, SeriesScope scope = SeriesScope.All, Action<int>? stayed = null)
    {
        ArgumentNullException.ThrowIfNull(target);
        ArgumentNullException.ThrowIfNull(edit);
        Check(edit);
        return ChangeAsync(async (desk, now) =>
        {
            var held = await desk.FindAsync(target);
            CheckLive(held);
            CheckKind(held, edit);
            DiaryCheck.Fee(desk.Practice, edit.Fee, held.Details.Fee);
            CheckTimes(desk, held, target.Occurrence, edit);
            if (edit is not { Title: null, Location: null, Comments: null, Colour: null }) CheckPrivate(held);
            if (held.Editable.Recurring && scope != SeriesScope.All)
            {
                var key = target.Occurrence ?? throw new DiaryException(DiaryFault.Invalid, "Say which occurrence of the series is meant.");
                CheckThere(held, key);
                if (scope == SeriesScope.ThisOne) return EditOne(desk, now, held, key, edit);
                if (key > held.Editable.Start.Local) return await EditFollowingAsync(desk, now, held, key, edit, stayed);
            }

            var before = held.Editable.SpanOf(held.Editable.Master);
            var start = held.Editable.Start;
            var status = held.Details.Status;
            var whole = EditWhole(desk, now, held.Editable, held.Details, target.Occurrence, edit);
            held.Details = whole.Details;
            stayed?.Invoke(whole.Stayed.Count);
            EventStamp.Put(held.Editable, now);
            var after = held.Editable.SpanOf(held.Editable.Master);
            var action = after == before ? AuditAction.Edited : AuditAction.Moved;
            var untaken = held.Editable.Recurring && held.Editable.Start.Local != start.Local
                ? await RejectedEdit.MoveAsync(desk.Snapshot, practitionerId, held.Id, whole.Place)
                : [];
            return new Change(held.Id, [held.Put(PublishedAfterEdit(desk, held)), .. untaken, Note(action, held.Id, now, with: entry => entry.WithTimes(before, after).WithStatus(status, held.Details.Status))]);
        });
    }

    private Change EditOne(Desk desk, Instant now, HeldAppointment held, LocalDateTime key, AppointmentEdit edit)
    {
        if (edit.Patients is not null || edit.Type is not null || edit.Fee is not null || edit.WithoutFee || edit.Repeat is not null || edit.StopsRepeating)
            throw new DiaryException(DiaryFault.Invalid, "Patients, type, fee and repeat belong to the series: change this and following, or all.");
        var series = held.Editable;
        var action = AuditAction.Edited;
        Func<AuditEntry, AuditEntry> times = static entry => entry;
        if (edit is not { Start: null, Length: null, AllDay: null, Title: null, Location: null, Comments: null, Colour: null })
        {
            if (!series.Overrides.ContainsKey(key)) held.Details = AdditionLevels.Inherit(AdditionLevels.Placed(held.Content, held.Details), key);
            var component = OverrideOf(series, key);
            var (start, from, until) = series.TimesOf(component);
            if (Flips(start, edit))
            {
                var flipped = Flipped(desk, start, series, edit);
                series.SetLines(component, LinesOf(series, flipped, edit.Length ?? Duration.FromDays(1)), Series.Defining(desk.Zone, flipped.Local));
            }
            else if (edit.Start is not null || edit.Length is not null)
            {
                series.SetTimes(component, edit.Start is not null ? InForm(desk, start, from, series, edit) : start, edit.Length ?? until - from);
            }

            var after = series.SpanOf(component);
            if (after != (from, until)) action = AuditAction.Moved;
            times = entry => entry.WithTimes((from, until), after);
            WriteTexts(component, edit);
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

        return new Change(held.Id, held.Put(PublishedAfterEdit(desk, held)), Note(action, held.Id, now, key, times));
    }

    private static Component OverrideOf(Series series, LocalDateTime key)
    {
        if (series.Overrides.TryGetValue(key, out var component)) return component;
        component = series.MakeOverride(key);
        series.AddOverride(component);
        return component;
    }

    private async Task<Change> EditFollowingAsync(Desk desk, Instant now, HeldAppointment held, LocalDateTime key, AppointmentEdit edit, Action<int>? stayed)
    {
        var uid = Guid.NewGuid().ToString();
        var (tail, head, tailDetails) = SeriesSplit.At(held.Editable, held.Details, key, uid);
        held.Details = AdditionLevels.Prune(held.Content, head);
        var whole = EditWhole(desk, now, tail, tailDetails, key, edit);
        tailDetails = AdditionLevels.Prune(tail.Object, whole.Details);
        stayed?.Invoke(whole.Stayed.Count);
        EventStamp.Put(held.Editable, now);
        EventStamp.Put(tail, now);
        var published = PublishedAfterEdit(desk, held);
        var untaken = await RejectedEdit.MoveAsync(desk.Snapshot, practitionerId, held.Id, whole.Place, (key, uid));
        return new Change(
            uid,
            [
                held.Put(published),
                PutNew(desk, uid, tail, tailDetails, published),
                .. untaken,
                Note(AuditAction.Split, held.Id, now, key),
                Note(AuditAction.Edited, uid, now),
            ]);
    }

    /// <summary>Edits master and overrides; an override keeps the times and texts that it was given by itself.</summary>
    private static Whole EditWhole(
        Desk desk, Instant now, Series series, AppointmentDetails details, LocalDateTime? reference, AppointmentEdit edit)
    {
        if (edit.StopsRepeating) SeriesEnd.After(series, details, reference ?? throw new DiaryException(DiaryFault.Invalid, "Say which occurrence is the last of the series."));
        var moved = edit.Start is not null || edit.Length is not null || Flips(series.Start, edit)
            ? MoveWhole(desk, now, series, details, reference, edit)
            : new Whole(details, static key => key, []);
        details = moved.Details;
        foreach (var component in series.Overrides.Values) WriteTexts(component, Shared(edit, series.Master, component));
        WriteTexts(series.Master, edit);
        details = details with
        {
            Patients = edit.Patients ?? details.Patients,
            Type = edit.Type?.Trim() ?? details.Type,
            Fee = edit.WithoutFee ? null : edit.Fee ?? details.Fee,
            Status = edit.Status ?? details.Status,
        };
        if (edit.Repeat is { } repeat)
        {
            if (!series.Recurring && (series.Start.Kind == CalendarTimeKind.Utc || IsForeign(desk, series, details)))
            {
                if (RepeatedHour.IsLater(series.InstantOf(series.Start).InZone(desk.Zone))) CheckRepeats(series.Start);
                series.WriteInZone(desk.Zone);
            }

            series.Master.Set(ContentLine.Create("RRULE", repeat.ToRule(series.Start.Local, series.Zone, series.Start.IsDate)));
            foreach (var record in details.Occurrences)
            {
                // what has happened, or is linked to something, stays where it was
                var stays = !record.Removed && (record.Protected || record.Status is AppointmentStatus.Attended or AppointmentStatus.DidNotAttend);
                if (stays && !StillOccurs(series, record.Key)) series.AddDate(record.Key);
            }

            foreach (var key in moved.Stayed.Where(key => !StillOccurs(series, key)).ToList()) series.AddDate(key);

            foreach (var key in series.Overrides.Keys.Where(key => !StillOccurs(series, key)).ToList()) series.RemoveOverride(key);
        }

        if (details.Kind == AppointmentKind.Patient) AppointmentWriter.WritePatients(series, details);
        return moved with { Details = details };
    }

    /// <summary>What has become of a whole.</summary>
    /// <param name="Details">What is known of it.</param>
    /// <param name="Place">Where its occurrences are now.</param>
    /// <param name="Stayed">Those of them that stayed where they were, by their new keys.</param>
    private sealed record Whole(AppointmentDetails Details, Func<LocalDateTime, LocalDateTime> Place, IReadOnlyList<LocalDateTime> Stayed);

    /// <summary>Whether somebody moved a patient appointment from another zone: it repeats in the practice's.</summary>
    private static bool IsForeign(Desk desk, Series series, AppointmentDetails details) =>
        details.Kind == AppointmentKind.Patient && series.Start.Kind == CalendarTimeKind.Zoned && !series.Zone.Equals(desk.Zone);

    /// <summary>Of an edit of the series, the texts in which an override says what the series says.</summary>
    private static AppointmentEdit Shared(AppointmentEdit edit, Component master, Component single)
    {
        bool Same(string name) => master.Find(name)?.Text == single.Find(name)?.Text;
        return new AppointmentEdit
        {
            Title = Same("SUMMARY") ? edit.Title : null,
            Location = Same("LOCATION") ? edit.Location : null,
            Comments = Same("DESCRIPTION") ? edit.Comments : null,
            Colour = Same("COLOR") ? edit.Colour : null,
        };
    }

    private static bool StillOccurs(Series series, LocalDateTime key)
    {
        var from = series.InstantOf(key);
        return series.OccurrencesOfRule(from, from + Duration.FromSeconds(1)).Contains(key);
    }

    private static Whole MoveWhole(
        Desk desk, Instant now, Series series, AppointmentDetails details, LocalDateTime? reference, AppointmentEdit edit)
    {
        var before = series.Start;
        var (_, from, until) = series.TimesOf(series.Master);
        var named = reference is { } key && series.Overrides.TryGetValue(key, out var component) ? series.TimesOf(component).Start.Local : reference ?? before.Local;
        var flips = Flips(before, edit);
        var there = flips ? Flipped(desk, before with { Local = named }, series, edit)
            : edit.Start is not null ? InForm(desk, before, from, series, edit)
            : before with { Local = named };
        if (series.Recurring && (flips || before.Kind == CalendarTimeKind.Zoned)) CheckRepeats(there);
        var zone = flips ? desk.Zone : series.Zone;
        var staying = StayingSessions.Of(series, details, now);
        if (staying.Refusal is { } refusal) throw new DiaryException(DiaryFault.Conflict, refusal);
        var move = SeriesMove.OfOccurrence(series, named, there, zone) ?? throw new DiaryException(DiaryFault.Conflict, SeriesMove.Refusal);
        var length = edit.Length ?? (flips ? Duration.FromDays(1) : until - from);
        details = AdditionLevels.Placed(series.Object, details);
        series.Move(move, LinesOf(series, move.Start, length), flips ? Series.Defining(desk.Zone, move.Start.Local) : series.Object.Calendar);
        (details, var stayed) = staying.PutBack(series, details.Move(place => move[place], now.InZone(series.Zone).LocalDateTime), move);
        return new Whole(details, place => move[place], stayed);
    }

    private static List<ContentLine> LinesOf(Series series, CalendarTime start, Duration length) => [ContentLine.CreateTime("DTSTART", start), series.EndLine(start, length)];

    /// <summary>Whether what takes whole days is to take a part of one, or the other way round.</summary>
    private static bool Flips(CalendarTime start, AppointmentEdit edit) => edit.AllDay is { } allDay && allDay != start.IsDate;

    private static CalendarTime Flipped(Desk desk, CalendarTime before, Series series, AppointmentEdit edit)
    {
        if (edit.AllDay == true) return CalendarTime.OfDate(edit.Start?.Date ?? series.InstantOf(before).InZone(desk.Zone).Date);
        if (edit.Start is not { } start || edit.Length is null) throw new DiaryException(DiaryFault.Invalid, "It takes whole days now: say when it starts, and how long it takes.");
        return AppointmentWriter.TimeOf(start, allDay: false, desk.Zone, edit.Later ?? false);
    }

    /// <summary>A new start, in the form and zone in which the series is written; in UTC where that form would be read as another moment.</summary>
    private static CalendarTime InForm(Desk desk, CalendarTime form, Instant before, Series series, AppointmentEdit edit)
    {
        var local = edit.Start!.Value;
        if (form.IsDate) return CalendarTime.OfDate(local.Date);
        if (form.Kind == CalendarTimeKind.Floating) return form with { Local = local };
        var meant = RepeatedHour.At(local, desk.Zone, edit.Later ?? RepeatedHour.IsLater(before.InZone(desk.Zone)));
        var there = form with { Local = meant.WithZone(series.ZoneOf(form)).LocalDateTime };
        return series.InstantOf(there) == meant.ToInstant() ? there : CalendarTime.OfUtc(meant.ToInstant());
    }

    private static void WriteTexts(Component component, AppointmentEdit edit)
    {
        AppointmentWriter.WriteText(component, "SUMMARY", edit.Title);
        AppointmentWriter.WriteText(component, "LOCATION", edit.Location);
        AppointmentWriter.WriteText(component, "DESCRIPTION", edit.Comments);
        AppointmentWriter.WriteText(component, "COLOR", edit.Colour);
    }

    private static void Check(AppointmentEdit edit)
    {
        DiaryCheck.Text(edit.Title, "a title", required: edit.Title is not null);
        DiaryCheck.Text(edit.Type, "an appointment type", required: edit.Type is not null);
        DiaryCheck.Text(edit.Location, "a location");
        DiaryCheck.Text(edit.Comments, "comments");
        DiaryCheck.Colour(edit.Colour);
        if (edit.Patients is not null) DiaryCheck.Patients(edit.Patients);
        if (edit.Status is AppointmentStatus.Cancelled or AppointmentStatus.Rejected)
            throw new DiaryException(DiaryFault.Invalid, "An appointment is cancelled, not edited into a cancelled one.");
    }

    private static void CheckTimes(Desk desk, HeldAppointment held, LocalDateTime? occurrence, AppointmentEdit edit)
    {
        var single = occurrence is { } key ? held.Editable.Overrides.GetValueOrDefault(key) : null;
        var allDay = edit.AllDay ?? held.Editable.TimesOf(single ?? held.Editable.Master).Start.IsDate;
        if (edit.Start is { } start) DiaryCheck.Start(start, allDay, desk.Zone);
        if (edit.Length is { } length) DiaryCheck.Length(length, allDay);
    }

    private static void CheckKind(HeldAppointment held, AppointmentEdit edit)
    {
        if (held.IsPatient && (edit.Title ?? edit.Colour) is not null)
            throw new DiaryException(DiaryFault.Invalid, "A patient appointment has no title or colour of its own: it shows its type and patients.");
        if (!held.IsPatient && (edit.Patients is not null || edit.Type is not null || edit.Fee is not null || edit.WithoutFee || edit.Status is not null))
        {
            throw new DiaryException(
                DiaryFault.Invalid, "A personal appointment has no patients, type, fee or status: turn it into a patient appointment first.");
        }
    }

    /// <summary>What has been taken out of a series cannot be edited or cancelled again.</summary>
    private static void CheckThere(HeldAppointment held, LocalDateTime key)
    {
        if (held.Details.Occurrence(key) is { Removed: true } || held.Editable.Exclusions.Contains(key))
            throw new DiaryException(DiaryFault.Conflict, "This occurrence is not in the calendar: restore it first.");
    }
}
