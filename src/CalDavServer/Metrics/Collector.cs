using System.Diagnostics.Metrics;
using Calendaring.Store;

namespace CalDavServer.Metrics;

/// <summary>
/// Keeps the numbers of this server, its store and the runtime, for whoever asks for them. Several servers of one process are told apart by their meters' scopes.
/// </summary>
internal sealed class Collector : IDisposable
{
    private readonly Lock _gate = new();
    private readonly SortedDictionary<string, Family> _families = new(StringComparer.Ordinal);
    private readonly MeterListener _listener = new();

    public Collector(ServerMetrics server, ICalendarStore store)
    {
        _listener.InstrumentPublished = (instrument, _) =>
        {
            if (ReferenceEquals(instrument.Meter.Scope, server) || ReferenceEquals(instrument.Meter.Scope, store) || instrument.Meter.Name == "System.Runtime") Keep(instrument);
        };
        _listener.SetMeasurementEventCallback<double>(static (_, value, tags, family) => ((Family)family!).Record(value, tags));
        _listener.SetMeasurementEventCallback<long>(static (_, value, tags, family) => ((Family)family!).Record(value, tags));
        _listener.SetMeasurementEventCallback<int>(static (_, value, tags, family) => ((Family)family!).Record(value, tags));
        _listener.Start();
    }

    /// <summary>All numbers as they are now, in the Prometheus text format.</summary>
    public string Write()
    {
        lock (_gate)
        {
            foreach (var family in _families.Values) family.ForgetObserved();
            _listener.RecordObservableInstruments();
            return PrometheusText.Write(_families.Values);
        }
    }

    public void Dispose() => _listener.Dispose();

    private void Keep(Instrument instrument)
    {
        var family = new Family(instrument);
        lock (_gate) _families[instrument.Name] = family;
        _listener.EnableMeasurementEvents(instrument, family);
    }
}
