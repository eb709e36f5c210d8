using Calendaring.Store;
using NodaTime;
using Practice;
using Practice.Audit;
using Practice.Hx;
using ProviderBridge.Sync;

namespace CalDavServer.Background;

/// <summary>Removes each day what is kept for a time only: what devices wrote and practitioners have not decided on, what was deleted outside, conflicts of links, and what was done to accounts.</summary>
internal sealed partial class ExpiredRecordCleanup(ICalendarStore store, IClock clock, ILogger<ExpiredRecordCleanup> log) : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromDays(1);

    /// <summary>Removes what is too old, or cannot be read.</summary>
    public async Task RunAsync(CancellationToken stopping = default)
    {
        IReadOnlyList<Principal> people;
        using (var snapshot = await store.OpenSnapshotAsync(stopping)) people = await snapshot.ListPrincipalsAsync();
        foreach (var person in people)
        {
            IReadOnlyList<StoreOperation> steps;
            using (var snapshot = await store.OpenSnapshotAsync(stopping))
            {
                steps = await SecurityEvent.ForgetOldAsync(snapshot, person.Id, clock.GetCurrentInstant());
                if (person.Role == PrincipalRole.Practitioner) steps = [.. steps, .. await RejectedEdit.ForgetOldAsync(snapshot, person.Id, clock.GetCurrentInstant()), .. await Conflict.ForgetOldAsync(snapshot, person.Id, clock.GetCurrentInstant())];
            }

            // what changes in between is looked at again tomorrow
            if (steps.Count > 0) await store.ApplyAsync(new StoreBatch(steps), stopping);
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // the server starts without waiting for it
        await Task.Yield();
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await RunAsync(stoppingToken);
            }
            catch (Exception failure) when (failure is not OperationCanceledException)
            {
                // whatever it is, an exception here would stop the server
                Failed(log, failure.GetType().Name);
            }
            catch (OperationCanceledException)
            {
                return;
            }

            await Task.Delay(Pause, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Expired records could not be removed ({Failure}); the next attempt is in a day")]
    private static partial void Failed(ILogger logger, string failure);
}
