using NodaTime;

namespace CalDavServer.Http;

/// <summary>
/// Leaky buckets, one for each key: <paramref name="burst"/> failures at once, then one each <paramref name="interval"/>. A bucket is one
/// instant, at which it will be
/// empty again. Memory is bounded: empty buckets are dropped, and of too many full ones those that would be empty first. Not thread-safe.
/// </summary>
internal sealed class FailureMeter(int burst, Duration interval)
{
    private const int MaxKeys = 20_000;
    private readonly Dictionary<string, Instant> _emptyAt = new(StringComparer.Ordinal);

    /// <summary>Keys in memory.</summary>
    public int Count => _emptyAt.Count;

    /// <summary>How long until a further failure fits; zero or less when one does now.</summary>
    public Duration Wait(string key, Instant now) => UntilAtMost(burst - 1, key, now);

    /// <summary>How long until the key has no more failures than these; zero or less when it has not now.</summary>
    public Duration UntilAtMost(int failures, string key, Instant now) => UntilEmpty(key, now) - (failures * interval);

    /// <summary>Counts a failure.</summary>
    public void Add(string key, Instant now)
    {
        if (_emptyAt.Count >= MaxKeys && !_emptyAt.ContainsKey(key)) Shrink(now);
        _emptyAt[key] = now + UntilEmpty(key, now) + interval;
    }

    /// <summary>Takes one failure back.</summary>
    public void Remove(string key)
    {
        if (_emptyAt.TryGetValue(key, out var emptyAt)) _emptyAt[key] = emptyAt - interval;
    }

    private Duration UntilEmpty(string key, Instant now) =>
        _emptyAt.TryGetValue(key, out var emptyAt) && emptyAt > now ? emptyAt - now : Duration.Zero;

    private void Shrink(Instant now)
    {
        foreach (var (key, emptyAt) in _emptyAt)
        {
            if (emptyAt <= now) _emptyAt.Remove(key);
        }

        if (_emptyAt.Count < MaxKeys) return;
        foreach (var (key, _) in _emptyAt.OrderBy(bucket => bucket.Value).Take(MaxKeys / 4).ToList()) _emptyAt.Remove(key);
    }
}
