using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace CalDavServer.Metrics;

/// <summary>What the server tells of its work: numbers only, under labels that come from tables of the program and never from a request.</summary>
internal sealed class ServerMetrics : IDisposable
{
    public const string MeterName = "CalendarSync";

    private static readonly string[] StatusClasses = ["0xx", "1xx", "2xx", "3xx", "4xx", "5xx"];

    private readonly Meter _meter;
    private readonly Histogram<double> _requests;
    private readonly Histogram<double> _lag;
    private int _active;
    private int _streams;

    public ServerMetrics()
    {
        _meter = new Meter(new MeterOptions(MeterName) { Scope = this });
        _requests = _meter.CreateHistogram(
            "calendarsync.request.duration",
            "s",
            "Time from a request's head to the end of its answer.",
            advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30] });
        _lag = _meter.CreateHistogram(
            "calendarsync.sync.lag",
            "s",
            "Time from a change to the first answer that told a device of it (sync-collection, sync-token, getctag).",
            advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.1, 0.5, 1, 5, 15, 60, 300, 900, 1800, 3600, 14400, 86400] });
        _meter.CreateObservableGauge("calendarsync.requests.active", () => Volatile.Read(ref _active), "{request}", "Requests under way.");
        _meter.CreateObservableGauge("calendarsync.streams", () => Volatile.Read(ref _streams), "{stream}", "Pages that listen for changes.");
    }

    public void Begin() => Interlocked.Increment(ref _active);

    public void End(long began, string method, string report, string route, int status)
    {
        Interlocked.Decrement(ref _active);
        // open for as long as the page is: that says nothing of how fast the server answers
        if (route == RouteKind.Stream) return;
        var tags = new TagList
        {
            { "method", method },
            { "report", report },
            { "route", route },
            { "status", StatusClasses[status is >= 100 and < 600 ? status / 100 : 0] },
        };
        _requests.Record(Stopwatch.GetElapsedTime(began).TotalSeconds, tags);
    }

    /// <summary>A page begins to listen for changes, and is no request under way in the meantime; disposing the result, which is to be done once, ends it.</summary>
    public IDisposable Stream()
    {
        Interlocked.Decrement(ref _active);
        Interlocked.Increment(ref _streams);
        return new OpenStream(this);
    }

    public void Told(long since) => _lag.Record(Stopwatch.GetElapsedTime(since).TotalSeconds);

    /// <summary>Shows what is counted now and then.</summary>
    public void Watch(UsageCounter usage)
    {
        _meter.CreateObservableGauge("calendarsync.devices.active", () => usage.ActiveDevices, "{device}", "App passwords used in the last five minutes.");
        _meter.CreateObservableGauge(
            "calendarsync.links",
            () => usage.Links.Select(link => new Measurement<int>(link.Value, new KeyValuePair<string, object?>("state", link.Key))),
            "{link}",
            "Links to outside calendars, by state.");
        _meter.CreateObservableGauge("calendarsync.link.quarantined", () => usage.Quarantined, "{appointment}", "Appointments that one of the sides of a link did not accept.");
        _meter.CreateObservableGauge(
            "calendarsync.link.channel.left",
            () => usage.ChannelLeft is { } left ? new[] { new Measurement<double>(left.TotalSeconds) } : [],
            "s",
            "How long until the first of the channels on which services announce changes expires.");
    }

    public void Dispose() => _meter.Dispose();

    private sealed class OpenStream(ServerMetrics metrics) : IDisposable
    {
        public void Dispose()
        {
            Interlocked.Increment(ref metrics._active);
            Interlocked.Decrement(ref metrics._streams);
        }
    }
}
