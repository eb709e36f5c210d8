using CalDavServer.Http;

namespace CalDavServer.Web;

/// <summary>
/// What a browser is told about every page: that nothing but our own files is loaded, that no script or style stands in the page itself, that it is
/// in nobody's frame, and that it is not kept (a page names patients).
/// </summary>
internal sealed class SecurityHeaders(RequestDelegate next)
{
    private const string ContentPolicy =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; manifest-src 'self'; "
        + "form-action 'self'; frame-ancestors 'none'; base-uri 'none'";

    public Task InvokeAsync(HttpContext context)
    {
        context.Features.Set(new PageRequest());
        Set(context.Response.Headers);
        // in the words of the anti-forgery service, which sets them on every page with a form
        context.Response.Headers.CacheControl = "no-cache, no-store";
        context.Response.Headers.Pragma = "no-cache";
        return next(context);
    }

    /// <summary>A style or script: the same for everybody, and of one version for each address.</summary>
    public static void OfAsset(HttpContext context)
    {
        Set(context.Response.Headers);
        context.Response.Headers.CacheControl = context.Request.Query.ContainsKey("v") ? "public, max-age=31536000, immutable" : "no-cache";
    }

    private static void Set(IHeaderDictionary headers)
    {
        headers.ContentSecurityPolicy = ContentPolicy;
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "same-origin";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        headers["Permissions-Policy"] = "camera=(), microphone=(), geolocation=()";
    }
}
