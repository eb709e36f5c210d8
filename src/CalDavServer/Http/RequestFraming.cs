namespace CalDavServer.Http;

/// <summary>
/// Refuses requests of which two servers in a row might not agree where the body ends (RFC 9112 §6.1, §6.3): a body that is chunked and has a length, or one with a transfer coding other
/// than chunked, which the web server would hand over undecoded. And CONNECT, whose answer has no body however it is meant (RFC 9110 §9.3.6).
/// </summary>
internal sealed class RequestFraming(RequestDelegate next)
{
    // where the web server puts a Content-Length that comes with a Transfer-Encoding
    private const string SetAside = "X-Content-Length";

    public Task InvokeAsync(HttpContext context)
    {
        if (HttpMethods.IsConnect(context.Request.Method)) return RefuseAsync(context, StatusCodes.Status501NotImplemented, "No tunnel is opened.");
        var headers = context.Request.Headers;
        if (headers.TransferEncoding.Count == 0) return next(context);
        if (headers.ContainsKey(SetAside)) return RefuseAsync(context, StatusCodes.Status400BadRequest, "A request has a Content-Length or a Transfer-Encoding, not both.");
        return string.Equals(headers.TransferEncoding, "chunked", StringComparison.OrdinalIgnoreCase)
            ? next(context)
            : RefuseAsync(context, StatusCodes.Status501NotImplemented, "The only Transfer-Encoding that is known is chunked.");
    }

    // what follows on the connection may be the body or another request
    private static Task RefuseAsync(HttpContext context, int status, string sentence)
    {
        context.Response.Headers.Connection = "close";
        return PlainAnswer.WriteAsync(context.Response, status, sentence);
    }
}
