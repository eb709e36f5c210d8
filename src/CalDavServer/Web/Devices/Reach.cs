using System.Net;
using System.Net.Sockets;

namespace CalDavServer.Web.Devices;

/// <summary>From where an address that people enter on their devices can be reached, as far as the address itself says.</summary>
internal static class Reach
{
    private const string Remedy = "Whoever runs the server can give it an address that devices reach: see the setting publicaddress in its manual.";

    /// <summary>What is said beside such an address; null when there is nothing to say.</summary>
    public static string? Warning(string host)
    {
        host = host.Trim('[', ']').TrimEnd('.');
        if (IsThisMachine(host)) return $"{host} is this computer itself: a phone or another computer cannot reach the server at this address. It works only for apps on the computer that the server runs on. {Remedy}";
        return IsLocal(host) ? $"{host} is an address on the local network: a device reaches the server only while it is on the same network, not from elsewhere. {Remedy}" : null;
    }

    private static bool IsThisMachine(string host)
    {
        if (Read(host) is { } address) return IPAddress.IsLoopback(address) || address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any);
        return IsOrIsUnder(host, "localhost");
    }

    // RFC 1918, RFC 3927, RFC 4193, RFC 4291 §2.5.6, RFC 6598; names without a dot, and of mDNS (RFC 6762) and home networks (RFC 8375)
    private static bool IsLocal(string host)
    {
        if (Read(host) is not { } address) return !host.Contains('.', StringComparison.Ordinal) || IsOrIsUnder(host, "local") || IsOrIsUnder(host, "home.arpa") || IsOrIsUnder(host, "internal");
        if (address.AddressFamily == AddressFamily.InterNetworkV6) return address.IsIPv6LinkLocal || address.IsIPv6UniqueLocal;
        return address.GetAddressBytes() is [10, ..] or [192, 168, ..] or [169, 254, ..] or [172, >= 16 and < 32, ..] or [100, >= 64 and < 128, ..];
    }

    private static IPAddress? Read(string host) => IPAddress.TryParse(host, out var address) ? address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address : null;

    private static bool IsOrIsUnder(string host, string domain) =>
        host.Equals(domain, StringComparison.OrdinalIgnoreCase) || host.EndsWith("." + domain, StringComparison.OrdinalIgnoreCase);
}
