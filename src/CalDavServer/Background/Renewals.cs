using System.Text.Json;
using NodaTime;
using Practice.Subscriptions;

namespace CalDavServer.Background;

/// <summary>
/// Renews subscriptions when they are due, and catches up with what became due while the server was down. Access does not depend on it: it
/// ends with the period that was paid for. It sleeps until the next renewal or notice, but never long, so that a machine that slept and a
/// clock that was set are noticed.
/// </summary>
internal sealed partial class Renewals(Billing billing, IClock clock, ILogger<Renewals> log) : BackgroundService
{
    private static readonly Duration LongestSleep = Duration.FromMinutes(30);
    private static readonly Duration ShortestSleep = Duration.FromMilliseconds(10);
    private static readonly Duration AfterFailure = Duration.FromMinutes(1);

    // those of which it has been said
    private readonly HashSet<string> _damaged = new(StringComparer.Ordinal);

    /// <summary>Does what is due in all practice groups: no work grows with those in which nothing is.</summary>
    /// <returns>How long nothing will be due, as far as is known.</returns>
    public async Task<Duration> RunAsync(CancellationToken stopping = default)
    {
        var failed = false;
        foreach (var practiceId in await billing.ListDueAsync(stopping)) failed |= !await TryRunAsync(practiceId);
        if (failed) return AfterFailure;
        var next = await billing.FindNextDueAsync(stopping) - clock.GetCurrentInstant() ?? LongestSleep;
        return Duration.Max(ShortestSleep, Duration.Min(LongestSleep, next));
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // the server starts without waiting for it
        await Task.Yield();
        while (!stoppingToken.IsCancellationRequested)
        {
            Duration sleep;
            try
            {
                sleep = await RunAsync(stoppingToken);
            }
            catch (Exception failure) when (failure is not OperationCanceledException)
            {
                // whatever it is, an exception here would stop the server
                Failed(log, failure.GetType().Name);
                sleep = AfterFailure;
            }

            await Task.Delay(sleep.ToTimeSpan(), stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    // what is wrong in one practice group must not hold up the others
    private async Task<bool> TryRunAsync(string practiceId)
    {
        try
        {
            await billing.RenewAsync(practiceId);
            _damaged.Remove(practiceId);
            return true;
        }
        catch (JsonException)
        {
            return await TryPutOffAsync(practiceId);
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            Failed(log, failure.GetType().Name);
            return false;
        }
    }

    private async Task<bool> TryPutOffAsync(string practiceId)
    {
        try
        {
            await billing.PutOffAsync(practiceId);
            if (_damaged.Add(practiceId)) Damaged(log, practiceId);
            return true;
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            Failed(log, failure.GetType().Name);
            return false;
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Subscriptions could not be renewed ({Failure}); the next attempt is in a minute")]
    private static partial void Failed(ILogger logger, string failure);

    [LoggerMessage(Level = LogLevel.Error, Message = "A record of practice group {PracticeId} is damaged: its subscriptions are not renewed; it is looked at once a day")]
    private static partial void Damaged(ILogger logger, string practiceId);
}
