using System.Xml.Linq;
using CalDavServer.Dav.Properties;
using static CalDavServer.Dav.DavNames;

namespace CalDavServer.Dav.Methods;

/// <summary>MKCALENDAR (RFC 4791 §5.3.1).</summary>
internal sealed class MkCalendarMethod : IMethod
{
    public string Name => "MKCALENDAR";

    public async ValueTask<DavError?> InvokeAsync(DavRequest request)
    {
        if (request.Resource is not null) return DavError.Forbidden(D("resource-must-be-null"), "There is a resource of this name.");
        var (root, error) = await request.ReadXmlAsync();
        if (error is not null) return error;
        if (root is not null && root.Name != XName.Get("mkcalendar", CalDav)) return DavError.BadRequest("The body of a MKCALENDAR is a CALDAV:mkcalendar element.");
        return await CalendarCreation.InvokeAsync(request, PropertyUpdate.Parse(root ?? new XElement("none")));
    }
}
