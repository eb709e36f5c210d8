using Calendaring.Store;
using NodaTime;
using Practice.Audit;
using Practice.Hx;

namespace Practice.Diaries;

/// <summary>
/// A practitioner's diary, and who acts in it. What is done with appointments is in the classes beside it: <see cref="Adding"/>, <see cref="Editing"/>, <see cref="Cancelling"/>,
/// <see cref="Restoring"/>, <see cref="HandingOver"/>, <see cref="Converting"/>, <see cref="Linking"/>, <see cref="Including"/>, <see cref="Deciding"/>, <see cref="TurningBack"/>; what is read of
/// it in <see cref="Queries"/>, <see cref="Surveying"/> and <see cref="Clashing"/>. Each change is one batch with the calendar, its details and a line of history; when somebody else was faster it
/// is decided again on what is there then. Every method throws <see cref="DiaryException"/> when it does not do what was asked.
/// </summary>
/// <param name="store">Where it is kept.</param>
/// <param name="clock">The current time.</param>
/// <param name="practitionerId">Whose diary.</param>
/// <param name="actor">Who acts, for the audit log.</param>
public sealed class Diary(ICalendarStore store, IClock clock, string practitionerId, AuditActor actor)
{
    /// <summary>Gives the ids of new appointments, UIDs for ever: random ones, but where a history is to be played again as it was.</summary>
    public Func<Guid> NewId { get; init; } = Guid.NewGuid;

    internal ICalendarStore Store => store;

    internal string PractitionerId => practitionerId;

    internal AuditActor Actor => actor;

    internal Instant Now => clock.GetCurrentInstant();

    /// <summary>Whether the diary is the actor's own; where no person is known nobody looks on.</summary>
    internal bool IsOwner => actor.PersonId is not { } person || person == practitionerId;

    /// <summary>Another's diary, in which the same person acts.</summary>
    internal Diary Of(string practitioner) => new(store, clock, practitioner, actor) { NewId = NewId };

    internal Task<Desk> OpenAsync(IStoreSnapshot snapshot) => Desk.OpenAsync(snapshot, practitionerId, Now);

    /// <summary>Decides on what there is, and does it.</summary>
    /// <returns>The id of the appointment to answer with.</returns>
    internal async Task<string> ChangeAsync(Func<Desk, Instant, Task<Change>> decide)
    {
        var changed = await store.ChangeAsync(practitionerId, async snapshot =>
        {
            var now = Now;
            var change = await decide(await Desk.OpenAsync(snapshot, practitionerId, now), now);
            return new Decision<string>(change.Operations, change.Id);
        });
        return changed.Failure?.Kind switch
        {
            null => changed.Result,
            StoreFailureKind.NoSpace => throw new DiaryException(DiaryFault.NoSpace, "The disk is full: nothing was changed."),
            StoreFailureKind.Unavailable => throw new DiaryException(DiaryFault.Unavailable, "The disk cannot be written to: nothing was changed."),
            _ => throw new DiaryException(DiaryFault.Conflict, "Others keep changing the appointment: try again."),
        };
    }

    /// <summary>What names an appointment of this diary among those of all.</summary>
    internal AppointmentKey KeyOf(string id) => new(practitionerId, id);

    internal StoreOperation Note(AuditAction action, string id, Instant at, LocalDateTime? occurrence = null, Func<AuditEntry, AuditEntry>? with = null) =>
        DiaryAudit.Line(KeyOf(id), at, actor, action, occurrence, with: with);

    /// <summary>What a private appointment says is its owner's affair.</summary>
    internal void CheckPrivate(HeldAppointment held)
    {
        if (!IsOwner && !held.IsPatient && held.Content.Events().Any(EventFlags.IsPrivate))
            throw new DiaryException(DiaryFault.Conflict, "It is private: only the practitioner whose appointment it is can change what it says, or whose calendar it is in.");
    }
}

/// <summary>What a change came to.</summary>
/// <param name="Id">Which appointment to answer with.</param>
/// <param name="Operations">What to write.</param>
internal sealed record Change(string Id, params IReadOnlyList<StoreOperation> Operations);
