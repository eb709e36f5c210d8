using CalDavServer.Options;
using Calendaring.Store;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace CalDavServer.Hosting;

/// <summary>Whether the server takes requests: it has opened, was not asked to stop, and its store answers.</summary>
internal sealed class Readiness(ICalendarStore store, ServerOptions options, IHostApplicationLifetime lifetime) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        if (!options.Opened.IsCompleted || lifetime.ApplicationStopping.IsCancellationRequested) return HealthCheckResult.Unhealthy();
        try
        {
            using var snapshot = await store.OpenSnapshotAsync(cancellationToken);
            _ = await snapshot.FindPrincipalAsync("-");
            return HealthCheckResult.Healthy();
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            return HealthCheckResult.Unhealthy();
        }
    }
}
