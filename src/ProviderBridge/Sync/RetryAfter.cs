using NodaTime;

namespace ProviderBridge.Sync;

/// <summary>How long an answer asks to wait (RFC 9110 §10.2.3).</summary>
internal static class RetryAfter
{
    /// <summary>How long a service is left alone at most, whatever it asks: after that it is asked again.</summary>
    public static readonly Duration Longest = Duration.FromHours(6);

    /// <summary>The same, and no longer than <see cref="Longest"/>.</summary>
    public static Duration? AtMost(Duration? asked) => asked > Longest ? Longest : asked;

    /// <summary>How long; null when it does not say.</summary>
    public static Duration? Of(HttpResponseMessage answer, Instant now)
    {
        if (answer.Headers.RetryAfter is not { } wait) return null;
        if (wait.Delta is { } seconds) return Duration.FromTimeSpan(seconds);
        return wait.Date is { } date ? Duration.Max(Duration.Zero, Instant.FromDateTimeOffset(date) - now) : null;
    }
}
