using CalDavServer.Dav.Resources;
using Calendaring.Store;
using Practice.Hx;

namespace CalDavServer.Dav.Methods;

/// <summary>DELETE (RFC 4918 §9.6) of a calendar object, or of an ordinary calendar with all that is in it.</summary>
internal sealed class DeleteMethod : IMethod
{
    public string Name => "DELETE";

    public bool TakesBody => false;

    public async ValueTask<DavError?> InvokeAsync(DavRequest request)
    {
        // RFC 4918 §9.6.1: a collection goes with its members
        if (request.Resource!.IsCollection && request.Depth is Depth.Zero or Depth.One) return DavError.BadRequest("A calendar is removed with Depth: infinity.");
        var error = request.Resource is CalendarObjectResource { Calendar.Collection.IsHx: true } ? await RemoveAsync(request) : await DeleteAsync(request);
        if (error is null) request.Http.Response.StatusCode = StatusCodes.Status204NoContent;
        return error;
    }

    private static async ValueTask<DavError?> RemoveAsync(DavRequest request)
    {
        DavError? problem = null;
        var outcome = await HxAnswer.Changes(request).RemoveAsync(
            request.Path.Id!,
            HxAnswer.Origin(request),
            async (_, _) =>
            {
                request.Expected.Clear();
                (var member, problem) = await FindAsync(request);
                return member?.Path.Object;
            },
            request.Expected,
            _ => ValueTask.FromResult<IReadOnlyList<StoreOperation>?>([HxAnswer.Quota(request)]),
            request,
            request.Cancelled);
        return HxAnswer.ErrorOf(request, outcome, request.Path, problem, DavError.NotFound);
    }

    private static async ValueTask<DavError?> DeleteAsync(DavRequest request) => (await WriteLoop.ApplyAsync(
        request, request.Path, () => request.Path.Kind == DavPathKind.Object ? PlanObjectAsync(request) : PlanCalendarAsync(request))).Error;

    private static async ValueTask<WritePlan> PlanObjectAsync(DavRequest request)
    {
        var (member, error) = await FindAsync(request);
        return error is null ? WritePlan.Of(member!.Removal) : WritePlan.Refused(error);
    }

    private static async ValueTask<(CalendarMember? Member, DavError? Error)> FindAsync(DavRequest request)
    {
        var (member, error) = await CalendarMember.FindAsync(request, request.Path);
        if (error is not null || member!.Shown is null) return (null, DavError.NotFound);
        return await Preconditions.CheckAsync(request, member.Shown) is { } failed ? (null, failed) : (member, null);
    }

    private static async ValueTask<WritePlan> PlanCalendarAsync(DavRequest request)
    {
        if (await ResourceResolver.ResolveAsync(request.Path, request.Caller, request.Snapshot) is not CalendarResource calendar)
            return WritePlan.Refused(DavError.NotFound);
        return await Preconditions.CheckAsync(request, calendar) is { } failed
            ? WritePlan.Refused(failed)
            : WritePlan.Of(new DeleteCollection(calendar.Collection.Id));
    }
}
