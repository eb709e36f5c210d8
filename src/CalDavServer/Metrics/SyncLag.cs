using System.Collections.Concurrent;
using System.Diagnostics;
using Calendaring.Store;

namespace CalDavServer.Metrics;

/// <summary>Measures how long a change waits until a device is told of it. Of changes that wait together, the oldest is measured.</summary>
internal sealed class SyncLag : IDisposable
{
    private readonly ConcurrentDictionary<long, Waiting> _waiting = new();
    private readonly ServerMetrics _metrics;
    private readonly IDisposable _subscription;

    public SyncLag(ICalendarStore store, ServerMetrics metrics)
    {
        _metrics = metrics;
        _subscription = store.Subscribe(notice => _waiting.TryAdd(notice.CollectionId, new Waiting(notice.Change, Stopwatch.GetTimestamp())));
    }

    /// <summary>A device has been told of a collection as it is here.</summary>
    public void Told(Collection collection)
    {
        if (!_waiting.TryGetValue(collection.Id, out var waiting) || waiting.Change > collection.Change) return;
        if (_waiting.TryRemove(KeyValuePair.Create(collection.Id, waiting))) _metrics.Told(waiting.Since);
    }

    public void Dispose() => _subscription.Dispose();

    private readonly record struct Waiting(long Change, long Since);
}
