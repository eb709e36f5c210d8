using System.Diagnostics;
using CalDavServer.Options;

namespace CalDavServer.Metrics;

/// <summary>Puts the metrics and traces into the server.</summary>
internal static class MetricsHosting
{
    public static void AddMetrics(this IServiceCollection services, ServerOptions options)
    {
        services.AddSingleton<UsageCounter>();
        services.AddSingleton<SyncLag>();
        services.AddSingleton<Collector>();
        services.AddSingleton(provider =>
        {
            var metrics = new ServerMetrics();
            metrics.Watch(provider.GetRequiredService<UsageCounter>());
            return metrics;
        });
        if (options.Otlp is not { } collector) return;
        // what is asked outside is told nothing of traces
        DistributedContextPropagator.Current = DistributedContextPropagator.CreateNoOutputPropagator();
        services.AddHostedService(_ => new OtlpTraces(collector));
        services.AddHostedService(provider => new OtlpExport(collector, provider.GetRequiredService<UsageCounter>()));
    }
}
