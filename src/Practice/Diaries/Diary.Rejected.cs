using Calendaring.ICalendar;
using NodaTime;
using Practice.Appointments;
using Practice.Audit;
using Practice.Hx;

namespace Practice.Diaries;

public sealed partial class Diary
{
    /// <summary>What devices wrote of patient appointments and was not taken (docs/rules.md A6), newest first: until the practitioner has decided.</summary>
    public async Task<IReadOnlyList<RejectedEdit>> ListRejectedAsync()
    {
        using var snapshot = await store.OpenSnapshotAsync();
        return await RejectedEdit.ListAsync(snapshot, practitionerId, clock.GetCurrentInstant());
    }

    /// <summary>What taking something over makes of it.</summary>
    public static TakeOver WayOf(RejectedField field)
    {
        ArgumentNullException.ThrowIfNull(field);
        return field.Kind switch
        {
            RejectionKind.Title or RejectionKind.Comments or RejectionKind.People or RejectionKind.Contact => TakeOver.AddsToComments,
            RejectionKind.Location => TakeOver.ReplacesLocation,
            RejectionKind.Again => TakeOver.Restores,
            RejectionKind.Repeat when field.Occurrence is null && Repeat.TryRead(field.Sent, DateTimeZone.Utc) is not null => TakeOver.ReplacesRepeat,
            _ => TakeOver.Cannot,
        };
    }

    /// <summary>What taking something over makes of an appointment or occurrence as it is now; null when that is not there any more.</summary>
    public static TakeOver WayOf(RejectedField field, Appointment? appointment) =>
        field.Kind == RejectionKind.Again
            ? appointment is null ? TakeOver.Cannot : TakeOver.Restores
            : appointment is null or { Kept: not null } or { Status: AppointmentStatus.Cancelled or AppointmentStatus.Rejected } ? TakeOver.Cannot : WayOf(field);

    /// <summary>Whether the diary has what a device wrote.</summary>
    public static bool Has(RejectedField field, Appointment? appointment)
    {
        ArgumentNullException.ThrowIfNull(field);
        return appointment is not null && field.Kind switch
        {
            RejectionKind.Title => appointment.Title == field.Sent,
            RejectionKind.Status => (field.Sent, appointment.Status) is ("confirmed", AppointmentStatus.Confirmed) or ("cancelled", AppointmentStatus.Cancelled),
            RejectionKind.Comments => appointment.Comments?.Contains(field.Sent, StringComparison.Ordinal) == true,
            RejectionKind.Location => appointment.Location == field.Sent,
            RejectionKind.Contact => string.Join(", ", appointment.Patients.Select(patient => patient.Phone).OfType<string>()) == field.Sent,
            RejectionKind.Again => appointment.Status is not (AppointmentStatus.Cancelled or AppointmentStatus.Rejected),
            RejectionKind.Repeat => RuleText.Same(field.Sent, appointment.Rule ?? ""),
            _ => false,
        };
    }

    /// <summary>
    /// Takes over what a device wrote, as far as the diary can: words go into the comments, a location and a repeat become those of the appointment. The patient, the type, the fee and the status stay.
    /// What the diary cannot take waits on, until it is left as it is.
    /// </summary>
    /// <param name="untakenId">What was written (<see cref="RejectedEdit.Id"/>).</param>
    /// <param name="version">The appointment's version that was looked at, or null for any.</param>
    /// <returns>The appointment's id.</returns>
    public Task<string> TakeOverAsync(string untakenId, string? version = null) => ChangeAsync(async (desk, now) =>
    {
        var untaken = await FindRejectedAsync(desk, untakenId, now);
        var held = await desk.FindAsync(new AppointmentTarget(untaken.AppointmentId, Version: version));
        if (untaken.Fields.Any(field => field is { Kind: RejectionKind.Again, Occurrence: null })) held.Details = held.Details.Restored();
        CheckLive(held);
        var shown = await ReadAsync(desk, held, untaken.Fields);
        var open = untaken.Fields.Where(field => !Has(field, shown[field])).ToLookup(field => WayOf(field, shown[field]) != TakeOver.Cannot);
        var fields = open[true].ToList();
        if (fields.Count == 0) throw new DiaryException(DiaryFault.Conflict, "Nothing of the device's version can be used: change the appointment in the diary.");
        foreach (var field in fields) Take(desk, now, held, untaken, field);
        EventStamp.Put(held.Editable, now);
        return new Change(held.Id, held.Put(PublishedAfterEdit(desk, held)), untaken.Decide(practitionerId, [.. open[false]]), Note(AuditAction.TakenOver, held.Id, now));
    });

    /// <summary>Leaves an appointment as it is in the diary: what a device wrote is forgotten.</summary>
    /// <returns>The appointment's id.</returns>
    public Task<string> LeaveAsItIsAsync(string untakenId) => ChangeAsync(async (desk, now) =>
    {
        var untaken = await FindRejectedAsync(desk, untakenId, now);
        // what was deleted and put again was kept for this decision only
        if (await FindReadableAsync(desk, untaken.AppointmentId) is { } held && StaysDeleted.Is(held.Details))
            return new Change(held.Id, held.Delete(), untaken.Decide(practitionerId), Note(AuditAction.LeftAsItIs, held.Id, now));
        return new Change(untaken.AppointmentId, untaken.Decide(practitionerId), Note(AuditAction.LeftAsItIs, untaken.AppointmentId, now));
    });

    // what each is about, as the diary has it now: nothing for an occurrence that is not there
    private async Task<Dictionary<RejectedField, Appointment?>> ReadAsync(Desk desk, HeldAppointment held, IReadOnlyList<RejectedField> fields)
    {
        var reader = new AppointmentReader((await desk.Snapshot.FindObjectAsync(desk.Hx.Id, held.Row.Name))!, desk.Zone, !IsOwner);
        return fields.Distinct().ToDictionary(field => field, field => field.Occurrence is { } key && field.Kind != RejectionKind.Again && !IsThere(held, key) ? null : reader.Read(field.Occurrence));
    }

    private static bool IsThere(HeldAppointment held, LocalDateTime key) => held.Has(key) && !held.Editable.Exclusions.Contains(key);

    private async Task<RejectedEdit> FindRejectedAsync(Desk desk, string id, Instant now) =>
        await RejectedEdit.FindAsync(desk.Snapshot, practitionerId, id, now) ?? throw new DiaryException(DiaryFault.NotFound, "This has been decided already.");

    private static void Take(Desk desk, Instant now, HeldAppointment held, RejectedEdit untaken, RejectedField field)
    {
        var series = held.Editable;
        if (field.Kind == RejectionKind.Again)
        {
            if (field.Occurrence is { } cancelled) held.Details = Withdrawal.PutBack(series, held.Details, cancelled);
        }
        else if (field.Occurrence is { } key)
        {
            var single = OverrideOf(series, key);
            WriteTexts(single, EditOf(single, untaken, field, desk.Zone));
        }
        else
        {
            var edit = EditOf(series.Master, untaken, field, desk.Zone);
            Check(edit);
            held.Details = EditWhole(desk, now, series, held.Details, null, edit).Details;
        }
    }

    private static AppointmentEdit EditOf(Component component, RejectedEdit untaken, RejectedField field, DateTimeZone zone) => WayOf(field) switch
    {
        TakeOver.ReplacesLocation => new AppointmentEdit { Location = field.Sent },
        TakeOver.ReplacesRepeat => new AppointmentEdit { Repeat = Repeat.TryRead(field.Sent, zone) },
        _ => new AppointmentEdit { Comments = WithWords(component.Find("DESCRIPTION")?.Text ?? "", untaken.Device, field) },
    };

    private static string WithWords(string comments, string device, RejectedField field)
    {
        var what = field.Kind switch { RejectionKind.Title => ", title", RejectionKind.People => ", invited", RejectionKind.Contact => ", contact", _ => "" };
        var words = $"From {device}{what}: {(field.Kind == RejectionKind.People ? field.Sent.Replace("\n", ", ", StringComparison.Ordinal) : field.Sent)}";
        if (comments.Contains(words, StringComparison.Ordinal)) return comments;
        return comments.Length == 0 ? words : $"{comments}\n{words}";
    }
}

/// <summary>What taking over something that a device wrote makes of it.</summary>
public enum TakeOver
{
    /// <summary>The diary has no place for it.</summary>
    Cannot,

    /// <summary>It is added to the comments.</summary>
    AddsToComments,

    /// <summary>It becomes the location.</summary>
    ReplacesLocation,

    /// <summary>It becomes how the appointment repeats.</summary>
    ReplacesRepeat,

    /// <summary>It is put back into the calendar.</summary>
    Restores,
}
