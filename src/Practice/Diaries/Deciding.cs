using Calendaring.ICalendar;
using NodaTime;
using Practice.Audit;
using Practice.Hx;

namespace Practice.Diaries;

/// <summary>What devices wrote and was not taken, until the practitioner has decided.</summary>
public static class Deciding
{
    /// <summary>What devices wrote of patient appointments and was not taken (docs/rules.md A6), newest first: until the practitioner has decided.</summary>
    public static async Task<IReadOnlyList<RejectedEdit>> ListRejectedAsync(this Diary diary, CancellationToken cancelled = default)
    {
        using var snapshot = await diary.Store.OpenSnapshotAsync(cancelled);
        return await RejectedEdit.ListAsync(snapshot, diary.PractitionerId, diary.Now);
    }

    /// <summary>
    /// Takes over what a device wrote, as far as the diary can: words go into the comments, a location and a repeat become those of the appointment. The patient, the type, the fee and the status stay.
    /// What the diary cannot take waits on, until it is left as it is.
    /// </summary>
    /// <param name="diary">The diary.</param>
    /// <param name="rejectedId">What was written (<see cref="RejectedEdit.Id"/>).</param>
    /// <param name="version">The appointment's version that was looked at, or null for any.</param>
    /// <returns>The appointment's id.</returns>
    /// <exception cref="DiaryException">It has been decided already, nothing of it can be taken over, the appointment is gone or its version is another, or it could not be written.</exception>
    public static Task<string> TakeOverAsync(this Diary diary, string rejectedId, string? version = null) => diary.ChangeAsync(async (desk, now) =>
    {
        var rejected = await FindRejectedAsync(diary, desk, rejectedId, now);
        var held = await desk.FindAsync(new AppointmentTarget(rejected.AppointmentId, Version: version));
        if (rejected.Fields.Any(field => field is { Kind: RejectionKind.Again, Occurrence: null })) held.Details = held.Details.Restored();
        held.CheckLive();
        var shown = await ReadAsync(diary, desk, held, rejected.Fields);
        var open = rejected.Fields.Where(field => !TakingOver.Has(field, shown[field])).ToLookup(field => TakingOver.WayOf(field, shown[field], desk.IsConnected) is not (TakeOver.Cannot or TakeOver.DoneInHalaxy));
        var fields = open[true].ToList();
        if (fields.Count == 0)
        {
            ConnectedCheck.Other(desk, held);
            throw new DiaryException(DiaryFault.Conflict, "Nothing of the device's version can be used: change the appointment in the diary.");
        }

        foreach (var field in fields) Take(desk, now, held, rejected, field);
        EventStamp.Put(held.Editable, now);
        return new Change(held.Id, held.Put(desk.PublishedAfterEdit(held)), rejected.Decide(diary.PractitionerId, [.. open[false]]), diary.Note(AuditAction.TakenOver, held.Id, now));
    });

    /// <summary>Leaves an appointment as it is in the diary: what a device wrote is forgotten.</summary>
    /// <returns>The appointment's id.</returns>
    /// <exception cref="DiaryException">It has been decided already, or that could not be written.</exception>
    public static Task<string> LeaveAsItIsAsync(this Diary diary, string rejectedId) => diary.ChangeAsync(async (desk, now) =>
    {
        var rejected = await FindRejectedAsync(diary, desk, rejectedId, now);
        // what was deleted and put again was kept for this decision only
        if (await desk.FindReadableAsync(rejected.AppointmentId) is { } held && StaysDeleted.Is(held.Details))
            return new Change(held.Id, held.Delete(), rejected.Decide(diary.PractitionerId), diary.Note(AuditAction.LeftAsItIs, held.Id, now));
        return new Change(rejected.AppointmentId, rejected.Decide(diary.PractitionerId), diary.Note(AuditAction.LeftAsItIs, rejected.AppointmentId, now));
    });

    // what each is about, as the diary has it now: nothing for an occurrence that is not there
    private static async Task<Dictionary<RejectedField, Appointment?>> ReadAsync(Diary diary, Desk desk, HeldAppointment held, IReadOnlyList<RejectedField> fields)
    {
        var reader = new AppointmentReader((await desk.Snapshot.FindObjectAsync(desk.Hx.Id, held.Row.Name))!, desk.Zone, !diary.IsOwner);
        return fields.Distinct().ToDictionary(field => field, field => field.Occurrence is { } key && field.Kind != RejectionKind.Again && !IsThere(held, key) ? null : reader.Read(field.Occurrence));
    }

    private static bool IsThere(HeldAppointment held, LocalDateTime key) => held.Has(key) && !held.Editable.Exclusions.Contains(key);

    private static async Task<RejectedEdit> FindRejectedAsync(Diary diary, Desk desk, string id, Instant now) =>
        await RejectedEdit.FindAsync(desk.Snapshot, diary.PractitionerId, id, now) ?? throw new DiaryException(DiaryFault.NotFound, "This has been decided already.");

    private static void Take(Desk desk, Instant now, HeldAppointment held, RejectedEdit rejected, RejectedField field)
    {
        var series = held.Editable;
        if (field.Kind == RejectionKind.Again)
        {
            if (field.Occurrence is { } cancelled) held.Details = Removal.PutBack(series, held.Details, cancelled);
        }
        else if (field.Occurrence is { } key)
        {
            var single = series.OverrideAt(key);
            AppointmentWriter.WriteTexts(single, EditOf(single, rejected, field));
        }
        else
        {
            var edit = EditOf(series.Master, rejected, field);
            EditCheck.Input(edit);
            held.Details = WholeEdit.Of(desk, now, series, held.Details, null, edit).Details;
        }
    }

    private static AppointmentEdit EditOf(Component component, RejectedEdit rejected, RejectedField field) => TakingOver.WayOf(field) switch
    {
        TakeOver.ReplacesLocation => new AppointmentEdit { Location = field.Sent },
        TakeOver.ReplacesRepeat => new AppointmentEdit { Repeat = Repeating.TryRead(field.Sent) },
        _ => new AppointmentEdit { Comments = WithWords(component.Find("DESCRIPTION")?.Text ?? "", rejected.Device, field) },
    };

    private static string WithWords(string comments, string device, RejectedField field)
    {
        var what = field.Kind switch { RejectionKind.Title => ", title", RejectionKind.People => ", invited", RejectionKind.Contact => ", contact", _ => "" };
        var words = $"From {device}{what}: {(field.Kind == RejectionKind.People ? field.Sent.Replace("\n", ", ", StringComparison.Ordinal) : field.Sent)}";
        if (comments.Contains(words, StringComparison.Ordinal)) return comments;
        return comments.Length == 0 ? words : $"{comments}\n{words}";
    }
}
