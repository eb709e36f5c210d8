using System.Collections.Concurrent;
using System.Threading.Channels;
using Calendaring.Store;
using Practice.Audit;
using Practice.Diaries;

namespace CalDavServer.Web.Devices;

/// <summary>Includes existing appointments (R5) while their practitioner looks on, or does something else. What a stop of the server interrupted is carried on at its next start.</summary>
internal sealed partial class Inclusions(PracticeDiaries diaries, ILogger<Inclusions> log) : BackgroundService
{
    private readonly Channel<Principal> _waiting = Channel.CreateUnbounded<Principal>();
    private readonly ConcurrentDictionary<string, bool> _running = new();

    /// <summary>Whether a practitioner's appointments are being included, or will be in a moment.</summary>
    public bool IsRunning(string practitionerId) => _running.ContainsKey(practitionerId);

    /// <summary>Begins to include a practitioner's existing appointments; nothing when that has begun already.</summary>
    /// <param name="practitioner">Whose.</param>
    /// <param name="by">The same in the browser where they ask for it.</param>
    public async Task BeginAsync(Principal practitioner, AuditActor by)
    {
        if (!_running.TryAdd(practitioner.Id, true)) return;
        try
        {
            await diaries.Open(practitioner.Id, by).BeginInclusionAsync();
        }
        catch
        {
            _running.TryRemove(practitioner.Id, out _);
            throw;
        }

        await _waiting.Writer.WriteAsync(practitioner);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // the server starts without waiting for it
        await Task.Yield();
        try
        {
            await FindInterruptedAsync(stoppingToken);
            await foreach (var practitioner in _waiting.Reader.ReadAllAsync(stoppingToken)) await IncludeAsync(practitioner, stoppingToken);
        }
        catch (OperationCanceledException)
        {
            // it is carried on at the next start
        }
    }

    private async Task FindInterruptedAsync(CancellationToken stopping)
    {
        try
        {
            foreach (var practitioner in await diaries.ListUnfinishedInclusionsAsync(stopping))
            {
                if (_running.TryAdd(practitioner.Id, true)) await _waiting.Writer.WriteAsync(practitioner, stopping);
            }
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            Stopped(log, failure.GetType().Name);
        }
    }

    private async Task IncludeAsync(Principal queued, CancellationToken stopping)
    {
        try
        {
            // whoever waited behind a long one may have another name by now, or be gone
            if (await diaries.FindPractitionerAsync(queued, queued.Id, stopping) is not { } practitioner) return;
            if (await diaries.FindInclusionAsync(practitioner.Id, stopping) is not { } inclusion) return;
            await diaries.Open(practitioner.Id, inclusion.ActorOf(practitioner)).IncludeExistingAsync(stopping);
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            // whatever it is, an exception here would stop the server, and again at each start; the page that shows how far it is says that it has stopped, and has a button to carry on
            Stopped(log, failure.GetType().Name);
        }
        finally
        {
            _running.TryRemove(queued.Id, out _);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Including existing appointments has stopped ({Failure})")]
    private static partial void Stopped(ILogger logger, string failure);
}
