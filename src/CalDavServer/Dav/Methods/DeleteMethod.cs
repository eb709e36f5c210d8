using CalDavServer.Dav.Resources;
using Calendaring.Store;

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
        var (_, error) = await WriteLoop.ApplyAsync(
            request, request.Path, () => request.Path.Kind == DavPathKind.Object ? PlanObjectAsync(request) : PlanCalendarAsync(request));
        if (error is null) request.Http.Response.StatusCode = StatusCodes.Status204NoContent;
        return error;
    }

    private static async ValueTask<WritePlan> PlanObjectAsync(DavRequest request)
    {
        var (member, error) = await CalendarMember.FindAsync(request, request.Path);
        if (error is not null || member!.Shown is null) return WritePlan.Refused(DavError.NotFound);
        return await Conditions.CheckAsync(request, member.Shown) is { } failed ? WritePlan.Refused(failed) : await member.PlanRemovalAsync(request);
    }

    private static async ValueTask<WritePlan> PlanCalendarAsync(DavRequest request)
    {
        if (await ResourceResolver.ResolveAsync(request.Path, request.Caller, request.Snapshot) is not CalendarResource calendar)
            return WritePlan.Refused(DavError.NotFound);
        return await Conditions.CheckAsync(request, calendar) is { } failed
            ? WritePlan.Refused(failed)
            : WritePlan.Of(new DeleteCollection(calendar.Collection.Id));
    }
}
