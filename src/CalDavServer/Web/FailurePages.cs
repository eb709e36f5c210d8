using CalDavServer.Http;

namespace CalDavServer.Web;

/// <summary>
/// Gives a page that was refused without a word, or that the store could not write or read, the words of <c>Pages/Failure</c>, under the address that was asked for. Before routing: it routes once more.
/// </summary>
internal sealed class FailurePages(RequestDelegate next, ILogger<FailurePages> logger)
{
    public async Task InvokeAsync(HttpContext context)
    {
        try
        {
            await next(context);
        }
        catch (Exception failure) when (IsShown(context) && StoreRefusal.Of(failure) is { } refusal)
        {
            refusal.Log(logger, context.Request.Method);
            context.Response.Clear();
            context.Response.Headers.RetryAfter = UnexpectedFailures.RetryAfterSeconds;
            context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
            context.Features.Set(refusal);
        }

        var (request, response) = (context.Request, context.Response);
        if (response.StatusCode < 400 || response.HasStarted || response.ContentType is not null || context.Features.Get<PageRequest>() is null) return;
        var status = response.StatusCode;
        var (path, method) = (request.Path, request.Method);
        request.Path = $"/failure/{status}";
        request.Method = HttpMethods.Get;
        request.RouteValues.Clear();
        context.SetEndpoint(null);
        await next(context);
        (request.Path, request.Method) = (path, method);
        if (!response.HasStarted) response.StatusCode = status;
    }

    // a script shows what it is told as it is: it gets the sentence alone
    private static bool IsShown(HttpContext context) =>
        !context.Response.HasStarted && context.Features.Get<PageRequest>() is not null && context.Request.Headers.Accept.ToString().Contains("text/html", StringComparison.Ordinal);
}
