using CalDavServer.Dav.Resources;
using CalDavServer.Dav.Xml;
using static CalDavServer.Dav.DavNames;

namespace CalDavServer.Dav.Properties;

/// <summary>How much a home holds, and may still take (RFC 4331): as the caller's privacy level may know it.</summary>
internal static class QuotaProperties
{
    public static IReadOnlyList<LiveProperty> Rows { get; } =
    [
        new(D("quota-used-bytes"), ResourceKinds.Principal | ResourceKinds.Home | ResourceKinds.Calendar, Used) { NeedsUsage = true },
        new(D("quota-available-bytes"), ResourceKinds.Principal | ResourceKinds.Home | ResourceKinds.Calendar, Available) { NeedsUsage = true },
    ];

    private static bool Used(XmlUtf8Writer xml, DavResource resource, DavRequest request)
    {
        xml.Number(request.UsedBytes ?? 0);
        return true;
    }

    private static bool Available(XmlUtf8Writer xml, DavResource resource, DavRequest request)
    {
        xml.Number(request.AvailableBytes ?? 0);
        return true;
    }
}
