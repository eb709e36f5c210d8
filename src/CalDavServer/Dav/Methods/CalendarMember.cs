using CalDavServer.Dav.Resources;
using Calendaring.Store;
using Practice.Hx;
using static CalDavServer.Dav.DavNames;

namespace CalDavServer.Dav.Methods;

/// <summary>
/// A name in a calendar at one moment, and what is under it: the place where an object is put, or from which it is removed. What such a change does in an HX_ calendar is for
/// <see cref="ExternalChanges"/> alone.
/// </summary>
/// <param name="Path">Path of the object.</param>
/// <param name="Principal">Whose calendar it is.</param>
/// <param name="Collection">The calendar.</param>
/// <param name="Current">The row under the name, published or not; null when there is none.</param>
/// <param name="Shown">The same as the caller is shown it; null when it is absent for the caller.</param>
internal sealed record CalendarMember(DavPath Path, Principal Principal, Collection Collection, ObjectRow? Current, CalendarObjectResource? Shown)
{
    /// <summary>Looks a name up on the request's snapshot. The refusal is for a path at which no calendar object can be.</summary>
    public static async ValueTask<(CalendarMember? Member, DavError? Error)> FindAsync(DavRequest request, DavPath path)
    {
        if (path.Kind != DavPathKind.Object) return (null, new DavError(409, null, "A calendar object is put into a calendar."));
        if (!ResourceResolver.IsOwn(path, request.Caller)) return (null, DavError.NotFound);
        if (path.Collection is ResourceResolver.InboxName or ResourceResolver.OutboxName)
            return (null, new DavError(403, null, "Nothing can be put into the inbox or outbox."));
        var place = await request.FindAsync(path);
        return place.Calendar is { } calendar
            ? (new CalendarMember(path, calendar.Principal, calendar.Collection, place.Row, place.Resource as CalendarObjectResource), null)
            : (null, NoCalendar);
    }

    /// <summary>What is put where no calendar is.</summary>
    public static DavError NoCalendar { get; } = new(409, null, "There is no such calendar.");

    private static DavError UidOfAnother(DavPath path) => new(
        403, C("no-uid-conflict"), "The object under this name has another UID, and an object keeps its UID: use another name, or remove this object first.", path.ToHref());

    /// <summary>Whether the calendar is an HX_ calendar: its changes are for <see cref="ExternalChanges"/>.</summary>
    public bool IsHx => Collection.IsHx;

    private Expectation Unchanged => Current is null ? Expectation.Absent : Expectation.AtChange(Current.Change);

    /// <summary>The bytes that the caller is shown, with the whole as stored.</summary>
    public async ValueTask<(StoredObject Stored, ReadOnlyMemory<byte> Shown)?> ReadAsync(DavRequest request)
    {
        if (await request.Snapshot.FindObjectAsync(Collection.Id, Path.Object!) is not { } stored) return null;
        return (stored, HxCalendar.Represent(stored, request.Caller.Level));
    }

    /// <summary>RFC 4791 §5.3.2.1, no-uid-conflict: an object keeps its UID.</summary>
    public DavError? CheckUid(IncomingObject incoming) => Shown is not null && Shown.Row.Index.Uid != incoming.Index.Uid ? UidOfAnother(Path) : null;

    /// <summary>The steps that put an object here, in an ordinary calendar, and whether it will be read back as it was sent.</summary>
    public async ValueTask<(WritePlan Plan, bool StoredAsSent)> PlanPutAsync(DavRequest request, IncomingObject incoming)
    {
        if (CheckUid(incoming) is { } error) return (WritePlan.Refused(error), false);
        var level = request.Caller.Level;
        if (OwnCalendar.TakesAsSent(Current, level)) return (WritePlan.Of(Put(incoming.Bytes, incoming.Index, null, (int)level)), true);
        if (await request.Snapshot.FindObjectAsync(Collection.Id, Path.Object!) is not { } current) return (WritePlan.Refused(DavError.NotFound), false);
        var changed = OwnCalendar.Change(current, incoming.Bytes, incoming.Content, level);
        return (WritePlan.Of(Put(changed.Bytes, changed.Index, changed.Details, changed.Level)), changed.StoredAsSent);
    }

    private PutObject Put(ReadOnlyMemory<byte> bytes, ObjectIndex index, ObjectDetails? details, int level) =>
        new(Collection.Id, Path.Object!, bytes, index, Unchanged, Published: true, details, level, Current?.ScheduleTag);

    /// <summary>The steps that put an object of another ordinary calendar here as it is.</summary>
    public (WritePlan Plan, bool StoredAsSent) PlanMove(IncomingObject incoming, StoredObject moved)
    {
        if (CheckUid(incoming) is { } error) return (WritePlan.Refused(error), false);
        return (WritePlan.Of(Put(moved.Bytes, moved.Row.Index, moved.Row.Details, moved.Row.Level)), true);
    }

    /// <summary>The step that removes the object from an ordinary calendar.</summary>
    public StoreOperation Removal => new DeleteObject(Collection.Id, Path.Object!, Unchanged);
}
