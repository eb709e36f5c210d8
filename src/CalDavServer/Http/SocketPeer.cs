using System.Net;
using Microsoft.AspNetCore.Http.Features;

namespace CalDavServer.Http;

/// <summary>
/// Who is at the other end of the connection, whatever the headers say: kept before any header is believed. What is for this machine alone is decided by it, as a proxy may pass on an
/// <c>X-Forwarded-For</c> that its client made up.
/// </summary>
/// <param name="Address">The other end's address; null for a connection that has none.</param>
/// <param name="CameForwarded">Whether a header said that the request came from somewhere else.</param>
internal sealed record SocketPeer(IPAddress? Address, bool CameForwarded)
{
    /// <summary>Keeps the peer of a request. Before the middleware that believes headers.</summary>
    public static Task KeepAsync(HttpContext context, RequestDelegate next)
    {
        context.Features.Set(new SocketPeer(context.Connection.RemoteIpAddress, IsForwarded(context.Request.Headers)));
        return next(context);
    }

    private static bool IsForwarded(IHeaderDictionary headers) =>
        headers.ContainsKey("X-Forwarded-For") || headers.ContainsKey("X-Forwarded-Proto") || headers.ContainsKey("X-Forwarded-Host") || headers.ContainsKey("Forwarded") || headers.ContainsKey("Via");

    /// <summary>The peer of a request.</summary>
    public static SocketPeer Of(HttpContext context) => context.Features.GetRequiredFeature<SocketPeer>();

    /// <summary>Whether a program of this machine asks, and for nobody else.</summary>
    public bool IsThisMachine => Address is not null && IPAddress.IsLoopback(Address) && !CameForwarded;

    /// <summary>Whether it is one of the networks given.</summary>
    public bool IsIn(IReadOnlyList<IPNetwork> networks)
    {
        if (Address is null) return false;
        var address = Address.IsIPv4MappedToIPv6 ? Address.MapToIPv4() : Address;
        return networks.Any(network => network.Contains(address) || network.Contains(Address));
    }
}
