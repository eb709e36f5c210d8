using System.Net;
using System.Net.Sockets;

namespace CalDavServer.Http;

/// <summary>Where a request comes from, as it is counted.</summary>
/// <param name="Place">An IPv4 address, or the /64 that an IPv6 client has to itself.</param>
/// <param name="Network">The /48 of an IPv6 client, of which a provider gives one to whoever asks; null for IPv4.</param>
internal readonly record struct Origin(string Place, string? Network)
{
    private const int PlaceBytes = 8;
    private const int NetworkBytes = 6;

    /// <summary>The origin of an address; of none, one that all without an address share.</summary>
    public static Origin Of(IPAddress? address)
    {
        if (address is null) return new Origin("", null);
        if (address.IsIPv4MappedToIPv6) address = address.MapToIPv4();
        if (address.AddressFamily != AddressFamily.InterNetworkV6) return new Origin(address.ToString(), null);
        var bytes = address.GetAddressBytes();
        return new Origin(Convert.ToHexString(bytes.AsSpan(0, PlaceBytes)), Convert.ToHexString(bytes.AsSpan(0, NetworkBytes)));
    }

    /// <summary>The place of an address as it is written down; null when it is none.</summary>
    public static string? PlaceOf(string? address) => IPAddress.TryParse(address, out var parsed) ? Of(parsed).Place : null;
}
