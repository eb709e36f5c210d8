using System.Globalization;
using CalDavServer.Http;
using Microsoft.AspNetCore.Http.Features;

namespace CalDavServer.Web;

/// <summary>
/// How much a form may have, by who sends it: a form is kept in memory until it is whole, so that somebody who has not signed in, and sends large ones by halves, must not hold much. Before anything reads the form.
/// </summary>
internal static class FormLimits
{
    /// <summary>Bytes of a form of somebody who has not signed in.</summary>
    public const int Anonymous = 64 * 1024;

    /// <summary>Bytes of a form of somebody who has.</summary>
    public const int Person = 1024 * 1024;

    public static Task ApplyAsync(HttpContext context, RequestDelegate next)
    {
        var limit = context.User.Identity?.IsAuthenticated == true ? Person : Anonymous;
        if (context.Request.ContentLength > limit)
        {
            // what is still to come is not waited for
            context.Response.Headers.Connection = "close";
            return PlainAnswer.WriteAsync(context.Response, StatusCodes.Status413PayloadTooLarge, string.Create(CultureInfo.InvariantCulture, $"The form is larger than {limit / 1024} KB."));
        }

        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size) size.MaxRequestBodySize = limit;
        return next(context);
    }
}
