using System.Net;

namespace ProviderBridge.CalDav;

/// <summary>Which hosts belong to one holder: those below the same registrable domain. iCloud sends everybody on to a host of their own below icloud.com.</summary>
internal static class CalDavSite
{
    public static bool IsSame(Uri one, Uri other) => DomainOf(one).Equals(DomainOf(other), StringComparison.Ordinal);

    private static string DomainOf(Uri address)
    {
        var host = address.IdnHost.TrimEnd('.').ToLowerInvariant();
        if (address.HostNameType is not UriHostNameType.Dns || IPAddress.TryParse(host, out _)) return host;
        var domain = PublicSuffixes.HolderOf(host);
        // Apple's accounts in China live there, and are found at either
        return domain == "icloud.com.cn" ? "icloud.com" : domain;
    }
}
