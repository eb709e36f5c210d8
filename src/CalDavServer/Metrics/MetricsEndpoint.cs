using System.Security.Cryptography;
using System.Text;
using CalDavServer.Http;
using CalDavServer.Options;

namespace CalDavServer.Metrics;

/// <summary>
/// <c>/metrics</c>, in the Prometheus text format. For the machine itself when no token is set; then for nobody who came through a proxy, which may be on the machine too. With a token, for whoever has it.
/// </summary>
internal sealed class MetricsEndpoint(RequestDelegate next, ServerOptions options, Collector collector, UsageCounter usage)
{
    private readonly byte[]? _token = options.MetricsToken is { } token ? HashOf(token) : null;

    public Task InvokeAsync(HttpContext context) => context.Request.Path == "/metrics" ? AnswerAsync(context) : next(context);

    private async Task AnswerAsync(HttpContext context)
    {
        var response = context.Response;
        response.Headers.CacheControl = "no-store";
        if (!MayRead(context))
        {
            if (_token is not null) response.Headers.WWWAuthenticate = "Bearer realm=\"metrics\"";
            await PlainAnswer.WriteAsync(response, _token is null ? 404 : 401, _token is null ? "There is nothing here." : "The metrics are read with a token.");
            return;
        }

        if (context.Request.Method is not ("GET" or "HEAD"))
        {
            response.Headers.Allow = "GET, HEAD";
            await PlainAnswer.WriteAsync(response, 405, "The metrics can only be read.");
            return;
        }

        await usage.TakeAsync(context.RequestAborted);
        var bytes = Encoding.UTF8.GetBytes(collector.Write());
        response.ContentType = PrometheusText.ContentType;
        response.ContentLength = bytes.Length;
        if (context.Request.Method == "GET") await response.Body.WriteAsync(bytes, context.RequestAborted);
    }

    private bool MayRead(HttpContext context)
    {
        if (_token is null) return SocketPeer.Of(context).IsThisMachine;
        const string scheme = "Bearer ";
        var header = context.Request.Headers.Authorization.ToString();
        return header.StartsWith(scheme, StringComparison.OrdinalIgnoreCase) && CryptographicOperations.FixedTimeEquals(HashOf(header[scheme.Length..].Trim()), _token);
    }

    private static byte[] HashOf(string token) => SHA256.HashData(Encoding.UTF8.GetBytes(token));
}
