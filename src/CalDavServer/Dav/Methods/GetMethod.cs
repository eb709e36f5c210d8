using CalDavServer.Dav.Properties;
using CalDavServer.Dav.Resources;
using Practice.Hx;

namespace CalDavServer.Dav.Methods;

/// <summary>GET and HEAD (RFC 9110 §9.3.1): a calendar object, or a whole calendar, as the caller is shown it; on another collection a line for the person who looks with a browser.</summary>
internal sealed class GetMethod(string name) : IMethod
{
    public string Name { get; } = name;

    public bool TakesBody => false;

    public async ValueTask<DavError?> InvokeAsync(DavRequest request)
    {
        var response = request.Http.Response;
        if (request.Resource is not CalendarObjectResource resource)
        {
            if (request.Resource is CalendarResource calendar) return await CalendarDownload.InvokeAsync(request, calendar);
            await CollectionLine.WriteAsync(request);
            return null;
        }

        Describe(response, resource);
        if (Preconditions.CheckMatch(request.Http.Request, resource.ETag, resource.Row) is { } failed) return failed;
        if (Preconditions.IsNotModified(request.Http.Request, resource.ETag, resource.Row.Modified))
        {
            response.ContentType = null;
            response.StatusCode = StatusCodes.Status304NotModified;
            return null;
        }

        if (await request.Snapshot.FindObjectAsync(resource.Calendar.Collection.Id, resource.Row.Name) is not { } stored) return DavError.NotFound;
        var bytes = HxCalendar.Represent(stored, request.Caller.Level);
        request.ReleaseSnapshot();
        await WriteBodyAsync(request, bytes);
        return null;
    }

    /// <summary>The headers that describe a calendar object.</summary>
    public static void Describe(HttpResponse response, CalendarObjectResource resource)
    {
        response.ContentType = ResourceProperties.ContentTypeOf(resource.Row.Index.Component);
        response.Headers.ETag = ETag.Quote(resource.ETag);
        response.Headers.LastModified = ResourceProperties.HttpDateOf(resource.Row.Modified);
        response.Headers.XContentTypeOptions = "nosniff";
        if (resource.Row.ScheduleTag is { } tag) response.Headers["Schedule-Tag"] = ETag.Quote(tag);
    }

    /// <summary>Writes a body that is at hand; of a HEAD its length alone.</summary>
    public static ValueTask WriteBodyAsync(DavRequest request, ReadOnlyMemory<byte> body)
    {
        request.Http.Response.ContentLength = body.Length;
        return HttpMethods.IsHead(request.Http.Request.Method) ? default : request.Http.Response.Body.WriteAsync(body, request.Cancelled);
    }
}
