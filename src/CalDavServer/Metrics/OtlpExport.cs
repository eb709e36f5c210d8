using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;

namespace CalDavServer.Metrics;

/// <summary>Sends the metrics to an OpenTelemetry collector every minute (<c>OTEL_METRIC_EXPORT_INTERVAL</c>), and once more at the end.</summary>
internal sealed class OtlpExport(Uri collector, UsageCounter usage) : BackgroundService
{
    private static readonly TimeSpan CountInterval = TimeSpan.FromSeconds(30);
    private MeterProvider? _provider;

    public override Task StartAsync(CancellationToken cancellationToken)
    {
        // before the first request
        _provider = Sdk.CreateMeterProviderBuilder()
            .AddMeter(ServerMetrics.MeterName, "System.Runtime")
            .AddOtlpExporter(ToCollector)
            .Build();
        return base.StartAsync(cancellationToken);
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        _provider?.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(CountInterval);
        try
        {
            do await usage.TakeAsync(stoppingToken);
            while (await timer.WaitForNextTickAsync(stoppingToken));
        }
        catch (OperationCanceledException)
        {
            // the server stops
        }
    }

    private void ToCollector(OtlpExporterOptions exporter)
    {
        exporter.Protocol = OtlpExportProtocol.HttpProtobuf;
        exporter.Endpoint = new Uri(collector.AbsoluteUri.TrimEnd('/') + "/v1/metrics");
    }
}
