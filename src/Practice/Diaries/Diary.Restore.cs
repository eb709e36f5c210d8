using Calendaring.ICalendar;
using NodaTime;
using Practice.Appointments;
using Practice.Audit;
using Practice.Hx;

namespace Practice.Diaries;

public sealed partial class Diary
{
    /// <summary>
    /// Puts back into the calendar what was cancelled, or removed outside and kept (R6): the whole, or one occurrence of a series. An
    /// occurrence of a series that is out of the calendar as a whole comes back alone, as an appointment of its own.
    /// </summary>
    /// <returns>The id of the appointment that is in the calendar again.</returns>
    public Task<string> RestoreAsync(AppointmentTarget target)
    {
        ArgumentNullException.ThrowIfNull(target);
        return ChangeAsync(async (desk, now) =>
        {
            var held = await desk.FindAsync(target);
            var withdrawn = IsWithdrawn(held.Details);
            if (withdrawn && target.Occurrence is { } alone && held.Editable.Recurring) return RestoreAlone(desk, now, held, alone);
            var occurrence = target.Occurrence is { } key && IsOut(held, key) ? target.Occurrence : null;
            if (occurrence is null && !withdrawn)
                throw new DiaryException(DiaryFault.Conflict, "The appointment is in the calendar: there is nothing to restore.");
            if (withdrawn) held.Details = held.Details.Restored();
            if (occurrence is { } single) held.Details = Withdrawal.PutBack(held.Editable, held.Details, single);
            EventStamp.Put(held.Editable, now);
            return new Change(held.Id, held.Put(PublishedAfterEdit(desk, held)), Note(AuditAction.Restored, held.Id, now, occurrence));
        });
    }

    private static bool IsOut(HeldAppointment held, LocalDateTime key) => held.Details.Occurrence(key) is { Removed: true } || held.Editable.Exclusions.Contains(key);

    private Change RestoreAlone(Desk desk, Instant now, HeldAppointment held, LocalDateTime key)
    {
        var series = held.Editable;
        if (held.Details.Occurrence(key) is { Removed: true }) held.Details = Withdrawal.PutBack(series, held.Details, key);
        CheckThere(held, key);
        var uid = Guid.NewGuid().ToString();
        var (single, rest, details) = SeriesSplit.LiftOut(series, held.Details, key, uid);
        held.Details = AdditionLevels.Prune(held.Content, rest);
        details = AdditionLevels.Prune(single.Object, details.Restored());
        if (details.Kind == AppointmentKind.Patient) AppointmentWriter.WritePatients(single, details);
        EventStamp.Put(series, now);
        EventStamp.Put(single, now);
        return new Change(
            uid,
            held.Put(published: false),
            PutNew(desk, uid, single, details, published: desk.Access.State != HxState.NotStarted),
            Note(AuditAction.Restored, held.Id, now, key),
            Note(AuditAction.Restored, uid, now));
    }

    /// <summary>
    /// Turns a personal appointment into a patient appointment: the only way there is (R4). Its title goes into the comments.
    /// </summary>
    /// <param name="target">The personal appointment.</param>
    /// <param name="patients">The patients; null for what the series has that it continues, comments included.</param>
    /// <param name="type">The appointment type; null for that of the series it continues.</param>
    /// <param name="fee">The fee; null for none, or for that of the series it continues.</param>
    /// <returns>The appointment's id.</returns>
    public Task<string> ConvertToPatientAsync(
        AppointmentTarget target, IReadOnlyList<Patient>? patients = null, string? type = null, decimal? fee = null)
    {
        ArgumentNullException.ThrowIfNull(target);
        return ChangeAsync(async (desk, now) =>
        {
            var held = await desk.FindAsync(target with { Occurrence = null });
            if (held.IsPatient) throw new DiaryException(DiaryFault.Conflict, "It is a patient appointment already.");
            CheckPrivate(held);
            var series = held.Editable;
            if (held.Content.Events().Any(component => !series.IsShort(component)))
                throw new DiaryException(DiaryFault.Invalid, "A patient appointment lasts at most a year: shorten it first.");
            var continued = patients is null && held.Details.Follows is { } id ? await FindReadableAsync(desk, id) : null;
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
            return new Change(held.Id, held.Put(PublishedAfterEdit(desk, held)), Note(AuditAction.Converted, held.Id, now));
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

    /// <summary>
    /// Links an invoice to an appointment or occurrence; with null the link is taken away. What has one is not lost by a removal outside
    /// (R6).
    /// </summary>
    public Task<string> LinkInvoiceAsync(AppointmentTarget target, string? invoice) => LinkAsync(
        target,
        invoice is null ? AuditAction.InvoiceUnlinked : AuditAction.InvoiceLinked,
        details => details with { Invoice = invoice },
        occurrence => occurrence with { Invoice = invoice });

    /// <summary>
    /// Links a clinical note to an appointment or occurrence; with null the link is taken away. What has one is not lost by a removal
    /// outside (R6).
    /// </summary>
    public Task<string> LinkNoteAsync(AppointmentTarget target, string? note) => LinkAsync(
        target,
        note is null ? AuditAction.NoteUnlinked : AuditAction.NoteLinked,
        details => details with { Note = note },
        occurrence => occurrence with { Note = note });

    private Task<string> LinkAsync(
        AppointmentTarget target,
        AuditAction action,
        Func<AppointmentDetails, AppointmentDetails> whole,
        Func<OccurrenceRecord, OccurrenceRecord> single)
    {
        ArgumentNullException.ThrowIfNull(target);
        return ChangeAsync(async (desk, now) =>
        {
            var held = await desk.FindAsync(target);
            if (!held.IsPatient) throw new DiaryException(DiaryFault.Conflict, "A personal appointment has no invoice and no clinical note.");
            held.Details = target.Occurrence is { } key
                ? held.Details.With(single(held.Details.Occurrence(key) ?? new OccurrenceRecord(key)))
                : whole(held.Details);
            return new Change(held.Id, held.Put(PublishedAfterEdit(desk, held)), Note(action, held.Id, now, target.Occurrence));
        });
    }
}
