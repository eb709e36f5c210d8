using System.Collections.Concurrent;

namespace CalDavServer.Http.Fairness;

/// <summary>What everybody asks for, by the person's id: as many as there are people.</summary>
internal sealed class Loads
{
    private const int RecentMilliseconds = 1_000;
    private readonly ConcurrentDictionary<string, Load> _loads = new(StringComparer.Ordinal);
    private Load? _last;
    private long _sharedAt = -RecentMilliseconds;

    /// <summary>Whether more than one person asked for something within the last second.</summary>
    public bool AreShared => Environment.TickCount64 - Volatile.Read(ref _sharedAt) < RecentMilliseconds;

    /// <summary>A person's.</summary>
    public Load Of(string id) => _loads.GetOrAdd(id, static (_, loads) => new Load(loads), this);

    /// <summary>Notes who asks.</summary>
    public void Note(Load load)
    {
        if (Interlocked.Exchange(ref _last, load) is { } before && before != load) Volatile.Write(ref _sharedAt, Environment.TickCount64);
    }
}
