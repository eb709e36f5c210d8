using System.Net;
using CalDavServer.Operations;

namespace CalDavServer.Access;

/// <summary>
/// Keeps passwords off plain http: another machine must come over https, directly or through a configured proxy. Loopback may use http, for
/// the first run.
/// </summary>
internal sealed class TransportSecurity(RequestDelegate next, bool allowHttp)
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

        return allowHttp || IsLoopback(context.Connection.RemoteIpAddress)
            ? next(context)
            : PlainAnswer.WriteAsync(
                context.Response, StatusCodes.Status403Forbidden, "Use https: over plain http a password can be read on its way.");
    }

    private static bool IsLoopback(IPAddress? address) => address is null || IPAddress.IsLoopback(address);
}
