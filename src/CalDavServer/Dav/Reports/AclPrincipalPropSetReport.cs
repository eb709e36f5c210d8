using System.Xml.Linq;
using CalDavServer.Dav.Properties;
using CalDavServer.Dav.Resources;
using CalDavServer.Dav.Xml;
using Calendaring.Store;

namespace CalDavServer.Dav.Reports;

/// <summary>DAV:acl-principal-prop-set (RFC 3744 §9.2): the principals named in the access control list of a resource, which is its owner alone.</summary>
internal sealed class AclPrincipalPropSetReport : IReport
{
    public PropertyName Name => DavNames.D("acl-principal-prop-set");

    public bool AppliesTo(DavResource resource) => (resource.Kind & ResourceKinds.Owned) != 0;

    public async ValueTask<DavError?> InvokeAsync(DavRequest request, DavResource resource, XElement body, Depth depth)
    {
        if (depth != Depth.Zero) return DavError.BadRequest("An acl-principal-prop-set has Depth 0.");
        if (RequestedProperties.TryParseReport(body, out var requested) is { } wrong) return wrong;
        using var output = new MultistatusWriter(request);
        output.Start();
        if (ResourceResolver.OfPrincipal(resource.Owner!, request.Caller) is { } owner) await PropertyWriter.WriteResponseAsync(request, output, owner, requested);
        await output.EndAsync();
        return null;
    }
}
