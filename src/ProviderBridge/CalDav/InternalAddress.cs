using System.Net;
using System.Net.Sockets;

namespace ProviderBridge.CalDav;

/// <summary>Addresses that are not on the internet: of this machine, of its networks, and of nobody. Who types an address in a page must not have this server look into them.</summary>
internal static class InternalAddress
{
    // RFC 6890 and its registry
    private static readonly IPNetwork[] Networks =
    [
        .. new[]
        {
            "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24", "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/3",
            "::/96", "64:ff9b:1::/48", "100::/64", "2001::/23", "2001:db8::/32", "fc00::/7", "fe80::/10", "fec0::/10", "ff00::/8",
        }.Select(IPNetwork.Parse),
    ];

    public static bool Is(IPAddress address)
    {
        if (address.IsIPv4MappedToIPv6) address = address.MapToIPv4();
        return Networks.Any(network => network.Contains(address)) || (Embedded(address) is { } inner && Is(inner));
    }

    /// <summary>The IPv4 address that an IPv6 one leads to: by NAT64 (RFC 6052) or 6to4 (RFC 3056).</summary>
    private static IPAddress? Embedded(IPAddress address)
    {
        if (address.AddressFamily != AddressFamily.InterNetworkV6) return null;
        var bytes = address.GetAddressBytes();
        if (bytes is [0x20, 0x02, ..]) return new IPAddress(bytes.AsSpan(2, 4));
        return bytes is [0x00, 0x64, 0xff, 0x9b, 0, 0, 0, 0, 0, 0, 0, 0, ..] ? new IPAddress(bytes.AsSpan(12, 4)) : null;
    }
}
