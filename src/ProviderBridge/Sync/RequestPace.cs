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
    private double _left = atOnce;
    private TimeSpan _at = Stopwatch.GetElapsedTime(0);

    /// <summary>Lets the first of those who wait look for a turn; the others wait behind it.</summary>
    private SemaphoreSlim First { get; } = new(1);

    /// <summary>The pace at which no minute has more requests than a service allows in one.</summary>
    public static RequestPace Within(int perMinute) => new(perMinute * Spread / 60, Math.Max(1, (int)(perMinute * AtOnce)));

    /// <summary>Waits for its turn, which is taken when it comes and not before: whoever gives up waiting takes none from the others.</summary>
    public async Task WaitAsync(CancellationToken cancelled)
    {
        await First.WaitAsync(cancelled);
        try
        {
            while (MissingNow() is > 0 and var missing) await Task.Delay(TimeSpan.FromMilliseconds(Math.Ceiling(missing * 1000 / perSecond)), cancelled);
            _left--;
        }
        finally
        {
            First.Release();
        }
    }

    /// <summary>How much is missing of a turn now.</summary>
    private double MissingNow()
    {
        var now = Stopwatch.GetElapsedTime(0);
        _left = Math.Min(atOnce, _left + ((now - _at).TotalSeconds * perSecond));
        _at = now;
        return 1 - _left;
    }
}
