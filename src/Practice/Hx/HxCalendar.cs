using Calendaring.ICalendar;
using Calendaring.Store;
using NodaTime;
using Practice.Appointments;

namespace Practice.Hx;

/// <summary>
/// The one place that knows what the outside sees of an appointment, and what an external add, edit, move or removal does to it (docs/rules.md
/// R4, R6, A5 to A7, P1 to P4).
/// </summary>
public static class HxCalendar
{
    /// <summary>The path segment of the HX_ calendar in a practitioner's home.</summary>
    public const string CollectionName = "hx";

    /// <summary>The kind of the HX_ calendar's collection (<see cref="Collection.Kind"/>).</summary>
    public const int Kind = 1;

    // a mark of ours in the calendar's row, which is read anyway; no client can name a property with a space in it
    private static readonly PropertyName NotStarted = new("", "not started");

    /// <summary>
    /// Whether a calendar is an HX_ calendar that has not been set up where that is needed (<see cref="HxState.NotStarted"/>): outside it is not there.
    /// </summary>
    public static bool IsHidden(Collection collection)
    {
        ArgumentNullException.ThrowIfNull(collection);
        return collection.IsHx && collection.Properties.TryGet(NotStarted, out _);
    }

    internal static CreateCollection Hide(CreateCollection hx) =>
        new(hx.Collection with { Properties = hx.Collection.Properties.With(NotStarted, "<hidden/>") });

    internal static UpdateCollection Show(Collection hx) => new(hx.Id, new Dictionary<PropertyName, string?> { [NotStarted] = null });

    /// <summary>The title of an appointment of which nothing is shown but when it is.</summary>
    public const string BusyTitle = "Busy";

    /// <summary>The name under which a calendar appears outside (R2, R3).</summary>
    public static string NameOf(Collection collection)
    {
        ArgumentNullException.ThrowIfNull(collection);
        return collection.Properties.TextOf(PropertyName.DisplayName) ?? collection.Name;
    }

    /// <summary>Whether an appointment is with a patient.</summary>
    public static bool IsPatient(ObjectRow row)
    {
        ArgumentNullException.ThrowIfNull(row);
        return AppointmentDetails.IsPatient(row.Details);
    }

    /// <summary>
    /// Whether a level is shown something else than what is stored. Size, hash and content of such a row must not leave the server: a hash
    /// of the whole would let its holder try names.
    /// </summary>
    public static bool IsProjected(ObjectRow row, PrivacyLevel level)
    {
        ArgumentNullException.ThrowIfNull(row);
        return (int)level < row.Level;
    }

    /// <summary>
    /// The ETag of the representation that a level is shown, without quotes: an ETag belongs to a representation. Needs no bytes. That of
    /// a projection says which version is projected, and nothing of its content.
    /// </summary>
    public static string ETagOf(ObjectRow row, PrivacyLevel level) =>
        IsProjected(row, level) ? $"{VersionOf(row)}-{(int)level}" : row.ETag;

    /// <summary>Names a version of a row, details included, and says nothing of its content.</summary>
    internal static string VersionOf(ObjectRow row) => $"{row.Change:x}-{row.Modified.ToUnixTimeMilliseconds():x}";

    /// <summary>
    /// The bytes that a level is shown. A personal appointment at the level of who wrote it, and any at <see cref="PrivacyLevel.FullName"/>,
    /// is as stored.
    /// </summary>
    /// <exception cref="CorruptObjectException">What is stored cannot be read, so that nothing of it can be shown.</exception>
    public static ReadOnlyMemory<byte> Represent(StoredObject stored, PrivacyLevel level)
    {
        ArgumentNullException.ThrowIfNull(stored);
        if (!IsProjected(stored.Row, level)) return stored.Bytes;
        try
        {
            return Show(stored, level).ToText();
        }
        catch (FormatException)
        {
            throw new CorruptObjectException(stored.Row.CollectionId, stored.Row.Name);
        }
    }

    /// <summary>The same, parsed.</summary>
    /// <exception cref="FormatException">What is stored cannot be read.</exception>
    internal static CalendarObject Show(StoredObject stored, PrivacyLevel level)
    {
        var full = CalendarObject.Parse(stored.Bytes);
        return IsProjected(stored.Row, level) ? Projection.Of(full, AppointmentDetails.Read(stored.Row.Details), level) : full;
    }

    /// <summary>What a link shows of an appointment: a private one without a patient is hidden from its account, unless it was made or made private there (docs/rules.md P9).</summary>
    /// <param name="stored">The appointment.</param>
    /// <param name="linkId">The link.</param>
    /// <param name="level">The link's privacy level.</param>
    /// <exception cref="CorruptObjectException">What is stored cannot be read, so that nothing of it can be shown.</exception>
    public static LinkView ShowLink(StoredObject stored, string linkId, PrivacyLevel level)
    {
        ArgumentNullException.ThrowIfNull(stored);
        try
        {
            var (full, details) = (CalendarObject.Parse(stored.Bytes), AppointmentDetails.Read(stored.Row.Details));
            var whole = IsProjected(stored.Row, level) ? Projection.Of(full, details, level) : full;
            var isHidden = HiddenCopy.IsHidden(full, details, linkId);
            return new LinkView(isHidden ? Projection.Busy(full, details) : whole, isHidden, whole);
        }
        catch (FormatException)
        {
            throw new CorruptObjectException(stored.Row.CollectionId, stored.Row.Name);
        }
    }

    /// <summary>
    /// What a new series from outside seems to continue: apps move "this and all that follow" by ending a series and adding another. To be
    /// given to <see cref="ExternalPut.Ended"/> with an object that is new.
    /// </summary>
    internal static ValueTask<StoredObject?> FindEndedAsync(
        IStoreSnapshot snapshot, Collection collection, CalendarObject incoming, ExternalOrigin origin, Instant at) =>
        Continuation.FindEndedAsync(snapshot, collection, incoming, origin, at);

    /// <summary>Decides what a change means; what of it is not taken is kept for the practitioner. Nothing is written here.</summary>
    internal static async ValueTask<HxDecision> DecideAsync(IStoreSnapshot snapshot, ExternalChange change)
    {
        if (change is ExternalPut { Knows: false } put)
            change = put with { Deleted = await DeletedHere.ReadAsync(snapshot, new AppointmentKey(put.Collection.PrincipalId, put.IncomingIndex.Uid), put.At) };
        var decision = Accept(change);
        if (decision is not HxAccepted accepted) return decision;
        if (accepted.Ended is not null) accepted = await Continuation.LinkAddedAsync(snapshot, change, accepted);
        List<StoreOperation> operations = [.. accepted.Operations];
        if (change is ExternalRemoval removal) operations.AddRange(await RemovedAppointment.KeepAsync(snapshot, removal));
        foreach (var rejected in accepted.Rejected) operations.AddRange(await rejected.KeepAsync(snapshot, change));
        return accepted with { Operations = operations };
    }

    internal static HxDecision Accept(ExternalChange change)
    {
        ArgumentNullException.ThrowIfNull(change);
        if (change.Access.Refusal is { } reason) return new HxRefused(reason);
        return change switch
        {
            ExternalPut put => ExternalWrite.Decide(put),
            ExternalRemoval removal => Removal.Decide(removal),
            _ => throw new ArgumentException("This kind of change is not known.", nameof(change)),
        };
    }
}
