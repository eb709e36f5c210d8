using Calendaring.Store;
using NodaTime;
using Practice.Appointments;
using Practice.Audit;
using Practice.Hx;

namespace Practice.Diaries;

/// <summary>
/// A practitioner's diary: what the practice does with appointments. Each change is one batch with the calendar, its details and a line of
/// history; when somebody else was faster it is decided again on what is there then. Every method throws <see cref="DiaryException"/> when
/// it does not do what was asked.
/// </summary>
/// <param name="store">Where it is kept.</param>
/// <param name="clock">The current time.</param>
/// <param name="practitionerId">Whose diary.</param>
/// <param name="actor">Who acts, for the audit log.</param>
public sealed partial class Diary(ICalendarStore store, IClock clock, string practitionerId, AuditActor actor)
{
    /// <summary>A diary in which somebody acts of whom only a name is known.</summary>
    public Diary(ICalendarStore store, IClock clock, string practitionerId, string actor)
        : this(store, clock, practitionerId, new AuditActor(actor))
    {
    }

    /// <summary>Whether the diary is the actor's own; where no person is known nobody looks on.</summary>
    private bool IsOwner => actor.PersonId is not { } person || person == practitionerId;

    /// <summary>What a change came to: what to write, and which appointment to answer with.</summary>
    private sealed record Change(string Id, params IReadOnlyList<StoreOperation> Operations);

    private async Task<string> ChangeAsync(Func<Desk, Instant, Task<Change>> decide)
    {
        var changed = await store.ChangeAsync(practitionerId, async snapshot =>
        {
            var now = clock.GetCurrentInstant();
            var change = await decide(await Desk.OpenAsync(snapshot, practitionerId, now), now);
            return new Decision<string>(change.Operations, change.Id);
        });
        return changed.Failure?.Kind switch
        {
            null => changed.Result,
            StoreFailureKind.NoSpace => throw new DiaryException(DiaryFault.NoSpace, "The disk is full: nothing was changed."),
            StoreFailureKind.Unavailable => throw new DiaryException(DiaryFault.Unavailable, "The disk cannot be written: nothing was changed."),
            _ => throw new DiaryException(DiaryFault.Conflict, "The appointment is being changed by others all the time: try again."),
        };
    }

    private StoreOperation Note(AuditAction action, string id, Instant at, LocalDateTime? occurrence = null, Func<AuditEntry, AuditEntry>? with = null) =>
        DiaryAudit.Line(practitionerId, at, actor, action, id, occurrence, with: with);

    /// <summary>Any edit after the link is made serves an appointment outside (R5), unless it was taken out of the calendar.</summary>
    private static bool PublishedAfterEdit(Desk desk, HeldAppointment held) =>
        held.Row.Published || (desk.Access.State != HxState.NotStarted && !IsWithdrawn(held.Details));

    private static bool IsWithdrawn(AppointmentDetails details) =>
        details.Kept is not null || details.IsCancelled;

    private static void CheckLive(HeldAppointment held)
    {
        if (held.Details.IsCancelled)
            throw new DiaryException(DiaryFault.Conflict, "The appointment is cancelled: restore it first.");
    }

    /// <summary>What a private appointment says is its owner's affair.</summary>
    private void CheckPrivate(HeldAppointment held)
    {
        if (!IsOwner && !held.IsPatient && held.Content.Events().Any(EventFlags.IsPrivate))
            throw new DiaryException(DiaryFault.Conflict, "It is private: only the practitioner whose appointment it is can change what it says, or who has it.");
    }

    private static PutObject PutNew(Desk desk, string uid, Series series, AppointmentDetails details, bool published) => new PutObject(
        desk.Hx.Id,
        // a device's UID may have anything in it; of what it named by it there may still be a trace
        $"{(Guid.TryParse(uid, out _) ? uid : Guid.NewGuid().ToString())}.ics",
        series.Object.ToText(),
        DiaryIndex.Of(series.Object, details),
        Expectation.Absent,
        published,
        details.Write(),
        (int)details.Level);
}
