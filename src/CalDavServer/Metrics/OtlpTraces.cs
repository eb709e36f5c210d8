using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Trace;

namespace CalDavServer.Metrics;

/// <summary>Sends the traces to an OpenTelemetry collector every few seconds, and once more at the end.</summary>
internal sealed class OtlpTraces(Uri collector) : IHostedService
{
    private TracerProvider? _provider;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        _provider = Sdk.CreateTracerProviderBuilder().AddServerTraces().AddOtlpExporter(ToCollector).Build();
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken)
    {
        _provider?.Dispose();
        return Task.CompletedTask;
    }

    private void ToCollector(OtlpExporterOptions exporter)
    {
        exporter.Protocol = OtlpExportProtocol.HttpProtobuf;
        exporter.Endpoint = new Uri(collector.AbsoluteUri.TrimEnd('/') + "/v1/traces");
    }
}
