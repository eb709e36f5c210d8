using System.Net;
using CalDavServer.Options;
using Fido2NetLib;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

namespace CalDavServer.Web.Passkeys;

/// <summary>
/// Whom passkeys are for (WebAuthn Level 3 §5.1.3): the server by its public address or, where none is set, by the names that it is told to answer to and the ports that it listens on. A request only chooses
/// among these: were its own words believed, a page of somebody else's could have passkeys made and used for itself.
/// </summary>
internal sealed class RelyingParty(ServerOptions options, IServer server)
{
    private const string Name = "CalendarSync";

    /// <summary>What verifies passkeys at the address that a browser asks for; null where browsers take none: at an address without a name, or without https.</summary>
    public Fido2? Find(HttpRequest request)
    {
        var origins = OriginsFor(request);
        return origins.Count == 0 ? null : new Fido2(new Fido2Configuration { RPID = NameOf(request), RPName = Name, Origins = origins }, null!);
    }

    /// <summary>The pages from which passkeys are taken that are used at the address that a browser asks for; none where browsers take none.</summary>
    public IReadOnlySet<string> OriginsFor(HttpRequest request)
    {
        var name = NameOf(request);
        return NamesOf(options).Contains(name, StringComparer.OrdinalIgnoreCase) ? OriginsOf(name) : new HashSet<string>();
    }

    private static string NameOf(HttpRequest request) => request.Host.Host.ToLowerInvariant();

    private static IEnumerable<string> NamesOf(ServerOptions options)
    {
        if (options.PublicAddress is { } address) return [address.Host];
        return options.AllowedHosts.Where(name => !name.StartsWith("*.", StringComparison.Ordinal) && !IPAddress.TryParse(name, out _)).Append("localhost");
    }

    private HashSet<string> OriginsOf(string name)
    {
        if (options.PublicAddress is { } address) return IsSecure(address.Scheme, name) && !IPAddress.TryParse(name, out _) ? [address.GetLeftPart(UriPartial.Authority)] : [];
        var listening = server.Features.Get<IServerAddressesFeature>()?.Addresses ?? [];
        var origins = listening.Select(BindingAddress.Parse).Select(bound => new UriBuilder(bound.Scheme, name, bound.Port).Uri).ToList();
        // who ends TLS for us listens where https is
        if (options.Proxies.Count > 0) origins.Add(new Uri($"https://{name}"));
        return [.. origins.Where(origin => IsSecure(origin.Scheme, name)).Select(origin => origin.GetLeftPart(UriPartial.Authority))];
    }

    // browsers take plain http from the machine itself for secure (W3C Secure Contexts §3.1)
    private static bool IsSecure(string scheme, string name) => scheme == Uri.UriSchemeHttps || name == "localhost";
}
