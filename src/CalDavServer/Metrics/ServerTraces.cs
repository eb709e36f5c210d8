using System.Diagnostics;
using OpenTelemetry;
using OpenTelemetry.Trace;

namespace CalDavServer.Metrics;

/// <summary>
/// Traces: the passes of links and what they ask outside. Under a name or number that comes from a table of the program, and never whose or of what: an address has the names of calendars and accounts in it, and is not told.
/// </summary>
internal static class ServerTraces
{
    // what the runtime itself tells of requests
    private const string Requests = "System.Net.Http";

    /// <summary>Where a trace begins.</summary>
    public static ActivitySource Source { get; } = new(ServerMetrics.MeterName);

    /// <summary>Adds what is traced, without what is not told.</summary>
    public static TracerProviderBuilder AddServerTraces(this TracerProviderBuilder builder) =>
        builder.SetSampler(new ParentBasedSampler(new OwnRoots())).AddSource(Source.Name, Requests).AddProcessor(new WithoutContent());

    /// <summary>Only what this server itself begins is traced, with what belongs to it: not that traces are sent, too.</summary>
    private sealed class OwnRoots : Sampler
    {
        public override SamplingResult ShouldSample(in SamplingParameters samplingParameters) =>
            new(samplingParameters.Kind == ActivityKind.Internal ? SamplingDecision.RecordAndSample : SamplingDecision.Drop);
    }

    /// <summary>Leaves of a request what happened to it.</summary>
    private sealed class WithoutContent : BaseProcessor<Activity>
    {
        private static readonly HashSet<string> Told = new(StringComparer.Ordinal) { "http.request.method", "http.response.status_code", "error.type", "network.protocol.version" };

        public override void OnEnd(Activity data)
        {
            if (data.Source.Name != Requests) return;
            foreach (var (name, _) in data.TagObjects.ToList().Where(tag => !Told.Contains(tag.Key))) data.SetTag(name, null);
            data.DisplayName = data.OperationName;
            data.SetStatus(data.Status);
        }
    }
}
