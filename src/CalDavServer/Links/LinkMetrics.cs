using System.Diagnostics.Metrics;
using CalDavServer.Metrics;
using CalDavServer.Options;

namespace CalDavServer.Links;

/// <summary>What links tell of their work: numbers only, and nothing of whose or of what.</summary>
internal sealed class LinkMetrics : IDisposable
{
    private readonly Meter _meter;
    private readonly Histogram<double> _lag;
    private readonly Counter<long> _passes;
    private readonly Counter<long> _changes;
    private readonly Counter<long> _held;

    public LinkMetrics(ServerMetrics server)
    {
        _meter = new Meter(new MeterOptions(ServerMetrics.MeterName) { Scope = server });
        _lag = _meter.CreateHistogram(
            "calendarsync.link.lag",
            "s",
            "Time from the moment at which a link was known to have changed to the end of the pass that brought both sides to agreement.",
            advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.1, 0.5, 1, 2, 5, 15, 30, 60, 300, 1800, 14400] });
        _passes = _meter.CreateCounter<long>("calendarsync.link.passes", "{pass}", "Passes of links, by their result.");
        _changes = _meter.CreateCounter<long>("calendarsync.link.changes", "{appointment}", "Appointments that passes wrote or removed, by where.");
        _held = _meter.CreateCounter<long>("calendarsync.link.held", "{pass}", "Passes that were stopped because they would have removed very many appointments at once.");
    }

    /// <summary>A pass has ended.</summary>
    /// <param name="end">How.</param>
    /// <param name="waited">How long what it has settled had waited; null when nothing was known to have changed.</param>
    public void Passed(PassEnd end, TimeSpan? waited)
    {
        _passes.Add(1, new KeyValuePair<string, object?>("result", end.Result.ToString()));
        if (end.IsHeld) _held.Add(1);
        if (waited is { } lag) _lag.Record(lag.TotalSeconds);
        if (end.Counts is not { } counts) return;
        if (counts.Out + counts.RemovedOut is > 0 and var there) _changes.Add(there, new KeyValuePair<string, object?>("where", "outside"));
        if (counts.In + counts.RemovedIn is > 0 and var here) _changes.Add(here, new KeyValuePair<string, object?>("where", "practice"));
    }

    /// <summary>Shows how long the link that has waited longest waits.</summary>
    public void Watch(Func<TimeSpan> longest) =>
        _meter.CreateObservableGauge("calendarsync.link.waiting", () => longest().TotalSeconds, "s", "How long ago the link that has waited longest became known to have changed.");

    public void Dispose() => _meter.Dispose();
}
