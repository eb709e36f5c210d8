using CalDavServer.Options;

namespace CalDavServer.Metrics;

/// <summary>Puts the metrics into the server.</summary>
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
        if (options.Otlp is { } collector) services.AddHostedService(provider => new OtlpExport(collector, provider.GetRequiredService<UsageCounter>()));
    }
}
