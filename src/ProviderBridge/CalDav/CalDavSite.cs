using System.Net;

namespace ProviderBridge.CalDav;

/// <summary>Which hosts belong to one holder: those below the same registrable domain. iCloud sends everybody on to a host of their own below icloud.com.</summary>
internal static class CalDavSite
{
    /// <summary>What registries of countries sell names below.</summary>
    private static readonly HashSet<string> Shared = ["ac", "asso", "asn", "co", "com", "edu", "firm", "gen", "go", "gob", "gouv", "gov", "govt", "gv", "id", "ind", "info", "ltd", "ne", "net", "nhs", "nom", "or", "org", "plc", "sch", "school"];

    public static bool IsSame(Uri one, Uri other) => DomainOf(one).Equals(DomainOf(other), StringComparison.OrdinalIgnoreCase);

    private static string DomainOf(Uri address)
    {
        var host = address.IdnHost.TrimEnd('.');
        var labels = host.Split('.');
        if (address.HostNameType is not UriHostNameType.Dns || IPAddress.TryParse(host, out _) || labels.Length < 3) return host;
        var domain = string.Join('.', labels[^(labels[^1].Length == 2 && Shared.Contains(labels[^2].ToLowerInvariant()) ? 3 : 2)..]);
        // Apple's accounts in China live there, and are found at either
        return domain.Equals("icloud.com.cn", StringComparison.OrdinalIgnoreCase) ? "icloud.com" : domain;
    }
}
