using Calendaring.ICalendar;
using Calendaring.Store;
using NodaTime;
using Practice.Appointments;
using Practice.Audit;
using Practice.Hx;

namespace Practice.Diaries;

/// <summary>
/// Writes what Halaxy has into the diaries that mirror it: steps of a batch, decided on a snapshot. Halaxy is asked no questions here, and what is not among the fields that are to be written is left as it is: what apps
/// added for themselves, and what was written here and Halaxy has no place for.
/// </summary>
public static class Mirroring
{
    /// <summary>What a personal appointment of Halaxy is called: its title cannot be read there.</summary>
    public const string MeetingTitle = "Meeting";

    /// <summary>What the diary has of an appointment; null when it is not there.</summary>
    /// <exception cref="FormatException">It cannot be read.</exception>
    public static async ValueTask<MirroredCopy?> ReadAsync(IStoreSnapshot snapshot, AppointmentKey appointment, Instant now)
    {
        var desk = await Desk.OpenAsync(snapshot, appointment.PractitionerId, now);
        if (await desk.Snapshot.FindRowByUidAsync(desk.Hx.Id, appointment.Uid) is null) return null;
        var held = await desk.FindAsync(new AppointmentTarget(appointment.Uid));
        if (held.Series is not { } series) throw new FormatException("The appointment has no first occurrence.");
        var (written, start, end) = series.TimesOf(series.Master);
        var details = held.Details;
        return new MirroredCopy(held.Row.Name, start, end, held.Row.Modified)
        {
            HalaxyId = details.HalaxyId,
            Title = series.Master.Find("SUMMARY")?.Text,
            Comments = series.Master.Find("DESCRIPTION")?.Text,
            IsPrivate = EventFlags.IsPrivate(series.Master),
            IsFree = EventFlags.IsTransparent(series.Master),
            IsAllDay = written.IsDate,
            IsCancelled = details.IsCancelled || IsGone(held),
            Status = details.Status,
            IsRemovedOutside = details.RemovedOutside,
            IsPatient = held.IsPatient,
            Repeats = series.Recurring,
            IsPublished = held.Row.Published,
            Change = held.Row.Change,
            Patients = details.Patients,
            Type = details.Type,
            Location = series.Master.Find("LOCATION")?.Text,
            Invoice = details.Invoice,
        };
    }

    /// <summary>What Halaxy calls the appointment of a row; null when it is in the diary only, or cannot be read.</summary>
    public static string? HalaxyIdOf(ObjectRow row)
    {
        ArgumentNullException.ThrowIfNull(row);
        return AppointmentDetails.TryRead(row.Details)?.HalaxyId;
    }

    /// <summary>Whether a row may be of a single personal appointment that is in the diary only, and takes up time between two moments: by what is indexed, without reading it.</summary>
    public static bool MayBeOwn(ObjectRow row, Instant from, Instant until)
    {
        ArgumentNullException.ThrowIfNull(row);
        var isElsewhen = row.Index.End <= from || row.Index.Start >= until;
        return !isElsewhen && !row.Index.Recurring && !AppointmentDetails.IsPatient(row.Details) && HalaxyIdOf(row) is null;
    }

    /// <summary>The steps that write an appointment as Halaxy has it; it is added where it is not there.</summary>
    /// <param name="snapshot">The store as it is.</param>
    /// <param name="now">The current time.</param>
    /// <param name="actor">Who acts, for the audit log.</param>
    /// <param name="appointment">The appointment.</param>
    /// <param name="wanted">What Halaxy has.</param>
    /// <param name="fields">Which parts are to be written; a new one is written whole.</param>
    /// <param name="action">What the audit log calls it; null: by what has changed.</param>
    /// <exception cref="DiaryException">There is no such practitioner, or what is stored cannot be edited.</exception>
    public static async ValueTask<IReadOnlyList<StoreOperation>> WriteAsync(
        IStoreSnapshot snapshot, Instant now, AuditActor actor, AppointmentKey appointment, MirroredAppointment wanted, MirroredFields fields, AuditAction? action = null)
    {
        ArgumentNullException.ThrowIfNull(wanted);
        var desk = await Desk.OpenAsync(snapshot, appointment.PractitionerId, now);
        if (await snapshot.FindRowByUidAsync(desk.Hx.Id, appointment.Uid) is null) return Add(desk, now, actor, appointment, wanted);
        var held = await desk.FindAsync(new AppointmentTarget(appointment.Uid));
        var (series, before, status) = (held.Editable, held.Editable.SpanOf(held.Editable.Master), held.Details.Status);
        var wasGone = held.Details.IsCancelled || IsGone(held);
        if (fields.HasFlag(MirroredFields.Times)) SetTimes(desk, series, wanted);
        if (fields.HasFlag(MirroredFields.Comments)) AppointmentWriter.WriteText(series.Master, "DESCRIPTION", wanted.Comments ?? "");
        if (fields.HasFlag(MirroredFields.Location)) AppointmentWriter.WriteText(series.Master, "LOCATION", wanted.Location ?? "");
        if (fields.HasFlag(MirroredFields.Status)) SetStatus(held, wanted, now);
        held.Details = held.Details with { HalaxyId = wanted.HalaxyId, Invoice = fields.HasFlag(MirroredFields.Invoice) ? wanted.Invoice : held.Details.Invoice };
        var turned = fields.HasFlag(MirroredFields.Patients) && SetPatients(held, wanted);
        if (fields != MirroredFields.None) EventStamp.Put(series, now);
        var isGone = held.Details.IsCancelled || IsGone(held);
        var after = series.SpanOf(series.Master);
        var done = action ?? (turned, wasGone, isGone) switch
        {
            (true, _, _) => AuditAction.Converted,
            (_, false, true) => AuditAction.Cancelled,
            (_, true, false) => AuditAction.Restored,
            _ => after == before ? AuditAction.Edited : AuditAction.Moved,
        };
        return
        [
            held.Put(!isGone && desk.PublishedAfterEdit(held)),
            DiaryAudit.Line(appointment, now, actor, done, with: entry => entry.WithTimes(before, after).WithStatus(status, held.Details.Status)),
        ];
    }

    /// <summary>The steps that show the patients of an appointment by name or by number. Nobody has edited it: only what may be seen of them is another.</summary>
    /// <param name="snapshot">The store as it is.</param>
    /// <param name="now">The current time.</param>
    /// <param name="appointment">The appointment.</param>
    /// <param name="patients">The same patients, as they are to be shown.</param>
    /// <exception cref="DiaryException">There is no such practitioner, or what is stored cannot be edited.</exception>
    public static async ValueTask<IReadOnlyList<StoreOperation>> RenameAsync(IStoreSnapshot snapshot, Instant now, AppointmentKey appointment, IReadOnlyList<Patient> patients)
    {
        var desk = await Desk.OpenAsync(snapshot, appointment.PractitionerId, now);
        if (await snapshot.FindRowByUidAsync(desk.Hx.Id, appointment.Uid) is null) return [];
        var held = await desk.FindAsync(new AppointmentTarget(appointment.Uid));
        held.Details = held.Details with { Patients = patients };
        AppointmentWriter.WritePatients(held.Editable, held.Details);
        EventStamp.Put(held.Editable, now);
        return [held.Put(!held.Details.IsCancelled && desk.PublishedAfterEdit(held)), DiaryAudit.Line(appointment, now, AuditActor.Server, AuditAction.ShownAnew)];
    }

    /// <summary>The steps after which an appointment that was deleted in Halaxy does not take place: a personal one is deleted, of one with a patient the record stays (docs/rules.md A4, A5).</summary>
    /// <exception cref="DiaryException">There is no such practitioner, or what is stored cannot be edited.</exception>
    public static async ValueTask<IReadOnlyList<StoreOperation>> RemoveAsync(IStoreSnapshot snapshot, Instant now, AuditActor actor, AppointmentKey appointment)
    {
        var desk = await Desk.OpenAsync(snapshot, appointment.PractitionerId, now);
        if (await snapshot.FindRowByUidAsync(desk.Hx.Id, appointment.Uid) is null) return [];
        var held = await desk.FindAsync(new AppointmentTarget(appointment.Uid));
        return held.IsPatient ? KeepRecord(now, actor, appointment, held, AuditAction.Deleted) : await DeleteAsync(snapshot, now, actor, appointment, held, null);
    }

    /// <summary>The steps that take an appointment out of a diary whose practitioner does not have it in Halaxy any more, or was taken for somebody else there. The record stays if there is a note, or an invoice of this diary's own: it does not take place.</summary>
    /// <param name="snapshot">The store as it is.</param>
    /// <param name="now">The current time.</param>
    /// <param name="actor">Who acts, for the audit log.</param>
    /// <param name="appointment">The appointment.</param>
    /// <param name="invoice">The invoice that Halaxy has.</param>
    /// <param name="colleague">Who has it now; null when nobody here has.</param>
    /// <exception cref="DiaryException">There is no such practitioner, or what is stored cannot be edited.</exception>
    public static async ValueTask<IReadOnlyList<StoreOperation>> LeaveAsync(IStoreSnapshot snapshot, Instant now, AuditActor actor, AppointmentKey appointment, string? invoice, string? colleague)
    {
        var desk = await Desk.OpenAsync(snapshot, appointment.PractitionerId, now);
        if (await snapshot.FindRowByUidAsync(desk.Hx.Id, appointment.Uid) is null) return [];
        var held = await desk.FindAsync(new AppointmentTarget(appointment.Uid));
        var hasOwn = held.Details.Note is not null || (held.Details.Invoice is { } own && own != invoice) || held.Details.Occurrences.Any(occurrence => occurrence.Protected);
        return hasOwn ? KeepRecord(now, actor, appointment, held, AuditAction.Cancelled) : await DeleteAsync(snapshot, now, actor, appointment, held, colleague);
    }

    private static IReadOnlyList<StoreOperation> KeepRecord(Instant now, AuditActor actor, AppointmentKey appointment, HeldAppointment held, AuditAction action)
    {
        var status = held.Details.Status;
        held.Details = held.Details with { HalaxyId = null };
        if (!held.Details.IsCancelled) held.Details = held.Details with { Status = AppointmentStatus.Cancelled, CancelledAt = now, RemovedOutside = false };
        if (held.Series is { } series) EventStamp.Put(series, now);
        return [held.Put(published: false), DiaryAudit.Line(appointment, now, actor, action, with: entry => entry.WithStatus(status, AppointmentStatus.Cancelled))];
    }

    /// <summary>The steps after which an appointment is the practice's own, as it is: Halaxy knows nothing of it.</summary>
    /// <exception cref="DiaryException">There is no such practitioner or appointment.</exception>
    public static async ValueTask<IReadOnlyList<StoreOperation>> ReleaseAsync(IStoreSnapshot snapshot, Instant now, AuditActor actor, AppointmentKey appointment, AuditAction action = AuditAction.LeftAsItIs)
    {
        var desk = await Desk.OpenAsync(snapshot, appointment.PractitionerId, now);
        var held = await desk.FindAsync(new AppointmentTarget(appointment.Uid));
        held.Details = held.Details with { HalaxyId = null };
        return [held.Put(held.Row.Published), DiaryAudit.Line(appointment, now, actor, action)];
    }

    /// <summary>The steps after which what was deleted outside is the practice's own, should its practitioner put it back.</summary>
    public static async ValueTask<IReadOnlyList<StoreOperation>> ReleaseRemovedAsync(IStoreSnapshot snapshot, string practitionerId)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        List<StoreOperation> steps = [];
        foreach (var (removed, version) in await RemovedAppointment.ListAsync(snapshot, practitionerId))
        {
            if (AppointmentDetails.TryRead(removed.StoredDetails()) is { HalaxyId: not null } details)
                steps.Add((removed with { Details = (details with { HalaxyId = null }).Write().Document.ToArray() }).Put(practitionerId, version));
        }

        return steps;
    }

    private static async ValueTask<IReadOnlyList<StoreOperation>> DeleteAsync(IStoreSnapshot snapshot, Instant now, AuditActor actor, AppointmentKey appointment, HeldAppointment held, string? colleague) =>
    [
        held.Delete(),
        .. await RejectedEdit.ForgetAsync(snapshot, appointment),
        DiaryAudit.Line(appointment, now, actor, colleague is null ? AuditAction.Deleted : AuditAction.HandedOver, about: colleague),
    ];

    private static IReadOnlyList<StoreOperation> Add(Desk desk, Instant now, AuditActor actor, AppointmentKey appointment, MirroredAppointment wanted)
    {
        var isPatient = wanted.Patients.Count > 0;
        var details = new AppointmentDetails
        {
            Kind = isPatient ? AppointmentKind.Patient : AppointmentKind.Personal,
            HalaxyId = wanted.HalaxyId,
            Patients = wanted.Patients,
            Type = isPatient ? wanted.Type : null,
            Status = wanted.Status,
            Invoice = wanted.Invoice,
            CancelledAt = wanted.IsCancelled ? now : null,
        };
        var series = AppointmentWriter.Make(appointment.Uid, StartOf(desk, wanted), wanted.End - wanted.Start, desk.Zone, now);
        AppointmentWriter.WriteText(series.Master, "LOCATION", wanted.Location);
        AppointmentWriter.WriteText(series.Master, "DESCRIPTION", wanted.Comments);
        if (isPatient) AppointmentWriter.WritePatients(series, details);
        else series.Master.Add(ContentLine.CreateText("SUMMARY", MeetingTitle));
        return [desk.PutNew(appointment.Uid, series, details, desk.IsSetUp && !wanted.IsCancelled), DiaryAudit.Line(appointment, now, actor, isPatient ? AuditAction.Booked : AuditAction.Added)];
    }

    // what repeats here has times of its own
    private static void SetTimes(Desk desk, Series series, MirroredAppointment wanted)
    {
        if (series.Recurring) return;
        var start = StartOf(desk, wanted);
        series.SetLines(series.Master, EditedTimes.LinesOf(series, start, wanted.End - wanted.Start), Series.Defining(desk.Zone, start.Local));
    }

    private static CalendarTime StartOf(Desk desk, MirroredAppointment wanted)
    {
        var start = wanted.Start.InZone(desk.Zone);
        return AppointmentWriter.TimeOf(start.LocalDateTime, allDay: false, desk.Zone, RepeatedHour.IsLater(start));
    }

    private static void SetStatus(HeldAppointment held, MirroredAppointment wanted, Instant now)
    {
        if (!wanted.IsCancelled)
        {
            if (held.Details.IsCancelled) held.Details = held.Details.Restored();
            if (!held.IsPatient) held.Editable.Master.RemoveAll("STATUS");
        }

        held.Details = held.Details with { Status = wanted.Status, CancelledAt = wanted.IsCancelled ? held.Details.CancelledAt ?? now : null, RemovedOutside = held.Details.RemovedOutside && wanted.IsCancelled };
    }

    /// <summary>Whether it has become another kind of appointment by that.</summary>
    private static bool SetPatients(HeldAppointment held, MirroredAppointment wanted)
    {
        var (was, isPatient) = (held.IsPatient, wanted.Patients.Count > 0);
        if (isPatient && !was) held.Details = Conversion.Of(held.Content, held.Details);
        held.Details = held.Details with { Kind = isPatient ? AppointmentKind.Patient : AppointmentKind.Personal, Patients = wanted.Patients, Type = isPatient ? wanted.Type : null };
        if (isPatient) AppointmentWriter.WritePatients(held.Editable, held.Details);
        else if (was) held.Editable.Master.Set(ContentLine.CreateText("SUMMARY", MeetingTitle));
        return was != isPatient;
    }

    /// <summary>A client that cancels a personal appointment may leave it in the calendar.</summary>
    private static bool IsGone(HeldAppointment held) => !held.IsPatient && held.Series is { } series && EventFlags.IsCancelled(series.Master);
}
