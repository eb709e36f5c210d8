using Calendaring.ICalendar;
using Calendaring.Store;
using Calendaring.Validation;
using NodaTime;
using Practice.Appointments;
using Practice.Audit;

namespace Practice.Hx;

/// <summary>
/// The one way in for what is done outside to a practitioner's HX_ calendar, whoever does it: a device, or a link to an outside calendar. It reads what the change depends on, the access to two-way sync
/// and whether the practitioner is still active among it, decides (<see cref="HxCalendar"/>), and writes it with its line of audit in one transaction; after a lost race it decides again.
/// </summary>
/// <param name="store">Where it is kept.</param>
/// <param name="clock">The current time.</param>
/// <param name="mirrorsHalaxy">Whether a practitioner's diary mirrors that in Halaxy; asked only about what Halaxy has, or had.</param>
public sealed class ExternalChanges(ICalendarStore store, IClock clock, Func<IStoreSnapshot, string, ValueTask<bool>> mirrorsHalaxy)
{
    /// <summary>Puts a whole object under a name: what a client does that keeps what it was given.</summary>
    /// <param name="practitionerId">Whose calendar.</param>
    /// <param name="name">The object's path segment.</param>
    /// <param name="origin">Who does it.</param>
    /// <param name="send">What is put, decided on what is under the name; null when a condition of the sender does not hold.</param>
    /// <param name="view">Where it is decided; null for snapshots of its own.</param>
    /// <param name="cancellationToken">Stops the wait, not a change that has been handed over.</param>
    /// <exception cref="CorruptObjectException">What is stored of the appointment is damaged.</exception>
    /// <exception cref="FormatException">What is stored of it cannot be read.</exception>
    public ValueTask<ExternalOutcome> PutAsync(
        string practitionerId, string name, ExternalOrigin origin, Func<IStoreSnapshot, ObjectRow?, ValueTask<ExternalSending?>> send, IHxView? view = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(origin);
        ArgumentNullException.ThrowIfNull(send);
        return ChangeAsync(practitionerId, origin, name, async (snapshot, look, hx, now) =>
        {
            var row = await look.FindRowAsync(practitionerId, name);
            if (await send(snapshot, row is { Published: true } ? row : null) is not { } sent) return new Plan(null, new ExternalConditionFailed());
            var (change, conflict) = await GatherAsync(snapshot, hx, name, row, sent, origin, now, await ReadAccessAsync(look, hx.PrincipalId));
            return change is null ? new Plan(null, new ExternalUidConflict(conflict)) : Plan.Of(await HxCalendar.DecideAsync(snapshot, await MarkAsync(snapshot, change)), sent.Expected, sent.Beside, change);
        }, view, cancellationToken);
    }

    /// <summary>
    /// Takes what a side has changed since it last had an appointment, and no more (<see cref="ExternalPatch"/>): a stale copy undoes nothing, and what that side cannot express stays as it is.
    /// </summary>
    /// <param name="appointment">The appointment.</param>
    /// <param name="origin">Who does it.</param>
    /// <param name="before">What the side had last.</param>
    /// <param name="sent">What it has now.</param>
    /// <param name="takes">Which changes are taken, by occurrence and field group; null takes all.</param>
    /// <param name="expected">What else is expected to be so: steps that fail when it is not.</param>
    /// <param name="beside">What the sender writes in the same batch: given what it is shown before, and after the change, null when it is shown nothing of it any more.</param>
    /// <param name="cancellationToken">Stops the wait, not a change that has been handed over.</param>
    /// <exception cref="CorruptObjectException">What is stored of the appointment is damaged.</exception>
    /// <exception cref="FormatException">What is stored of it cannot be read.</exception>
    public ValueTask<ExternalOutcome> PatchAsync(
        AppointmentKey appointment, ExternalOrigin origin, CalendarObject before, CalendarObject sent, Func<LocalDateTime?, FieldGroup, bool>? takes = null,
        IReadOnlyList<StoreOperation>? expected = null, Func<CalendarObject, CalendarObject?, IEnumerable<StoreOperation>>? beside = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(origin);
        return ChangeAsync(appointment.PractitionerId, origin, null, async (snapshot, look, hx, now) =>
        {
            if (await FindShownAsync(snapshot, hx, appointment.Uid) is not { } current) return new Plan(null, new ExternalGone());
            var shown = HxCalendar.Show(current, origin.Level);
            if (ExternalPatch.Apply(before, sent, shown, now, takes) is not { } patched) return Plan.Refusing("An appointment has a start of its own.", current, sent);
            var bytes = patched.ToText();
            if (bytes.AsSpan().SequenceEqual(shown.ToText())) return new Plan(null, new ExternalApplied(current, origin.Level, IsAsSent: true, []));
            if (CalendarObjectRules.Check(patched, hx.Components) is { } broken) return Plan.Refusing(broken.Reason, current, sent);
            var put = new ExternalPut(hx, current.Row.Name, origin, now, current, null, bytes, patched) { Access = await ReadAccessAsync(look, hx.PrincipalId) };
            var decision = await HxCalendar.DecideAsync(snapshot, await MarkAsync(snapshot, put));
            IReadOnlyList<StoreOperation> besides = beside is not null && decision is HxAccepted accepted ? [.. beside(shown, ShownAfter(accepted, current, origin.Level))] : [];
            return Plan.Of(decision, expected ?? [], besides, put) with { Name = current.Row.Name };
        }, null, cancellationToken);
    }

    /// <summary>Removes an appointment; what that means is decided by what it is (docs/rules.md A5, R6).</summary>
    /// <param name="practitionerId">Whose calendar.</param>
    /// <param name="origin">Who does it.</param>
    /// <param name="find">The path segment of the appointment, on a snapshot; null when there is none, or a condition of the sender does not hold.</param>
    /// <param name="expected">What else is expected to be so: steps that fail when it is not.</param>
    /// <param name="beside">What the sender does besides in the same batch, such as putting elsewhere what it was shown; null as the whole when that cannot be done.</param>
    /// <param name="view">Where it is decided; null for snapshots of its own.</param>
    /// <param name="cancellationToken">Stops the wait, not a change that has been handed over.</param>
    /// <exception cref="CorruptObjectException">What is stored of the appointment is damaged.</exception>
    /// <exception cref="FormatException">What is stored of it cannot be read.</exception>
    public ValueTask<ExternalOutcome> RemoveAsync(
        string practitionerId, ExternalOrigin origin, Func<IStoreSnapshot, Collection, ValueTask<string?>> find, IReadOnlyList<StoreOperation>? expected = null,
        Func<StoredObject, ValueTask<IReadOnlyList<StoreOperation>?>>? beside = null, IHxView? view = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(origin);
        ArgumentNullException.ThrowIfNull(find);
        return ChangeAsync(practitionerId, origin, null, async (snapshot, look, hx, now) =>
        {
            if (await find(snapshot, hx) is not { } name || await snapshot.FindObjectAsync(hx.Id, name) is not { Row.Published: true } current) return new Plan(null, new ExternalGone());
            IReadOnlyList<StoreOperation>? besides = beside is null ? [] : await beside(current);
            if (besides is null) return new Plan(null, new ExternalConditionFailed());
            var removal = new ExternalRemoval(hx, name, origin, now, current) { Access = await ReadAccessAsync(look, hx.PrincipalId) };
            return Plan.Of(await HxCalendar.DecideAsync(snapshot, removal), expected ?? [], besides, removal) with { Name = name };
        }, view, cancellationToken);
    }

    /// <summary>Gives an appointment another path segment: it stays what it is, and the diary notes it. Nothing is replaced by it.</summary>
    /// <param name="from">The appointment, by the path segment that it has.</param>
    /// <param name="to">The path segment that it is to have.</param>
    /// <param name="origin">Who does it.</param>
    /// <param name="beside">What the sender does besides in the same batch; null as the whole when a condition of the sender does not hold.</param>
    /// <param name="expected">What else is expected to be so: steps that fail when it is not.</param>
    /// <param name="view">Where it is decided; null for snapshots of its own.</param>
    /// <param name="cancellationToken">Stops the wait, not a change that has been handed over.</param>
    /// <exception cref="CorruptObjectException">What is stored of the appointment is damaged.</exception>
    public ValueTask<ExternalOutcome> RenameAsync(
        HxObjectKey from, string to, ExternalOrigin origin, Func<StoredObject, ValueTask<IReadOnlyList<StoreOperation>?>>? beside = null, IReadOnlyList<StoreOperation>? expected = null,
        IHxView? view = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(origin);
        return ChangeAsync(from.PractitionerId, origin, to, async (snapshot, look, hx, now) =>
        {
            if (await snapshot.FindObjectAsync(hx.Id, from.Name) is not { Row.Published: true } current) return new Plan(null, new ExternalGone());
            IReadOnlyList<StoreOperation>? besides = beside is null ? [] : await beside(current);
            if (besides is null) return new Plan(null, new ExternalConditionFailed());
            // what the diary has kept under the name is not replaced either
            if (await look.FindRowAsync(from.PractitionerId, to) is not null) return new Plan(null, new ExternalRefused(NothingIsReplaced));
            if ((await ReadAccessAsync(look, hx.PrincipalId)).Refusal is { } reason) return new Plan(null, new ExternalRefused(reason));
            var row = current.Row;
            return Plan.Of(
                new HxAccepted(
                    [
                        new DeleteObject(hx.Id, from.Name, Expectation.AtChange(row.Change)),
                        new PutObject(hx.Id, to, current.Bytes, row.Index, Expectation.Absent, row.Published, row.Details, row.Level, row.ScheduleTag),
                        DiaryAudit.Line(new AppointmentKey(hx.PrincipalId, row.Index.Uid), now, origin.Actor, AuditAction.Renamed),
                    ],
                    StoredAsSent: true),
                expected ?? [],
                besides,
                null);
        }, view, cancellationToken);
    }

    /// <summary>Why an appointment is not put in another's place.</summary>
    public const string NothingIsReplaced = "An appointment of the practice's calendar cannot be replaced by another.";

    /// <summary>The path segment of the appointment with a UID; to be given to <see cref="RemoveAsync"/>.</summary>
    public static Func<IStoreSnapshot, Collection, ValueTask<string?>> WithUid(string uid) =>
        async (snapshot, hx) => await snapshot.FindRowByUidAsync(hx.Id, uid) is { Published: true } row ? row.Name : null;

    /// <summary>Gathers what a put depends on: the change; or the path segment of the other appointment that has the UID, where the sender may know of it.</summary>
    private static async ValueTask<(ExternalPut? Change, string? Conflict)> GatherAsync(
        IStoreSnapshot snapshot, Collection hx, string name, ObjectRow? row, ExternalSending sent, ExternalOrigin origin, Instant now, HxAccess access)
    {
        var current = row is null ? null : await snapshot.FindObjectAsync(hx.Id, name);
        StoredObject? sameUid = null;
        if (await snapshot.FindRowByUidAsync(hx.Id, sent.Uid) is { } other && other.Name != name)
        {
            if (other.Published) return (null, other.Name);
            sameUid = await snapshot.FindObjectAsync(hx.Id, other.Name);
        }

        var isNew = row is not { Published: true } && sameUid is null;
        return (new ExternalPut(hx, name, origin, now, current, sameUid, sent.Bytes, sent.Content)
        {
            Access = access,
            Knows = sent.Knows,
            IncomingIndex = sent.Index,
            Ended = isNew && sent.CopyOf is null ? await HxCalendar.FindEndedAsync(snapshot, hx, sent.Content, origin, now) : null,
            IsCopyOfHidden = sent.CopyOf is not null,
            Original = sent.CopyOf is { } uid ? await FindHiddenAsync(snapshot, hx, uid, origin) : null,
        }, null);
    }

    private static async ValueTask<StoredObject?> FindHiddenAsync(IStoreSnapshot snapshot, Collection hx, string uid, ExternalOrigin origin) =>
        await snapshot.FindRowByUidAsync(hx.Id, uid) is { } row && await snapshot.FindObjectAsync(hx.Id, row.Name) is { } stored
        && HiddenCopy.IsHidden(CalendarObject.Parse(stored.Bytes), AppointmentDetails.Read(stored.Row.Details), origin.Id) ? stored : null;

    // whoever sends the change may have asked before the practitioner was deactivated, or never ask
    private static async ValueTask<HxAccess> ReadAccessAsync(IHxView look, string practitionerId)
    {
        var access = await look.ReadAccessAsync(practitionerId);
        return await look.FindPractitionerAsync(practitionerId) is { Deactivated: null } ? access : access with { IsDeactivated = true };
    }

    private async ValueTask<ExternalPut> MarkAsync(IStoreSnapshot snapshot, ExternalPut put) =>
        IsOfHalaxy(put.Current) || IsOfHalaxy(put.SameUid) ? put with { IsInHalaxy = await mirrorsHalaxy(snapshot, put.Collection.PrincipalId) } : put;

    private static bool IsOfHalaxy(StoredObject? stored) => stored is not null && AppointmentDetails.TryRead(stored.Row.Details)?.HalaxyId is not null;

    /// <summary>What a level is shown of an appointment when a change of it is written; null when nothing of it is.</summary>
    private static CalendarObject? ShownAfter(HxAccepted accepted, StoredObject before, PrivacyLevel level) =>
        accepted.Operations.OfType<PutObject>().FirstOrDefault(put => put.CollectionId == before.Row.CollectionId && put.Name == before.Row.Name) is { Published: true } put
            ? HxCalendar.Show(new StoredObject(before.Row with { Details = put.Details, Level = put.Level }, put.Bytes), level)
            : null;

    private static async ValueTask<StoredObject?> FindShownAsync(IStoreSnapshot snapshot, Collection hx, string uid) =>
        await snapshot.FindRowByUidAsync(hx.Id, uid) is { Published: true } row ? await snapshot.FindObjectAsync(hx.Id, row.Name) : null;

    private async ValueTask<ExternalOutcome> ChangeAsync(
        string practitionerId, ExternalOrigin origin, string? name, Func<IStoreSnapshot, IHxView, Collection, Instant, ValueTask<Plan>> decide, IHxView? view, CancellationToken cancellationToken)
    {
        using var own = view is null ? new HxView(store, clock, cancellationToken) : null;
        var look = view ?? own!;
        var changed = await store.ChangeAsync(practitionerId, async snapshot =>
        {
            if (await look.FindCalendarAsync(practitionerId) is not { } hx) return new Decision<Plan>(null, new Plan(null, new ExternalGone()));
            var plan = await decide(snapshot, look, hx, clock.GetCurrentInstant());
            return new Decision<Plan>(plan.Operations, plan);
        }, look, cancellationToken);
        var decided = changed.Result;
        if (changed.Failure is { Kind: StoreFailureKind.UidConflict } held) return new ExternalUidConflict(await FindShownNameAsync(practitionerId, decided.Operations?[held.Operation], held.ConflictingName, cancellationToken));
        if (changed.Failure is { } failure) return new ExternalUnavailable(failure);
        // the person outside may never see the refusal, and believes that it was done
        if (decided.Refused is { } refused) await RefusedChanges.NoteAsync(store, practitionerId, origin, refused, clock.GetCurrentInstant());
        if (decided.Outcome is not null) return decided.Outcome;
        return new ExternalApplied(decided.StoredUnder(decided.Name ?? name, changed.Outcome!), origin.Level, decided.IsAsSent, decided.NotTaken);
    }

    // what is only in the diary is not named; an ordinary calendar, into which an appointment is moved, has nothing of that kind
    private async ValueTask<string?> FindShownNameAsync(string practitionerId, StoreOperation? failed, string? name, CancellationToken cancellationToken)
    {
        if (name is null) return null;
        using var snapshot = await store.OpenSnapshotAsync(cancellationToken);
        var hx = await snapshot.FindCollectionAsync(practitionerId, HxCalendar.CollectionName);
        if (hx is not null && failed is PutObject put && put.CollectionId != hx.Id) return name;
        return hx is not null && await snapshot.FindRowAsync(hx.Id, name) is { Published: true } row ? row.Name : null;
    }

    /// <summary>The steps of a change, and what is told of it when that is known before they are written.</summary>
    private sealed record Plan(IReadOnlyList<StoreOperation>? Operations, ExternalOutcome? Outcome)
    {
        public string? Name { get; init; }

        public bool IsAsSent { get; private init; }

        public IReadOnlyList<RejectedField> NotTaken { get; private init; } = [];

        /// <summary>What was refused; null for what nobody could find again.</summary>
        public RefusedChange? Refused { get; private init; }

        public static Plan Refusing(string reason, StoredObject? existing, CalendarObject? sent, string? uid = null) =>
            new(null, new ExternalRefused(reason)) { Refused = RefusedChange.Of(existing, sent, uid, sent is null, reason) };

        public static Plan Of(HxDecision decision, IReadOnlyList<StoreOperation> expected, IReadOnlyList<StoreOperation> beside, ExternalChange? change) => decision switch
        {
            HxAccepted accepted => new Plan([.. expected, .. accepted.Operations, .. beside], null) { IsAsSent = accepted.StoredAsSent, NotTaken = [.. accepted.Rejected.SelectMany(rejected => rejected.Fields)] },
            HxRefused refused when change is ExternalPut put => (put.Current ?? put.SameUid) is { } existing
                ? Refusing(refused.Reason, existing, put.Incoming)
                : Refusing(refused.Reason, null, put.Incoming, put.IncomingIndex.Uid),
            HxRefused refused => Refusing(refused.Reason, (change as ExternalRemoval)?.Current, null),
            _ => throw new InvalidOperationException("A decision is of no known kind."),
        };

        public StoredObject? StoredUnder(string? name, BatchOutcome outcome)
        {
            var put = Operations!.OfType<PutObject>().Zip(outcome.Puts).FirstOrDefault(pair => pair.First.Name == name);
            return put.First is null ? null : new StoredObject(put.Second.Row, put.First.Bytes);
        }
    }
}
