using System.Collections.Concurrent;
using CalDavServer.Options;
using Calendaring.Store;
using NodaTime;
using Practice.Groups;
using Practice.Hx;
using ProviderBridge.Sync;

namespace CalDavServer.Links;

/// <summary>
/// Runs the links that are due: one pass of a link at a time, and a few links at once. A link is due a second after its practitioner's calendar has changed, when somebody asks for it, and now and then, to see what changed
/// outside. One whose service does not answer is asked less and less often.
/// </summary>
internal sealed partial class LinkRunner(ICalendarStore store, IClock clock, LinkTimes times, ILogger<LinkRunner> log, Providers providers, LinkMetrics metrics) : BackgroundService
{
    private const int AtOnce = 8;
    private static readonly TimeSpan LongestSleep = TimeSpan.FromMinutes(5);
    private readonly ConcurrentDictionary<string, ConcurrentDictionary<LinkKey, ScheduledLink>> _links = new(StringComparer.Ordinal);
    private readonly DueLinks _due = new();
    private readonly SemaphoreSlim _woken = new(0, 1);
    private int _running;

    /// <summary>Has a link run at once, however often its service did not answer before: it is new, or somebody asks for it.</summary>
    public void Wake(LinkKey link)
    {
        var scheduled = Of(link.PractitionerId).GetOrAdd(link, static key => new ScheduledLink(key));
        scheduled.Ask();
        _due.Add(scheduled);
        Signal();
    }

    /// <summary>Has a link run soon: its service told that something may have changed.</summary>
    public void Touch(LinkKey link)
    {
        if (Find(link) is not { } scheduled) return;
        Touch(scheduled);
        // who tells of changes may answer again
        if (!scheduled.RetryIfFailing()) return;
        _due.Add(scheduled);
        Signal();
    }

    /// <summary>How a link stands.</summary>
    public ScheduledLink? Find(LinkKey link) => _links.TryGetValue(link.PractitionerId, out var own) && own.TryGetValue(link, out var found) ? found : null;

    /// <summary>When a link will be looked at next; null when it is not known.</summary>
    public Instant? NextOf(LinkKey link) => Find(link)?.Wait is { } wait ? clock.GetCurrentInstant() + Duration.FromTimeSpan(wait) : null;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // the server starts without waiting for it
        await Task.Yield();
        if (providers.All.Count == 0) return;
        metrics.Watch(() => _links.Values.SelectMany(static own => own.Values).Select(static link => link.Waiting ?? TimeSpan.Zero).DefaultIfEmpty().Max());
        using var subscription = store.Subscribe(Changed);
        var isFound = false;
        while (!stoppingToken.IsCancellationRequested)
        {
            isFound = isFound || await FindAllAsync(stoppingToken);
            var sleep = Start(stoppingToken);
            if (!isFound && times.FirstPause < sleep) sleep = times.FirstPause;
            await ((Task)_woken.WaitAsync(sleep, stoppingToken)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        // the store is closed when this has ended
        while (Volatile.Read(ref _running) > 0) await Task.Delay(20, CancellationToken.None);
    }

    private ConcurrentDictionary<LinkKey, ScheduledLink> Of(string practitionerId) => _links.GetOrAdd(practitionerId, static _ => new());

    private void Signal()
    {
        try
        {
            if (_woken.CurrentCount == 0) _woken.Release();
        }
        catch (SemaphoreFullException)
        {
            // somebody else was faster
        }
    }

    // on the writer's thread
    private void Changed(ChangeNotice notice)
    {
        if (!_links.TryGetValue(notice.PrincipalId, out var own) || own.IsEmpty) return;
        foreach (var link in own.Values) Touch(link);
    }

    private void Touch(ScheduledLink link)
    {
        if (!link.Touch(times.Gather)) return;
        _due.Add(link);
        Signal();
    }

    /// <summary>Finds all links and what they are told on; false when that is to be tried again.</summary>
    private async Task<bool> FindAllAsync(CancellationToken stopping)
    {
        try
        {
            using var snapshot = await store.OpenSnapshotAsync(stopping);
            var isFound = true;
            foreach (var link in await Link.ListAllAsync(snapshot))
            {
                isFound &= await ListenAsync(snapshot, link);
                var scheduled = new ScheduledLink(link.Key);
                scheduled.Delay(times.Spread());
                // one that is run already, because somebody asked for it or since the last try, is due as it is
                if (Of(link.PractitionerId).TryAdd(link.Key, scheduled)) _due.Add(scheduled);
            }

            return isFound;
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            NotFound(log, failure.GetType().Name);
            return false;
        }
    }

    /// <summary>Knows what a link is told on. Where that cannot be read, the link is run all the same, and so are the others.</summary>
    private async Task<bool> ListenAsync(IStoreSnapshot snapshot, Link link)
    {
        try
        {
            if (providers.Find(link.Provider)?.Channels is { } channels) await channels.LoadAsync(snapshot, link.Key);
            return true;
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            NotFound(log, failure.GetType().Name);
            return false;
        }
    }

    /// <summary>Starts what is due, and says how long nothing else will be.</summary>
    private TimeSpan Start(CancellationToken stopping)
    {
        while (Volatile.Read(ref _running) < AtOnce)
        {
            if (_due.Begin() is not { } link) return _due.Wait is { } wait && wait < LongestSleep ? wait : LongestSleep;
            Interlocked.Increment(ref _running);
            _ = RunAsync(link, stopping);
        }

        // one that ends says so
        return LongestSleep;
    }

    private async Task RunAsync(ScheduledLink scheduled, CancellationToken stopping)
    {
        await Task.Yield();
        try
        {
            var end = await PassAsync(scheduled, stopping);
            if (end.Fault == OutsideFault.NotRegistered && scheduled.Fault != end.Fault) NotRegistered(log);
            metrics.Passed(end, scheduled.End(end, times));
        }
        catch (Exception) when (stopping.IsCancellationRequested)
        {
            // the next start takes it up
        }
        catch (Exception failure)
        {
            // whatever it is, it must hold up no other link
            Failed(log, failure.GetType().Name);
            scheduled.End(new PassEnd(PassResult.Later, null) { Fault = failure is StoreException { Kind: StoreFailureKind.NoSpace or StoreFailureKind.Unavailable } ? OutsideFault.NotWritten : null }, times);
        }
        finally
        {
            Interlocked.Decrement(ref _running);
            // one that has ended is no longer due
            if (Find(scheduled.Link) == scheduled) _due.Add(scheduled);
            Signal();
        }
    }

    private async Task<PassEnd> PassAsync(ScheduledLink scheduled, CancellationToken stopping)
    {
        Link? link;
        HxAccess access;
        DateTimeZone? zone;
        IReadOnlyList<StoreOperation> old;
        using (var snapshot = await store.OpenSnapshotAsync(stopping))
        {
            link = await Link.FindAsync(snapshot, scheduled.Link);
            access = await HxAccess.ReadAsync(snapshot, scheduled.Link.PractitionerId, clock.GetCurrentInstant());
            // of somebody without access nothing goes out and nothing comes in
            var person = await snapshot.FindPrincipalAsync(scheduled.Link.PractitionerId);
            zone = person is { Deactivated: null } ? (await PracticeGroup.FindAsync(snapshot, person.GroupId))?.Zone() : null;
            // also where nothing is mirrored now
            old = scheduled.IsToForget(clock.GetCurrentInstant()) ? await Conflict.ForgetOldAsync(snapshot, scheduled.Link.PractitionerId, clock.GetCurrentInstant()) : [];
        }

        if (old.Count > 0) await store.ApplyAsync(new StoreBatch(old), stopping);
        if (link is null)
        {
            Of(scheduled.Link.PractitionerId).TryRemove(KeyValuePair.Create(scheduled.Link, scheduled));
            await WakeMadeAgainAsync(scheduled.Link, stopping);
            return new PassEnd(PassResult.Stopped, null);
        }

        // a subscription that is bought again is noticed by the next check
        if (zone is null || link.State != LinkState.Active || access.State != HxState.Active || providers.Find(link.Provider) is not { } provider) return new PassEnd(PassResult.Stopped, null);
        using var trace = new PassTrace(link.Provider);
        using var opened = provider.Service.Open(link, zone, new EventOwners(store, link.Key));
        var pass = new LinkPass(store, clock, opened.Calendar) { Progress = scheduled.Tell };
        var result = await pass.RunAsync(link.Key, stopping);
        var end = new PassEnd(result, pass.RetryAfter?.ToTimeSpan(), result == PassResult.Done && provider.Channels is { } channels && await channels.KeepAsync(link, stopping)) { Counts = pass.Counts, IsHeld = pass.IsHeld, Fault = pass.Fault };
        trace.End(end);
        return end;
    }

    /// <summary>A link that was made again in the moment in which it was looked for has woken the one that is forgotten now.</summary>
    private async Task WakeMadeAgainAsync(LinkKey link, CancellationToken stopping)
    {
        using var snapshot = await store.OpenSnapshotAsync(stopping);
        if (await Link.FindAsync(snapshot, link) is not null) Wake(link);
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "A service does not know this server as it is set up: its client secret may have expired, or its API may be switched off. See docs/providers.md; until then its links wait")]
    private static partial void NotRegistered(ILogger logger);

    [LoggerMessage(Level = LogLevel.Error, Message = "Links to outside calendars could not be read ({Failure}); that is tried again in a moment")]
    private static partial void NotFound(ILogger logger, string failure);

    [LoggerMessage(Level = LogLevel.Error, Message = "A link to an outside calendar could not be run ({Failure}); it is tried again later")]
    private static partial void Failed(ILogger logger, string failure);
}
