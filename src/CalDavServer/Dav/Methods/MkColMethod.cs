using System.Xml.Linq;
using CalDavServer.Dav.Properties;
using static CalDavServer.Dav.DavNames;

namespace CalDavServer.Dav.Methods;

/// <summary>Extended MKCOL (RFC 5689): the only collections that can be made are calendars.</summary>
internal sealed class MkColMethod : IMethod
{
    private static readonly XName Collection = XName.Get("collection", DavNames.Dav);
    private static readonly XName Calendar = XName.Get("calendar", CalDav);

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
        var refusal = DavError.Forbidden(D("valid-resourcetype"), "Only calendars can be made: say so in DAV:resourcetype, or use MKCALENDAR.");
        if (root is null) return refusal;
        if (root.Name != XName.Get("mkcol", DavNames.Dav)) return new DavError(415, null, "The body of a MKCOL is a DAV:mkcol element.");

        var update = PropertyUpdate.Parse(root);
        var type = update.Take(D("resourcetype"));
        if (type is null) return refusal;
        if (!IsCalendar(type)) update.Fail(D("resourcetype"), refusal);
        return await CalendarCreation.InvokeAsync(request, update, D("mkcol-response"));
    }

    private static bool IsCalendar(XElement type)
    {
        var calendar = false;
        var collection = false;
        foreach (var element in type.Elements())
        {
            if (element.Name == Calendar) calendar = true;
            else if (element.Name == Collection) collection = true;
            else return false;
        }

        return calendar && collection;
    }
}
