using System.Xml.Linq;
using CalDavServer.Dav.Properties;
using static CalDavServer.Dav.DavNames;

namespace CalDavServer.Dav.Methods;

/// <summary>Extended MKCOL (RFC 5689): the only collections that can be made are calendars.</summary>
internal sealed class MkColMethod : IMethod
{
    public string Name => "MKCOL";

    public async ValueTask<DavError?> InvokeAsync(DavRequest request)
    {
        if (request.Resource is not null)
        {
            // RFC 4918 §9.3.1
            request.Http.Response.Headers.Allow = MethodTable.Allow(request.Resource, request.Path);
            return new DavError(405, null, "There is a resource of this name.");
        }

        var (root, error) = await request.ReadXmlAsync();
        if (error is not null) return error;
        if (root is null) return CalendarCreation.NotACalendar;
        if (root.Name != XName.Get("mkcol", DavNames.Dav)) return new DavError(415, null, "The body of a MKCOL is a DAV:mkcol element.");

        var update = PropertyUpdate.Parse(root);
        return update.Sets(D("resourcetype"))
            ? await CalendarCreation.InvokeAsync(request, update, D("mkcol-response"))
            : CalendarCreation.NotACalendar;
    }
}
