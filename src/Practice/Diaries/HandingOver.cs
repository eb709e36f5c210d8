using Calendaring.Occurrences;
using Calendaring.Recurrence;
using Calendaring.Store;
using Calendaring.TimeZones;
using NodaTime;
using Practice.Appointments;
using Practice.Audit;
using Practice.Hx;

namespace Practice.Diaries;

/// <summary>Appointments that a colleague takes.</summary>
public static class HandingOver
{
    /// <summary>
    /// Hands an appointment over to a colleague in the practice group, at its time or at another: the whole, one occurrence of a series, or
    /// an occurrence and all that follow. It leaves this diary and is in theirs in one step, with a line of history in both. What has taken
    /// place, or has an invoice or a clinical note, is not handed over: it says who saw the patient.
    /// </summary>
    /// <returns>The appointment's id in the colleague's diary.</returns>
    /// <exception cref="DiaryException">There is no such appointment or colleague, its version is another, the edit is not valid, the appointment has taken place or has an invoice, a clinical note or a place in Halaxy, or it could not be written.</exception>
    public static Task<string> HandOverAsync(this Diary diary, AppointmentTarget target, string colleague, AppointmentEdit edit, SeriesScope scope = SeriesScope.All)
    {
        ArgumentNullException.ThrowIfNull(target);
        ArgumentNullException.ThrowIfNull(edit);
        if (colleague == diary.PractitionerId) throw new DiaryException(DiaryFault.Invalid, "The appointment is in this practitioner's calendar already.");
        EditCheck.Input(edit);
        return diary.ChangeAsync(async (desk, now) =>
        {
            var there = await desk.OpenColleagueAsync(colleague, now);
            var held = await desk.FindAsync(target);
            held.CheckLive();
            ConnectedCheck.Other(desk, held);
            ConnectedCheck.Giving(desk, there, held);
            EditCheck.Kind(held, edit);
            EditCheck.Times(desk, held, target.Occurrence, edit);
            diary.CheckPrivate(held);
            var part = Take(diary, desk, now, held, target.Occurrence, scope);
            CheckStillToCome(desk, now, part);
            var uid = part.Series.Master.Find("UID")!.RawValue;
            if (await desk.Snapshot.FindRowByUidAsync(there.Hx.Id, uid) is not null) uid = diary.NewId().ToString();
            var series = AppointmentWriter.Copy(part.Series, uid, desk.Zone);
            var details = WholeEdit.Of(there, now, series, AppointmentWriter.Copy(part.Details), part.Reference, edit).Details;
            EventStamp.Put(series, now);
            IReadOnlyList<StoreOperation> unlinked = part.Rest is DeleteObject ? await UnlinkAsync(desk, held) : [];
            return new Change(
                uid,
                [
                    part.Rest,
                    .. unlinked,
                    there.PutNew(uid, series, details, there.IsSetUp),
                    .. part.Rest is DeleteObject ? await RejectedEdit.ForgetAsync(desk.Snapshot, diary.KeyOf(held.Id)) : [],
                    DiaryAudit.Line(diary.KeyOf(held.Id), now, diary.Actor, AuditAction.HandedOver, part.Occurrence, colleague, entry => entry with { AndFollowing = part is { Occurrence: not null, Reference: not null } }),
                    DiaryAudit.Line(new AppointmentKey(colleague, uid), now, diary.Actor, AuditAction.Received, about: diary.PractitionerId),
                ]);
        });
    }

    /// <summary>What leaves a diary: the part itself, which occurrence it is known by from now on, and the step that stores what stays.</summary>
    private sealed record Part(Series Series, AppointmentDetails Details, LocalDateTime? Occurrence, LocalDateTime? Reference, StoreOperation Rest);

    private static Part Take(Diary diary, Desk desk, Instant now, HeldAppointment held, LocalDateTime? occurrence, SeriesScope scope)
    {
        var series = held.Editable;
        if (scope == SeriesScope.All || !series.Recurring) return new Part(series, held.Details, null, occurrence, held.Delete());
        var key = occurrence ?? throw new DiaryException(DiaryFault.Invalid, "Say which occurrence of the series is meant.");
        held.CheckThere(key);
        if (scope == SeriesScope.ThisAndFollowing && key <= series.Start.Local) return new Part(series, held.Details, null, key, held.Delete());
        var uid = diary.NewId().ToString();
        var (part, rest, details) = scope == SeriesScope.ThisOne
            ? SeriesSplit.LiftOut(series, held.Details, key, uid)
            : SeriesSplit.At(series, held.Details, key, uid);
        // what goes on in another diary is not found by its id in this one
        held.Details = AdditionLevels.Prune(held.Content, scope == SeriesScope.ThisOne ? rest : rest with { FollowedBy = null });
        EventStamp.Put(series, now);
        return new Part(part, details, key, scope == SeriesScope.ThisOne ? null : key, held.Put(desk.PublishedAfterEdit(held)));
    }

    /// <summary>The series that what leaves continues, and the one that continues it, no longer name it.</summary>
    private static async Task<IReadOnlyList<StoreOperation>> UnlinkAsync(Desk desk, HeldAppointment held)
    {
        List<StoreOperation> operations = [];
        foreach (var id in new[] { held.Details.Follows, held.Details.FollowedBy }.OfType<string>().Distinct())
        {
            if (await desk.FindReadableAsync(id) is not { } other) continue;
            var (before, after) = (other.Details.Follows, other.Details.FollowedBy);
            if (before != held.Id && after != held.Id) continue;
            other.Details = other.Details with { Follows = before == held.Id ? null : before, FollowedBy = after == held.Id ? null : after };
            operations.Add(other.Put(other.Row.Published));
        }

        return operations;
    }

    private static void CheckStillToCome(Desk desk, Instant now, Part part)
    {
        var details = part.Details;
        if (details.Kept is not null) throw new DiaryException(DiaryFault.Conflict, "The appointment is not in the calendar: put it back first.");
        if (details.Protected || details.Occurrences.Any(occurrence => occurrence.Protected))
            throw new DiaryException(DiaryFault.Conflict, "An invoice or a clinical note that names this practitioner is linked: the appointment stays where it is.");
        if (IsOver(desk, now, part) || HasBeen(details.Status) || details.Occurrences.Any(occurrence => occurrence.Status is { } own && HasBeen(own)))
            throw new DiaryException(DiaryFault.Conflict, "It has taken place, or part of the series has, with this practitioner: only what is still to come can be given to another.");
    }

    /// <summary>Whether a patient has been there by the clock: not every practice marks who attended.</summary>
    private static bool IsOver(Desk desk, Instant now, Part part)
    {
        if (part.Details.Kind != AppointmentKind.Patient) return false;
        var content = part.Series.Object;
        var taken = RecurrenceSet.Of(content, new ZoneResolver(content.Calendar, desk.Zone));
        return taken.Between(Instant.MinValue, now, new ExpansionBudget(ExpansionBudget.DefaultSteps)).Any(occurrence => occurrence.End <= now);
    }

    private static bool HasBeen(AppointmentStatus status) => status is AppointmentStatus.Attended or AppointmentStatus.DidNotAttend;
}
