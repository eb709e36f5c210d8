using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace CalDavServer.Metrics;

/// <summary>What a family's numbers are, in the words of the Prometheus format.</summary>
internal enum FamilyKind
{
    Counter,
    Gauge,
    Histogram,
}

/// <summary>One instrument with its series.</summary>
internal sealed class Family
{
    private static readonly double[] UsualBounds = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

    private readonly ConcurrentDictionary<Labels, TimeSeries> _series = new();
    private readonly bool _observed;

    public Family(Instrument instrument)
    {
        Instrument = instrument;
        _observed = instrument.IsObservable;
        var type = instrument.GetType();
        var generic = type.IsGenericType ? type.GetGenericTypeDefinition() : null;
        Kind = generic == typeof(Histogram<>) ? FamilyKind.Histogram
            : generic == typeof(Counter<>) || generic == typeof(ObservableCounter<>) ? FamilyKind.Counter
            : FamilyKind.Gauge;
        Bounds = Kind != FamilyKind.Histogram ? []
            : instrument is Histogram<double> { Advice.HistogramBucketBoundaries: { } advised } ? [.. advised]
            : instrument is Histogram<long> { Advice.HistogramBucketBoundaries: { } whole } ? [.. whole.Select(bound => (double)bound)]
            : UsualBounds;
    }

    public Instrument Instrument { get; }

    public FamilyKind Kind { get; }

    /// <summary>The upper bounds of a histogram's buckets.</summary>
    public double[] Bounds { get; }

    /// <summary>The series measured so far.</summary>
    public IEnumerable<KeyValuePair<Labels, TimeSeries>> Series => _series;

    public void Record(double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var labels = new Labels(tags);
        if (!_series.TryGetValue(labels, out var series)) series = _series.GetOrAdd(labels, _ => new TimeSeries(Bounds));
        if (_observed) series.Set(value);
        else if (Kind == FamilyKind.Histogram) series.Sort(value);
        else series.Add(value);
    }

    /// <summary>Forgets what was observed, before it is observed again: what is no longer there has no number.</summary>
    public void ForgetObserved()
    {
        if (_observed) _series.Clear();
    }
}
