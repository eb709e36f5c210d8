using CalDavServer.Dav.Resources;
using Calendaring.Store;
using Practice.Hx;

namespace CalDavServer.Dav.Methods;

/// <summary>
/// What COPY and MOVE share. Out of an HX_ calendar goes what the caller is shown, and the diary sees a removal; into one, the diary sees an addition; inside one, a MOVE is a new
/// name for the same appointment. Between ordinary calendars a MOVE leaves an object as it is, with what each level wrote of it; a COPY is of what the caller is shown.
/// </summary>
internal static class Transfer
{
    public static async ValueTask<DavError?> InvokeAsync(DavRequest request, bool removeSource)
    {
        if (Destination.TryParse(request.Http.Request, out var destination) is { } refused) return refused;
        if (destination.Path == request.Path) return new DavError(403, null, "Source and destination are the same.");
        if (await Privileges.CheckAsync(request, destination.Path, ResourceKinds.Home, Privilege.Bind) is { } forbidden) return forbidden;

        var created = true;
        var (_, error) = await WriteLoop.ApplyAsync(request, destination.Path, async () =>
        {
            var (source, missing) = await CalendarMember.FindAsync(request, request.Path);
            if (missing is not null || source!.Shown is null) return WritePlan.Refused(DavError.NotFound);
            if (await Conditions.CheckAsync(request, source.Shown) is { } failed) return WritePlan.Refused(failed);
            var (target, problem) = await CalendarMember.FindAsync(request, destination.Path);
            if (problem is not null) return WritePlan.Refused(problem);
            if (target!.Shown is not null && !destination.Overwrite) return WritePlan.Refused(DavError.PreconditionFailed("Overwrite: the destination is there."));
            created = target.Shown is null;
            return await PlanAsync(request, source, target, removeSource);
        });
        if (error is not null) return error;
        request.Http.Response.StatusCode = created ? StatusCodes.Status201Created : StatusCodes.Status204NoContent;
        return null;
    }

    private static async ValueTask<WritePlan> PlanAsync(DavRequest request, CalendarMember source, CalendarMember target, bool removeSource)
    {
        var sameCalendar = source.Collection.Id == target.Collection.Id;
        if (target.Collection.Kind == CollectionKind.Hx)
        {
            if (target.Shown is not null || (sameCalendar && target.Current is not null))
                return WritePlan.Refused(new DavError(403, null, "An appointment of the practice's calendar cannot be replaced by another."));
            if (sameCalendar && removeSource) return await PlanRenameAsync(request, source, target);
        }

        if (await source.ReadAsync(request) is not { } read) return WritePlan.Refused(DavError.NotFound);
        if (sameCalendar && !removeSource) return WritePlan.Refused(WriteLoop.UidConflict(source.Path));
        var (incoming, problem) = IncomingObject.Read(read.Shown, target.Collection);
        if (problem is not null) return WritePlan.Refused(problem);
        var isOwn = target.Collection.Kind == CollectionKind.Calendar;
        var (put, _) = isOwn && removeSource && source.Collection.Kind == CollectionKind.Calendar
            ? target.PlanMove(incoming!, read.Stored)
            : await target.PlanPutAsync(request, incoming!);
        if (put.Error is not null) return put;
        IReadOnlyList<StoreOperation> described = isOwn ? await CarriedProperties.PlanAsync(request, source, target) : [];
        if (!removeSource) return new WritePlan([.. put.Operations!, .. described], null);

        // the removal first: it frees the UID
        var removal = await source.PlanRemovalAsync(request);
        return removal.Error is not null ? removal : new WritePlan([.. removal.Operations!, .. put.Operations!, .. described], null);
    }

    private static async ValueTask<WritePlan> PlanRenameAsync(DavRequest request, CalendarMember source, CalendarMember target)
    {
        var access = await request.ReadHxAccessAsync();
        if (access.State == HxState.Lapsed) return WritePlan.Refused(new DavError(403, null, HxAccess.LapsedReason));
        if (await source.ReadAsync(request) is not { } read) return WritePlan.Refused(DavError.NotFound);
        var row = read.Stored.Row;
        return new WritePlan(
            [
                new DeleteObject(source.Collection.Id, row.Name, Expectation.AtChange(row.Change)),
                new PutObject(
                    target.Collection.Id, target.Path.Object!, read.Stored.Bytes, row.Index, Expectation.Absent, row.Published, row.Details, row.Level, row.ScheduleTag),
                .. await CarriedProperties.PlanAsync(request, source, target),
                source.NoteRename(request, row.Index.Uid),
            ],
            null);
    }
}
