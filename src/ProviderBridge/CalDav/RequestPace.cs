using System.Diagnostics;

namespace ProviderBridge.CalDav;

/// <summary>How fast an account is asked, whoever asks: a server that is asked too often refuses everything for a while, good passwords among it.</summary>
/// <param name="perSecond">How many requests a second in the long run.</param>
/// <param name="atOnce">How many at once after a while without any.</param>
internal sealed class RequestPace(double perSecond, int atOnce)
{
    private readonly Lock _lock = new();
    private double _left = atOnce;
    private TimeSpan _at = Stopwatch.GetElapsedTime(0);

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
