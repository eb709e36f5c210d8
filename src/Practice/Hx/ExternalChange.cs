using Calendaring.ICalendar;
using Calendaring.Store;
using NodaTime;
using Practice.Audit;

namespace Practice.Hx;

/// <summary>Who outside the diary makes a change: a device, or a link to a provider.</summary>
/// <param name="Id">The app password's or link's id.</param>
/// <param name="Label">What the person called it.</param>
/// <param name="Level">What it is shown.</param>
public sealed record ExternalOrigin(string Id, string Label, PrivacyLevel Level)
{
    /// <summary>Who acts, for the audit log.</summary>
    public AuditActor Actor { get; init; } = new(Label, ActorVia.AppPassword, null, Id, Label);
}

/// <summary>A change made outside the diary to an object of an HX_ calendar.</summary>
/// <param name="Collection">The HX_ calendar.</param>
/// <param name="Name">The object's path segment.</param>
/// <param name="Origin">Who makes it.</param>
/// <param name="At">When.</param>
public abstract record ExternalChange(Collection Collection, string Name, ExternalOrigin Origin, Instant At)
{
    /// <summary>The practitioner's access to two-way sync (<see cref="HxAccess.ReadAsync"/>).</summary>
    public required HxAccess Access { get; init; }

    /// <summary>The step that notes what the change did to an appointment.</summary>
    internal StoreOperation Note(AuditAction action, string appointmentId, LocalDateTime? occurrence = null, Func<AuditEntry, AuditEntry>? with = null) =>
        DiaryAudit.Line(new AppointmentKey(Collection.PrincipalId, appointmentId), At, Origin.Actor, action, occurrence, with: with);

    /// <summary>What of it is not taken, for the practitioner to decide.</summary>
    internal RejectedEdit Rejected(string appointmentId, params IReadOnlyList<RejectedField> fields) => new(At, appointmentId, Origin.Id, Origin.Label, fields);
}

/// <summary>An object added or edited.</summary>
/// <param name="Collection">The HX_ calendar.</param>
/// <param name="Name">The object's path segment.</param>
/// <param name="Origin">Who makes it.</param>
/// <param name="At">When.</param>
/// <param name="Current">What the diary has under this name, published or not; null when nothing.</param>
/// <param name="SameUid">What the diary has under another name with the same UID and not published (removed outside, kept in the diary); null when nothing.</param>
/// <param name="Bytes">What was sent.</param>
/// <param name="Incoming">The same, parsed; it keeps all rules of a calendar object resource.</param>
public sealed record ExternalPut(
    Collection Collection,
    string Name,
    ExternalOrigin Origin,
    Instant At,
    StoredObject? Current,
    StoredObject? SameUid,
    ReadOnlyMemory<byte> Bytes,
    CalendarObject Incoming) : ExternalChange(Collection, Name, Origin, At)
{
    /// <summary>What is indexed of what was sent.</summary>
    public ObjectIndex IncomingIndex { get => field ??= ObjectIndexer.Index(Incoming); init; }

    /// <summary>
    /// The ended rest of a patient series that a new object seems to continue (<see cref="HxCalendar.FindEndedAsync"/>), or null.
    /// </summary>
    public StoredObject? Ended { get; init; }

    /// <summary>Whether the sender named the version that it changes (If-Match): then it knows what the practice has cancelled of it.</summary>
    public bool Knows { get; init; } = true;

    /// <summary>Whether it is a copy of a private appointment, of which the sender knows nothing but when it is.</summary>
    internal bool IsCopyOfHidden { get; init; }

    /// <summary>What it is a copy of then, where the diary still has that.</summary>
    internal StoredObject? Original { get; init; }

    /// <summary>Whether Halaxy has it, as the truth: of that less is taken, since Halaxy cannot be told.</summary>
    internal bool IsInHalaxy { get; init; }

    /// <summary>What the practice deleted of it, where the sender does not know.</summary>
    internal DeletedHere Deleted { get; init; } = DeletedHere.Nothing;
}

/// <summary>An object removed.</summary>
/// <param name="Collection">The HX_ calendar.</param>
/// <param name="Name">The object's path segment.</param>
/// <param name="Origin">Who makes it.</param>
/// <param name="At">When.</param>
/// <param name="Current">What the diary has.</param>
public sealed record ExternalRemoval(Collection Collection, string Name, ExternalOrigin Origin, Instant At, StoredObject Current)
    : ExternalChange(Collection, Name, Origin, At);

/// <summary>What an external change comes to.</summary>
public abstract record HxDecision;

/// <summary>The change is taken, wholly or in part.</summary>
/// <param name="Operations">What to do, in one batch; each object operation carries the expectation that nothing changed since it was read.</param>
/// <param name="StoredAsSent">Whether what the sender would read back is what it sent; only then may it be given an ETag.</param>
public sealed record HxAccepted(IReadOnlyList<StoreOperation> Operations, bool StoredAsSent) : HxDecision
{
    /// <summary>What was sent and is not taken, to be kept for the practitioner: one for each appointment.</summary>
    internal IReadOnlyList<RejectedEdit> Rejected { get; init; } = [];

    /// <summary>Of the operations, that which puts the rest of a patient series that was ended; null when none was.</summary>
    internal PutObject? Ended { get; init; }
}

/// <summary>The change is refused (403).</summary>
/// <param name="Reason">A sentence for the person, without content of the appointment.</param>
public sealed record HxRefused(string Reason) : HxDecision;
