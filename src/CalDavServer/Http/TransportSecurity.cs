using System.Net;
using CalDavServer.Options;

namespace CalDavServer.Http;

/// <summary>
/// Keeps passwords off plain http: another machine must come over https, directly or through a configured proxy. Loopback may use http, for
/// the first run.
/// </summary>
internal sealed class TransportSecurity(RequestDelegate next, ServerOptions options)
{
    // RFC 6797 §6.1: one year
    private const string Hsts = "max-age=31536000";

    public Task InvokeAsync(HttpContext context)
    {
        if (context.Request.IsHttps)
        {
            context.Response.Headers.StrictTransportSecurity = Hsts;
            return next(context);
        }

        return options.AllowHttp || IsOfThisMachine(context)
            ? next(context)
            : PlainAnswer.WriteAsync(
                context.Response, StatusCodes.Status403Forbidden, "Use https: over plain http a password can be read in transit.");
    }

    // what a believed proxy passed on came from elsewhere, whoever its client says that it is
    private bool IsOfThisMachine(HttpContext context)
    {
        var peer = SocketPeer.Of(context);
        if (peer.CameForwarded && peer.IsIn(options.Proxies)) return false;
        return peer.Address is null || IPAddress.IsLoopback(peer.Address);
    }
}
