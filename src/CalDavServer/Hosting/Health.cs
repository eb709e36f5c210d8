using CalDavServer.Http;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace CalDavServer.Hosting;

/// <summary>
/// <c>/health/live</c>: the process answers. <c>/health/ready</c>: it takes requests, which it does not during its first start and from the moment it was asked to stop, and the store answers too (<see cref="Readiness"/>).
/// For supervisors and load balancers: open to everybody, and says nothing else.
/// </summary>
internal sealed class Health(RequestDelegate next, HealthCheckService checks)
{
    public Task InvokeAsync(HttpContext context) =>
        context.Request.Path.StartsWithSegments("/health", out var rest) ? AnswerAsync(context, rest.Value) : next(context);

    private async Task AnswerAsync(HttpContext context, string? check)
    {
        var (status, text) = check switch
        {
            "/live" => (200, "live"),
            "/ready" => await IsReadyAsync(context.RequestAborted) ? (200, "ready") : (503, "not ready"),
            _ => (404, "There is no such health check."),
        };
        context.Response.Headers.CacheControl = "no-store";
        await PlainAnswer.WriteAsync(context.Response, status, text);
    }

    private async Task<bool> IsReadyAsync(CancellationToken cancellationToken) => (await checks.CheckHealthAsync(cancellationToken)).Status == HealthStatus.Healthy;
}
