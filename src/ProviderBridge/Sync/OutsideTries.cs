using Polly;
using Polly.Retry;

namespace ProviderBridge.Sync;

/// <summary>How what fails for a moment is tried again.</summary>
public static class OutsideTries
{
    /// <summary>Three tries within seconds; what lasts longer is the next pass's.</summary>
    public static ResiliencePipeline Usual { get; } = new ResiliencePipelineBuilder().AddRetry(new RetryStrategyOptions
    {
        ShouldHandle = new PredicateBuilder().Handle<OutsideException>(failed => failed is { Fault: OutsideFault.Unavailable, RetryAfter: null }),
        MaxRetryAttempts = 2,
        BackoffType = DelayBackoffType.Exponential,
        Delay = TimeSpan.FromMilliseconds(300),
        UseJitter = true,
    }).Build();
}
