using CalDavServer.Dav.Resources;
using CalDavServer.Dav.Xml;

namespace CalDavServer.Dav.Properties;

/// <summary>Writes the DAV:response of one resource with the properties asked for, from the property table.</summary>
internal static class PropertyWriter
{
    /// <summary>
    /// Writes href and propstats: found properties with 200, the others with 404 (left out with Prefer: return=minimal, RFC 8144 §2.1). For a calendar object resource
    /// <paramref name="octets"/> are the representation shown to the caller, needed only when calendar-data or getcontentlength is asked for.
    /// </summary>
    public static ValueTask WriteResponseAsync(
        DavRequest request, MultistatusWriter output, DavResource resource, RequestedProperties requested, ReadOnlyMemory<byte>? octets = null) =>
        throw new NotImplementedException();
}
