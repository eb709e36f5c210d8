using ProviderBridge.Google;

namespace CalDavServer.Links.Google;

/// <summary>Where Google tells of changes. It is answered at once, and nothing that is sent is read; who does not know a channel's secret costs nothing.</summary>
internal static class GoogleWebhooks
{
    public const string Path = "/hooks/google";
    private const int MaxBody = 64 * 1024;

    public static void Map(IApplicationBuilder app, GoogleChannels channels, LinkRunner runner)
    {
        app.Map(Path, hook => hook.Run(async context => context.Response.StatusCode = await AnswerAsync(context.Request, channels, runner)));
    }

    private static async Task<int> AnswerAsync(HttpRequest request, GoogleChannels channels, LinkRunner runner)
    {
        if (!HttpMethods.IsPost(request.Method)) return StatusCodes.Status405MethodNotAllowed;
        if (request.ContentLength > MaxBody) return StatusCodes.Status413PayloadTooLarge;
        var headers = request.Headers;
        var (isKnown, link) = await channels.ReceiveAsync(
            headers["X-Goog-Channel-ID"], headers["X-Goog-Channel-Token"], headers["X-Goog-Resource-ID"], headers["X-Goog-Channel-Expiration"], headers["X-Goog-Message-Number"], headers["X-Goog-Resource-State"]);
        if (link is { } told) runner.Touch(told);
        return isKnown ? StatusCodes.Status200OK : StatusCodes.Status404NotFound;
    }
}
