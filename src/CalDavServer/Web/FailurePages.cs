using CalDavServer.Http;

namespace CalDavServer.Web;

/// <summary>Gives a page that was refused without a word the words of <c>Pages/Failure</c>, under the address that was asked for. Before routing: it routes once more.</summary>
internal sealed class FailurePages(RequestDelegate next)
{
    public async Task InvokeAsync(HttpContext context)
    {
        await next(context);
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
}
