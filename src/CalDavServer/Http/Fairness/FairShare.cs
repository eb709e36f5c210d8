using CalDavServer.Http.Connections;

namespace CalDavServer.Http.Fairness;

/// <summary>
/// No person takes the machine from the others, whatever devices and pages of theirs ask for: so many requests at once, and those that may be long one after
/// the other. After authentication, for devices and for pages.
/// </summary>
internal sealed class FairShare(RequestDelegate next, Loads loads)
{
    private const string Refusal = "Too much is being asked for at once for this account: wait until what is under way has finished, and try again.";

    public Task InvokeAsync(HttpContext context)
    {
        var id = context.Features.Get<ISignedIn>()?.PersonId;
        if (id is null) return next(context);
        context.Features.Get<OpenConnection>()?.Prove();
        if (IsApart(context.Request.Path)) return next(context);
        var load = loads.Of(id);
        if (!load.TryOpen()) return RefuseAsync(context);
        context.Features.Set(load);
        return MayBeLong(context.Request) ? WorkAsync(context) : next(context);
    }

    private async Task WorkAsync(HttpContext context)
    {
        using var turn = await WorkTurn.TakeAsync(context);
        await next(context);
    }

    // the stream of an open page does nothing most of the time and has a limit of its own; and a refusal is given its words
    private static bool IsApart(PathString path) => path == "/calendar/events" || path.StartsWithSegments("/failure");

    // the DAV tree takes its turns itself, when it has the whole request
    private static bool MayBeLong(HttpRequest request) => HttpMethods.IsGet(request.Method) && !request.Path.StartsWithSegments("/dav");

    private static Task RefuseAsync(HttpContext context)
    {
        context.Response.Headers.RetryAfter = "5";
        context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
        return context.Features.Get<PageRequest>() is null ? PlainAnswer.WriteAsync(context.Response, StatusCodes.Status503ServiceUnavailable, Refusal) : Task.CompletedTask;
    }
}
