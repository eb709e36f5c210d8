using System.Diagnostics;

namespace ProviderBridge.Sync;

/// <summary>How fast an account, or a service, is asked, whoever asks: one that is asked too often refuses everything for a while, good passwords among it.</summary>
/// <param name="perSecond">How many requests a second in the long run.</param>
/// <param name="atOnce">How many at once after a while without any.</param>
internal sealed class RequestPace(double perSecond, int atOnce)
{
    /// <summary>How much of what is allowed in a minute may come at once; the rest is spread over it, and a twentieth left: the service counts by a clock of its own.</summary>
    private const double AtOnce = 0.15;
    private const double Spread = 0.8;
    private readonly Lock _lock = new();
    private double _left = atOnce;
    private TimeSpan _at = Stopwatch.GetElapsedTime(0);

    /// <summary>The pace at which no minute has more requests than a service allows in one.</summary>
    public static RequestPace Within(int perMinute) => new(perMinute * Spread / 60, Math.Max(1, (int)(perMinute * AtOnce)));

    /// <summary>Waits for its turn.</summary>
    public Task WaitAsync(CancellationToken cancelled)
    {
        TimeSpan wait;
        lock (_lock)
        {
            var now = Stopwatch.GetElapsedTime(0);
            _left = Math.Min(atOnce, _left + ((now - _at).TotalSeconds * perSecond)) - 1;
            _at = now;
            wait = _left < 0 ? TimeSpan.FromSeconds(-_left / perSecond) : TimeSpan.Zero;
        }

        return wait > TimeSpan.Zero ? Task.Delay(wait, cancelled) : Task.CompletedTask;
    }
}
