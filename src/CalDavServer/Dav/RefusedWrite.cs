using CalDavServer.Access;
using Calendaring.ICalendar;
using Calendaring.Store;
using Calendaring.Validation;
using NodaTime;
using Practice.Audit;
using Practice.Hx;

namespace CalDavServer.Dav;

/// <summary>
/// A change of an HX_ calendar that a caller's access does not allow is noted for its practitioner: the person at the device may never see the refusal, and believes that it was done. What the practice's rules refuse is noted by
/// <see cref="ExternalChanges"/>.
/// </summary>
internal static class RefusedWrite
{
    /// <summary>Notes what a request wanted.</summary>
    public static async ValueTask NoteAsync(DavRequest request, DavError error)
    {
        await request.RenewSnapshotAsync();
        var refused = await FindAsync(request, error.Sentence ?? "");
        request.ReleaseSnapshot();
        if (refused is not null) await RefusedChanges.NoteAsync(request.Store, request.Path.Id!, OriginOf(request.Caller, request.Http), refused, request.Clock.GetCurrentInstant());
    }

    /// <summary>Notes that somebody whose access was taken away was turned away: what is sent is not read.</summary>
    public static async ValueTask NoteTurnedAwayAsync(HttpContext http, Caller caller, ICalendarStore store, IClock clock)
    {
        if (http.Request.Method is not ("PUT" or "DELETE" or "MOVE") || !DavPath.TryParse(http.Request.Path.Value ?? "", out var path)) return;
        if (path is not { Kind: DavPathKind.Object, Collection: HxCalendar.CollectionName } || path.Id != caller.Principal.Id) return;
        RefusedChange? refused;
        using (var snapshot = await store.OpenSnapshotAsync(http.RequestAborted))
            refused = await FindAsync(snapshot, path, null, http.Request.Method != "PUT", HxAccess.DeactivatedReason);
        if (refused is not null) await RefusedChanges.NoteAsync(store, path.Id, OriginOf(caller, http), refused, clock.GetCurrentInstant());
    }

    public static ExternalOrigin OriginOf(Caller caller, HttpContext http) => new(caller.Credential.Id, caller.Credential.Label, caller.Level)
    {
        Actor = AuditActor.OnDevice(caller.Principal, caller.Credential, ClientName.Of(http.Request.Headers.UserAgent)),
    };

    private static async ValueTask<RefusedChange?> FindAsync(DavRequest request, string reason)
    {
        var (method, path) = (request.Http.Request.Method, request.Path);
        if (method is not ("MOVE" or "COPY")) return await FindAsync(request.Snapshot, path, Parse(request.Body), method == "DELETE", reason);
        if (Destination.TryParse(request.Http.Request, out var destination) is not null) return null;
        // another name for the same appointment is no change of it
        if (destination.Path.Collection == path.Collection) return null;
        if (path.Collection == HxCalendar.CollectionName) return await FindAsync(request.Snapshot, path, null, removes: true, reason);
        var source = await request.Snapshot.FindCollectionAsync(path.Id!, path.Collection!);
        var stored = source is null ? null : await request.Snapshot.FindObjectAsync(source.Id, path.Object!);
        return stored is null ? null : await FindAsync(request.Snapshot, destination.Path, Parse(stored.Bytes), removes: false, reason);
    }

    private static async ValueTask<RefusedChange?> FindAsync(IStoreSnapshot snapshot, DavPath path, CalendarObject? sent, bool removes, string reason)
    {
        if (await snapshot.FindCollectionAsync(path.Id!, HxCalendar.CollectionName) is not { IsHx: true } hx) return null;
        var row = path.Object is { } name ? await snapshot.FindRowAsync(hx.Id, name) : null;
        var uid = row is null && sent is not null ? ObjectIndexer.Index(sent).Uid : null;
        if (uid is not null) row = await snapshot.FindRowByUidAsync(hx.Id, uid);
        try
        {
            var existing = row is null ? null : await snapshot.FindObjectAsync(hx.Id, row.Name);
            return RefusedChange.Of(existing, sent, uid, removes, reason);
        }
        catch (CorruptObjectException)
        {
            // the refusal is answered all the same
            return null;
        }
    }

    private static CalendarObject? Parse(ReadOnlyMemory<byte>? body) =>
        body is { Length: > 0 } bytes && CalendarObject.TryParse(bytes, out var content, out _) && CalendarObjectRules.Check(content, ["VEVENT"]) is null ? content : null;
}
