using System.Net;
using CalDavServer.Options;
using Microsoft.Extensions.Primitives;

namespace CalDavServer.Http;

/// <summary>
/// Answers only to names that are the server's own, on the loopback interface too: a page of anybody's, opened in a browser on this machine, could otherwise reach the server under a name of its
/// own that resolves to 127.0.0.1 (DNS rebinding).
/// </summary>
internal sealed class HostCheck(RequestDelegate next, ServerOptions options)
{
    private readonly List<StringSegment> _names = [.. NamesOf(options).Select(name => new StringSegment(name))];
    // clients ask under one name again and again
    private volatile string? _lastName;

    private readonly bool _takesAddresses = options.Urls.Any(url => !IPAddress.IsLoopback(AddressOf(url)));
    private readonly bool _proxiesChoose = options.Proxies.Count > 0 && options.AllowedHosts.Count == 0 && options.PublicAddress is null;

    public Task InvokeAsync(HttpContext context) => IsOurs(context)
        ? next(context)
        : PlainAnswer.WriteAsync(
            context.Response, StatusCodes.Status400BadRequest, "The server does not go by the name in the request. Its operator can add the name to the setting 'allowedhosts', or set 'publicaddress'.");

    private bool IsOurs(HttpContext context)
    {
        var asked = context.Request.Host;
        if (asked.Value is null or "" || asked.Value == _lastName) return true;
        var host = asked.Host;
        if (HostString.MatchesAny(host, _names))
        {
            _lastName = asked.Value;
            return true;
        }

        if (IPAddress.TryParse(host, out var address))
        {
            if (!_takesAddresses && !IPAddress.IsLoopback(address)) return false;
            _lastName = asked.Value;
            return true;
        }

        return _proxiesChoose && SocketPeer.Of(context).IsIn(options.Proxies);
    }

    private static IEnumerable<string> NamesOf(ServerOptions options)
    {
        yield return "localhost";
        foreach (var name in options.AllowedHosts) yield return name;
        if (options.PublicAddress is { } address) yield return address.Host;
        foreach (var url in options.Urls)
        {
            var host = BindingAddress.Parse(url).Host;
            if (host is not ("*" or "+") && !IPAddress.TryParse(host, out _)) yield return host;
        }

        if (options.AllowedHosts.Count > 0 || options.PublicAddress is not null) yield break;
        yield return Environment.MachineName;
        yield return Environment.MachineName + ".local";
    }

    // a name that is none of an address may be any address of the machine
    private static IPAddress AddressOf(string url)
    {
        var host = BindingAddress.Parse(url).Host;
        return host == "localhost" ? IPAddress.Loopback : IPAddress.TryParse(host, out var address) ? address : IPAddress.Any;
    }
}
