using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Calendaring.Store.Sqlite;

/// <summary>What the store tells of its work. Its meter's scope is the store, so that whoever reads can tell the stores of one process apart.</summary>
internal sealed class StoreMeter : IDisposable
{
    private static readonly string[] FailureNames = Enum.GetNames<StoreFailureKind>();

    private readonly Meter _meter;
    private readonly Histogram<double> _duration;
    private readonly Histogram<long> _batches;
    private readonly Counter<long> _failures;

    public StoreMeter(SqliteStore store)
    {
        _meter = new Meter(new MeterOptions("CalendarSync") { Scope = store });
        _duration = _meter.CreateHistogram(
            "calendarsync.store.commit.duration",
            "s",
            "Time of one commit, from the first of its batches applied to all of them on the disk.",
            advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10] });
        _batches = _meter.CreateHistogram(
            "calendarsync.store.commit.batches",
            "{batch}",
            "Batches that shared one commit.",
            advice: new InstrumentAdvice<long> { HistogramBucketBoundaries = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512] });
        _failures = _meter.CreateCounter<long>("calendarsync.store.failures", "{batch}", "Batches that were not applied, by reason. NoSpace and Unavailable are the disk's.");
    }

    /// <summary>Watches what waits, and what the files have come to.</summary>
    public void Watch(Writer writer, ReaderPool readers, string path)
    {
        _meter.CreateObservableGauge("calendarsync.store.batches.waiting", () => writer.Waiting, "{batch}", "Batches that wait for the writer.");
        _meter.CreateObservableGauge("calendarsync.store.snapshots.open", () => readers.Taken, "{snapshot}", "Snapshots that are open.");
        _meter.CreateObservableGauge("calendarsync.store.snapshots.waiting", () => readers.Waiting, "{snapshot}", "Callers that wait for a snapshot because the most that may be open are.");
        _meter.CreateObservableGauge("calendarsync.store.size", () => SizeOf(path), "By", "Size of the database file.");
        _meter.CreateObservableGauge("calendarsync.store.log.size", () => SizeOf(path + "-wal"), "By", "Size of the log beside the database file.");
    }

    public void Committed(long began, int batches)
    {
        _duration.Record(Stopwatch.GetElapsedTime(began).TotalSeconds);
        _batches.Record(batches);
    }

    public void Failed(StoreFailureKind kind) => _failures.Add(1, new KeyValuePair<string, object?>("reason", FailureNames[(int)kind]));

    public void Dispose() => _meter.Dispose();

    private static long SizeOf(string path) => new FileInfo(path) is { Exists: true } file ? file.Length : 0;
}
