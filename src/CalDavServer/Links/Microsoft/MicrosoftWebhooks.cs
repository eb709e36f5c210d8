using System.Text.Json;
using ProviderBridge.Microsoft;

namespace CalDavServer.Links.Microsoft;

/// <summary>
/// Where Microsoft tells of changes, and of the life of subscriptions. It is answered at once; of what is sent only the channel, its secret and what happened are read. Whoever does not know a secret costs nothing, and is not told that they do not.
/// </summary>
internal static class MicrosoftWebhooks
{
    public const string Path = "/hooks/microsoft";
    private const int MaxBody = 64 * 1024;
    private const int MaxToken = 2000;

    public static void Map(IApplicationBuilder app, MicrosoftSubscriptions subscriptions, LinkRunner runner) =>
        app.Map(Path, hook => hook.Run(context => AnswerAsync(context, subscriptions, runner)));

    private static async Task AnswerAsync(HttpContext context, MicrosoftSubscriptions subscriptions, LinkRunner runner)
    {
        var (request, response) = (context.Request, context.Response);
        if (request.Path.Value is not (null or "" or "/lifecycle")) response.StatusCode = StatusCodes.Status404NotFound;
        else if (!HttpMethods.IsPost(request.Method)) response.StatusCode = StatusCodes.Status405MethodNotAllowed;
        else if (request.ContentLength > MaxBody) response.StatusCode = StatusCodes.Status413PayloadTooLarge;
        else if (request.Query["validationToken"] is { Count: > 0 } token) await SayAsync(response, token.ToString());
        else response.StatusCode = await ReadAsync(request, context.RequestAborted) is { } body ? await TakeAsync(body, subscriptions, runner) : StatusCodes.Status413PayloadTooLarge;
    }

    /// <summary>The handshake: whoever asks gets back what they said.</summary>
    private static Task SayAsync(HttpResponse response, string token)
    {
        if (token.Length > MaxToken)
        {
            response.StatusCode = StatusCodes.Status400BadRequest;
            return Task.CompletedTask;
        }

        response.ContentType = "text/plain; charset=utf-8";
        response.Headers.XContentTypeOptions = "nosniff";
        return response.WriteAsync(token);
    }

    private static async Task<int> TakeAsync(ReadOnlyMemory<byte> body, MicrosoftSubscriptions subscriptions, LinkRunner runner)
    {
        try
        {
            foreach (var link in await subscriptions.ReceiveAsync(body)) runner.Touch(link);
            return StatusCodes.Status202Accepted;
        }
        catch (JsonException)
        {
            return StatusCodes.Status400BadRequest;
        }
    }

    /// <summary>Reads a body of no more than the limit, whatever it says of its length; null for a longer one.</summary>
    private static async Task<ReadOnlyMemory<byte>?> ReadAsync(HttpRequest request, CancellationToken cancelled)
    {
        var buffer = new byte[Math.Min(request.ContentLength ?? MaxBody, MaxBody) + 1];
        var length = await request.Body.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancelled);
        if (length > MaxBody) return null;
        return buffer.AsMemory(0, length);
    }
}
