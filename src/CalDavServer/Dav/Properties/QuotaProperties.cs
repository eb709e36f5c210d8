using CalDavServer.Dav.Resources;
using CalDavServer.Dav.Xml;
using static CalDavServer.Dav.DavNames;

namespace CalDavServer.Dav.Properties;

/// <summary>How much a home holds (RFC 4331). There is no quota, so quota-available-bytes is not defined.</summary>
internal static class QuotaProperties
{
    public static IReadOnlyList<LiveProperty> Rows { get; } =
    [
        new(D("quota-used-bytes"), ResourceKinds.Principal | ResourceKinds.Home | ResourceKinds.Calendar, Used) { NeedsHomeSize = true },
        new(D("quota-available-bytes"), ResourceKinds.Principal | ResourceKinds.Home | ResourceKinds.Calendar, LiveProperty.Nothing),
    ];

    private static bool Used(XmlUtf8Writer xml, DavResource resource, DavRequest request)
    {
        xml.Number(request.HomeSize ?? 0);
        return true;
    }
}
