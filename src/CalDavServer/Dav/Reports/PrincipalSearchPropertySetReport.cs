using System.Xml.Linq;
using CalDavServer.Dav.Resources;
using CalDavServer.Dav.Xml;
using Calendaring.Store;

namespace CalDavServer.Dav.Reports;

/// <summary>DAV:principal-search-property-set (RFC 3744 §9.5): by which properties principals can be searched.</summary>
internal sealed class PrincipalSearchPropertySetReport : IReport
{
    public PropertyName Name => DavNames.D("principal-search-property-set");

    public bool AppliesTo(DavResource resource) => resource.IsCollection;

    public async ValueTask<DavError?> InvokeAsync(DavRequest request, DavResource resource, XElement body, Depth depth)
    {
        if (depth != Depth.Zero) return DavError.BadRequest("A principal-search-property-set has Depth 0.");
        using var xml = new XmlUtf8Writer();
        xml.Root(Name);
        foreach (var (name, description) in PrincipalSearch.Properties)
        {
            xml.Raw("<D:principal-search-property><D:prop>"u8);
            xml.Empty(name);
            xml.Raw("</D:prop><D:description xml:lang=\"en\">"u8);
            xml.Text(description);
            xml.Raw("</D:description></D:principal-search-property>"u8);
        }

        xml.Close(Name);
        await xml.SendAsync(request);
        return null;
    }
}
