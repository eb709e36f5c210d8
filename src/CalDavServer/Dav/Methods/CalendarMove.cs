using CalDavServer.Dav.Resources;
using Calendaring.Store;
using static CalDavServer.Dav.DavNames;

namespace CalDavServer.Dav.Methods;

/// <summary>MOVE of an ordinary calendar with all that is in it to another name in the same home (RFC 4918 §9.9.2).</summary>
internal static class CalendarMove
{
    public static async ValueTask<DavError?> InvokeAsync(DavRequest request)
    {
        if (request.Depth is Depth.Zero or Depth.One) return DavError.BadRequest("A calendar is moved with Depth: infinity.");
        if (Destination.TryParse(request.Http.Request, out var destination) is { } refused) return refused;
        var target = destination.Path;
        if (target == request.Path) return new DavError(403, null, "Source and destination are the same.");
        if (!ResourceResolver.IsOwn(target, request.Caller)) return DavError.NotFound;
        if (!CalendarCreation.IsLocationOk(target))
            return DavError.Forbidden(C("calendar-collection-location-ok"), "A calendar is moved to a new name directly in its calendar home.");
        if (await Privileges.CheckAsync(request, target, ResourceKinds.Home, Privilege.Bind) is { } forbidden) return forbidden;

        var created = true;
        var (_, error) = await WriteLoop.ApplyAsync(request, target, async () =>
        {
            if (await ResourceResolver.ResolveAsync(request.Path, request.Caller, request.Snapshot) is not CalendarResource source) return WritePlan.Refused(DavError.NotFound);
            if (await Preconditions.CheckAsync(request, source) is { } failed) return WritePlan.Refused(failed);
            var replaced = await request.Snapshot.FindCollectionAsync(target.Id!, target.Collection!);
            if (replaced is not null && !destination.Overwrite) return WritePlan.Refused(DavError.PreconditionFailed("Overwrite: the destination is there."));
            created = replaced is null;
            return PlanOf(source.Collection, replaced, new MoveCollection(source.Collection.Id, target.Collection!, (int)request.Caller.Level));
        });
        if (error is not null) return error;
        request.Http.Response.StatusCode = created ? StatusCodes.Status201Created : StatusCodes.Status204NoContent;
        return null;
    }

    // RFC 4918 §9.9.3: what is at the destination is removed first
    private static WritePlan PlanOf(Collection source, Collection? replaced, MoveCollection move)
    {
        StoreOperation unchanged = new ExpectCollection(source.Id, source.Change);
        return replaced is null
            ? WritePlan.Of(unchanged, move)
            : WritePlan.Of(unchanged, new ExpectCollection(replaced.Id, replaced.Change), new DeleteCollection(replaced.Id), move);
    }
}
