using Calendaring.Store;

namespace CalDavServer.Operations;

/// <summary>
/// <c>/health/live</c>: the process answers. <c>/health/ready</c>: the store answers too. For supervisors and load balancers: open to
/// everybody, and says nothing else.
/// </summary>
internal sealed class Health(RequestDelegate next, ICalendarStore store)
{
    public Task InvokeAsync(HttpContext context) =>
        context.Request.Path.StartsWithSegments("/health", out var rest) ? AnswerAsync(context, rest.Value) : next(context);

    private async Task AnswerAsync(HttpContext context, string? check)
    {
        var (status, text) = check switch
        {
            "/live" => (200, "live"),
            "/ready" => await IsStoreOpenAsync(context.RequestAborted) ? (200, "ready") : (503, "not ready"),
            _ => (404, "There is no such health check."),
        };
        context.Response.Headers.CacheControl = "no-store";
        await PlainAnswer.WriteAsync(context.Response, status, text);
    }

    private async Task<bool> IsStoreOpenAsync(CancellationToken cancellationToken)
    {
        try
        {
            using var snapshot = await store.OpenSnapshotAsync(cancellationToken);
            _ = await snapshot.FindPrincipalAsync("-");
            return true;
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            return false;
        }
    }
}
