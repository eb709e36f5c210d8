using NodaTime;

namespace CalDavServer.Http;

/// <summary>
/// So many attempts for each key at once, and then one each interval, wherever they come from: for what only somebody who knows the password
/// may try, and for e-mails. <c>LoginThrottle</c> is for what everybody may try.
/// </summary>
internal sealed class AttemptLimit(IClock clock, int burst, Duration interval)
{
    private readonly Lock _lock = new();
    private readonly FailureMeter _attempts = new(burst, interval);

    /// <summary>Counts an attempt. 0: go on; otherwise the seconds to wait, and nothing was counted.</summary>
    public int Begin(string key)
    {
        var now = clock.GetCurrentInstant();
        lock (_lock)
        {
            var wait = _attempts.Wait(key, now);
            if (wait > Duration.Zero) return Math.Max(1, (int)Math.Ceiling(wait.TotalSeconds));
            _attempts.Add(key, now);
            return 0;
        }
    }

    /// <summary>Takes an attempt back.</summary>
    public void Forgive(string key)
    {
        lock (_lock) _attempts.Remove(key);
    }
}
