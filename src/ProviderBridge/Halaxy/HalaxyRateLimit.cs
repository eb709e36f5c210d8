using System.Globalization;
using System.Threading.RateLimiting;
using NodaTime;
using ProviderBridge.Sync;

namespace ProviderBridge.Halaxy;

/// <summary>
/// How often one practice's Halaxy account may be asked, by all that is done for it here: 500 requests a minute, counted in a window that slides. Other programs of the practice take from the same 500, so some are left to them,
/// and what Halaxy says is left counts for more than what was counted here.
/// </summary>
public sealed class HalaxyRateLimit : IDisposable
{
    private const int Requests = 450;
    private const int Few = 25;
    private static readonly Duration LongestPause = Duration.FromMinutes(2);
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);
    private readonly SlidingWindowRateLimiter _window;
    private readonly IClock _clock;
    private readonly Lock _gate = new();
    private Instant _pausedUntil;

    /// <summary>The usual rate.</summary>
    public HalaxyRateLimit(IClock clock)
        : this(clock, Requests, Minute)
    {
    }

    internal HalaxyRateLimit(IClock clock, int requests, TimeSpan window)
    {
        _clock = clock;
        _window = new SlidingWindowRateLimiter(new SlidingWindowRateLimiterOptions { PermitLimit = requests, Window = window, SegmentsPerWindow = 60, QueueLimit = int.MaxValue });
    }

    /// <summary>Waits until another request may be sent.</summary>
    public async Task TakeAsync(CancellationToken cancelled)
    {
        using var lease = await _window.AcquireAsync(1, cancelled);
        // whoever waited long for the window may have been told to wait meanwhile
        while (Pause() is { } pause) await Task.Delay(pause, cancelled);
    }

    /// <summary>The same, for as long as somebody has patience.</summary>
    /// <exception cref="HalaxyException">Its turn has not come by then.</exception>
    public async Task TakeAsync(TimeSpan patience, CancellationToken cancelled)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancelled);
        end.CancelAfter(patience);
        try
        {
            await TakeAsync(end.Token);
        }
        catch (OperationCanceledException) when (!cancelled.IsCancellationRequested)
        {
            throw new HalaxyException(HalaxyFault.TooMany, "Others use up the practice's requests at the moment.");
        }
    }

    /// <summary>Notes what an answer says of the rate.</summary>
    public void Note(HttpResponseMessage answer)
    {
        ArgumentNullException.ThrowIfNull(answer);
        if (RetryAfter.Of(answer, _clock.GetCurrentInstant()) is { } wait) PauseFor(wait);
        else if (answer.Headers.TryGetValues("x-ratelimit-remaining", out var left) && int.TryParse(left.FirstOrDefault(), NumberStyles.None, CultureInfo.InvariantCulture, out var few) && few < Few)
            PauseFor(Duration.FromSeconds(1));
    }

    /// <inheritdoc/>
    public void Dispose() => _window.Dispose();

    private void PauseFor(Duration wait)
    {
        // an answer that asks for a day is no answer of a rate limit
        var until = _clock.GetCurrentInstant() + Duration.Min(wait, LongestPause);
        lock (_gate) _pausedUntil = Instant.Max(_pausedUntil, until);
    }

    private TimeSpan? Pause()
    {
        lock (_gate)
        {
            var left = _pausedUntil - _clock.GetCurrentInstant();
            // one that seems to last longer is of a clock that was set back
            return left > Duration.Zero && left <= LongestPause ? left.ToTimeSpan() + TimeSpan.FromMilliseconds(1) : null;
        }
    }
}
