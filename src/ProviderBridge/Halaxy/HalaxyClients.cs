using System.Collections.Concurrent;
using NodaTime;

namespace ProviderBridge.Halaxy;

/// <summary>The clients of connected practices: one for each, so that tokens and the rate are shared by all that is done for it.</summary>
/// <param name="http">Sends; it follows no redirects.</param>
/// <param name="secrets">What opens the accounts.</param>
/// <param name="clock">The time.</param>
public sealed class HalaxyClients(HttpClient http, HalaxySecrets secrets, IClock clock) : IDisposable
{
    private const int SearchesAMinute = 90;

    private readonly ConcurrentDictionary<string, HalaxyRateLimit> _rates = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, HalaxyRateLimit> _searches = new(StringComparer.Ordinal);
    private readonly Dictionary<string, (string Secret, HalaxyClient Client)> _clients = new(StringComparer.Ordinal);
    private readonly Lock _lock = new();

    /// <summary>How long a request waits for its turn for which a person waits.</summary>
    internal TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>A client for a key that is tried. It takes from the practice's rate.</summary>
    public HalaxyClient Try(string groupId, HalaxyKey key) => new(http, key, RateOf(groupId), clock, Patience);

    /// <summary>Waits until another search may be made for somebody who types: so many that the practice's appointments get most of its requests, whoever types how fast.</summary>
    public Task TakeSearchAsync(string groupId, CancellationToken cancelled) => _searches.GetOrAdd(groupId, _ => new HalaxyRateLimit(clock, SearchesAMinute, TimeSpan.FromMinutes(1))).TakeAsync(Patience, cancelled);

    /// <summary>The client of a connection; null when its key cannot be read.</summary>
    public HalaxyClient? Find(HalaxyConnection connection)
    {
        ArgumentNullException.ThrowIfNull(connection);
        lock (_lock)
        {
            if (_clients.TryGetValue(connection.GroupId, out var held) && held.Secret == connection.ProtectedSecret) return held.Client;
            // one that is in use ends by itself: it holds nothing but memory
            _clients.Remove(connection.GroupId);
            if (secrets.KeyOf(connection) is not { } key) return null;
            var client = new HalaxyClient(http, key, RateOf(connection.GroupId), clock);
            _clients[connection.GroupId] = (connection.ProtectedSecret, client);
            return client;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var rate in _rates.Values.Concat(_searches.Values)) rate.Dispose();
        foreach (var (_, client) in _clients.Values) client.Dispose();
        http.Dispose();
    }

    private HalaxyRateLimit RateOf(string groupId) => _rates.GetOrAdd(groupId, _ => new HalaxyRateLimit(clock));
}
