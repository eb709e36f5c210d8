using System.Text;
using CalDavServer.Dav.Properties;
using CalDavServer.Dav.Resources;
using Calendaring.Store;
using Practice;

namespace CalDavServer.Dav.Methods;

/// <summary>GET and HEAD (RFC 9110 §9.3.1): a calendar object as the caller is shown it; on a collection a line for the person who looks with a browser.</summary>
internal sealed class GetMethod(string name) : IMethod
{
    private static readonly byte[] CollectionText =
        Encoding.UTF8.GetBytes("This is a CalDAV address: give it to a calendar app, with your login and an app password.\n");

    public string Name { get; } = name;

    public bool TakesBody => false;

    public async ValueTask<DavError?> InvokeAsync(DavRequest request)
    {
        var response = request.Http.Response;
        if (request.Resource is not CalendarObjectResource resource)
        {
            response.ContentType = "text/plain; charset=utf-8";
            await WriteBodyAsync(request, CollectionText);
            return null;
        }

        Describe(response, resource);
        if (Conditions.CheckMatch(request.Http.Request, resource.ETag, resource.Row) is { } failed) return failed;
        if (Conditions.IsNotModified(request.Http.Request, resource.ETag, resource.Row.Modified))
        {
            response.ContentType = null;
            response.StatusCode = StatusCodes.Status304NotModified;
            return null;
        }

        if (await request.Snapshot.FindObjectAsync(resource.Calendar.Collection.Id, resource.Row.Name) is not { } stored) return DavError.NotFound;
        var octets = resource.Calendar.Collection.Kind == CollectionKind.Hx ? HxCalendar.Represent(stored, request.Caller.Level) : stored.Octets;
        request.ReleaseSnapshot();
        await WriteBodyAsync(request, octets);
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

    private static ValueTask WriteBodyAsync(DavRequest request, ReadOnlyMemory<byte> body)
    {
        request.Http.Response.ContentLength = body.Length;
        return HttpMethods.IsHead(request.Http.Request.Method) ? default : request.Http.Response.Body.WriteAsync(body, request.Cancelled);
    }
}
