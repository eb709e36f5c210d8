using System.Xml.Linq;
using CalDavServer.Dav.Properties;
using CalDavServer.Dav.Resources;
using CalDavServer.Dav.Xml;
using Calendaring.Store;

namespace CalDavServer.Dav.Reports;

/// <summary>DAV:principal-match (RFC 3744 §9.3) on the collection of principals: which of them is the caller, or names the caller in a property.</summary>
internal sealed class PrincipalMatchReport : IReport
{
    private static readonly XNamespace D = DavNames.Dav;

    public PropertyName Name => DavNames.D("principal-match");

    public bool AppliesTo(DavResource resource) => resource.Path.Kind == DavPathKind.Principals;

    public async ValueTask<DavError?> InvokeAsync(DavRequest request, DavResource resource, XElement body, Depth depth)
    {
        if (depth != Depth.Zero) return DavError.BadRequest("A principal-match has Depth 0.");
        if (RequestedProperties.TryParseReport(body, out var requested) is { } wrong) return wrong;
        var self = body.Element(D + "self") is not null;
        var property = body.Element(D + "principal-property")?.Elements().FirstOrDefault();
        if (self == (property is not null)) return DavError.BadRequest("A principal-match has either self or principal-property.");

        using var output = new MultistatusWriter(request);
        output.Start();
        foreach (var principal in self ? [request.Caller.Principal] : await ResourceResolver.ListKnownAsync(request.Caller, request.Snapshot))
        {
            if (ResourceResolver.OfPrincipal(principal, request.Caller) is not { } found) continue;
            if (property is null || Names(found, property, request)) await PropertyWriter.WriteResponseAsync(request, output, found, requested);
        }

        await output.EndAsync();
        return null;
    }

    private static bool Names(PrincipalResource principal, XElement property, DavRequest request)
    {
        if (PropertyTable.Find(new PropertyName(property.Name.NamespaceName, property.Name.LocalName)) is not { } row) return false;
        using var scratch = new XmlUtf8Writer();
        if (!row.TryWrite(scratch, principal, request)) return false;
        var caller = PrincipalProperties.HrefOf(request.Caller.Principal);
        return DavNames.ParseStored(System.Text.Encoding.UTF8.GetString(scratch.Written.Span)).Descendants(D + "href").Any(href => href.Value == caller);
    }
}
