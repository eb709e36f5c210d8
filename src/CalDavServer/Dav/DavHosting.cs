using CalDavServer.Options;
using Microsoft.AspNetCore.ResponseCompression;

namespace CalDavServer.Dav;

/// <summary>Puts the DAV tree into the server.</summary>
internal static class DavHosting
{
    /// <summary>The services that <see cref="UseDav"/> needs.</summary>
    public static IServiceCollection AddDav(this IServiceCollection services, Quotas quotas) => services.AddSingleton(quotas).AddResponseCompression(static compression =>
    {
        // nothing secret of the server is in the same body as what somebody else chose; an object's own bytes are not compressed: their ETag is of the bytes (RFC 9110 §8.8.3.3)
        compression.EnableForHttps = true;
        compression.MimeTypes = ["application/xml"];
        compression.Providers.Add<GzipCompressionProvider>();
    });

    /// <summary>Serves the DAV tree; other paths go on. After authentication and routing.</summary>
    public static IApplicationBuilder UseDav(this IApplicationBuilder app) => app.UseResponseCompression().UseMiddleware<DavEndpoint>();
}
