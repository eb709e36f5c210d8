using NodaTime;

namespace ProviderBridge.Halaxy;

/// <summary>Roles and types of appointments that Halaxy's lists did not have when they were read: the key may not see them, or they are archived. For a while the lists are not read again because of those.</summary>
internal sealed class HalaxyUnlisted(IClock clock)
{
    private const int Most = 1000;
    private static readonly Duration Lasts = Duration.FromHours(1);
    private readonly Dictionary<string, Instant> _since = new(StringComparer.Ordinal);
    private readonly Lock _lock = new();

    /// <summary>Notes what the lists do not have.</summary>
    public void Add(IEnumerable<string> ids)
    {
        lock (_lock)
        {
            if (_since.Count > Most) _since.Clear();
            foreach (var id in ids) _since[id] = clock.GetCurrentInstant();
        }
    }

    /// <summary>Whether the lists were read a short while ago, and did not have it.</summary>
    public bool Contains(string id)
    {
        var now = clock.GetCurrentInstant();
        lock (_lock) return _since.TryGetValue(id, out var since) && since > now - Lasts && since <= now;
    }
}
