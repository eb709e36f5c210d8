using System.Net;
using CalDavServer.Options;

namespace CalDavServer.Hosting;

/// <summary>
/// Where the server listens and whom it believes: <c>urls</c>; <c>proxies</c> and <c>proxyhops</c>; <c>allowedhosts</c>; <c>allowhttp</c>; <c>connections</c> and <c>connectionsperaddress</c>.
/// </summary>
internal static class ListeningOptions
{
    /// <summary>Reads them.</summary>
    /// <param name="options">What is so when they are not set.</param>
    /// <param name="settings">The settings.</param>
    /// <param name="urls">What the command line says in place of <c>urls</c>, or null.</param>
    /// <exception cref="CommandFailure">One is not valid.</exception>
    public static ServerOptions Read(ServerOptions options, IConfiguration settings, string? urls)
    {
        options = options with
        {
            Proxies = [.. settings.ReadList("proxies").Select(ReadProxy)],
            ProxyHops = settings.ReadNumber("proxyhops", 1, 10, options.ProxyHops),
            AllowedHosts = [.. settings.ReadList("allowedhosts").Select(CheckHost)],
            AllowHttp = settings.ReadFlag("allowhttp"),
            Connections = settings.ReadNumber("connections", 10, 1_000_000, options.Connections),
            ConnectionsPerAddress = settings.ReadNumber("connectionsperaddress", 10, 1_000_000, options.ConnectionsPerAddress),
        };
        var given = urls is null ? settings.ReadList("urls") : SettingValues.Split(urls);
        return given.Length == 0 ? options : options with { Urls = [.. given.Select(CheckUrl)] };
    }

    private static IPNetwork ReadProxy(string text)
    {
        if (IPNetwork.TryParse(text, out var network)) return network;
        if (IPAddress.TryParse(text, out var address)) return new IPNetwork(address, address.GetAddressBytes().Length * 8);
        throw new CommandFailure($"'{text}' in the setting 'proxies' is neither an address nor a network such as 10.0.0.0/8.");
    }

    private static string CheckHost(string text)
    {
        var name = text.StartsWith("*.", StringComparison.Ordinal) ? text[2..] : text;
        return Uri.CheckHostName(name) != UriHostNameType.Unknown
            ? text
            : throw new CommandFailure($"'{text}' in the setting 'allowedhosts' is not a host name. Write it like calendar.example.com, without https:// and port.");
    }

    private static string CheckUrl(string text)
    {
        try
        {
            var address = BindingAddress.Parse(text);
            if (address.Scheme is "http" or "https" && address.PathBase.Length == 0 && address.Port is >= 0 and <= 65535) return text;
        }
        catch (FormatException)
        {
            // said below
        }

        throw new CommandFailure($"'{text}' is not an address to listen on. Write it like http://127.0.0.1:8008, without a path.");
    }
}
