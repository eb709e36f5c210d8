using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using CalDavServer.Options;
using Calendaring.Store;
using NodaTime;
using Practice.Audit;
using ProviderBridge.Halaxy;
using ProviderBridge.Sync;

namespace CalDavServer.Links.Halaxy;

/// <summary>
/// Runs the connections of practices to Halaxy that are due: one pass of a practice at a time, and a few practices at once. One is due a second after one of its diaries has changed, when a webhook or a person asks for it, and
/// now and then, to see what changed in Halaxy. One that Halaxy does not answer is asked less and less often.
/// </summary>
internal sealed partial class HalaxyRunner(ICalendarStore store, IClock clock, HalaxyClients clients, HalaxySecrets secrets, HalaxyNames names, HalaxyEmails emails, HalaxyConnections connections, LinkTimes times, LinkMetrics metrics, ILogger<HalaxyRunner> log) : BackgroundService
{
    private const int AtOnce = 16;
    private const string Scheme = "Bearer ";
    private static readonly TimeSpan LongestSleep = TimeSpan.FromMinutes(5);
    private readonly ConcurrentDictionary<string, ConnectedPractice> _practices = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, string> _practiceOf = new(StringComparer.Ordinal);
    private readonly SemaphoreSlim _woken = new(0, 1);
    private int _running;

    /// <summary>Has a practice run at once: it is new, or somebody asks for it.</summary>
    /// <param name="groupId">The practice group.</param>
    /// <param name="looks">Whether it is to be looked before which boxes are ticked for the key.</param>
    public void Wake(string groupId, bool looks = false)
    {
        var practice = Of(groupId);
        if (looks) practice.Look();
        practice.Ask();
        practice.Schedule.Ask();
        Signal();
    }

    /// <summary>Whether somebody asked for a look that is not done yet: how it stands was found out before.</summary>
    public bool IsAsked(string groupId) => _practices.TryGetValue(groupId, out var known) && known.IsAsked;

    /// <summary>When a practice will be looked at next; null while it is, or when it is not known.</summary>
    public Instant? NextOf(string groupId) => _practices.TryGetValue(groupId, out var known) && known.Schedule.Wait is { } wait ? clock.GetCurrentInstant() + Duration.FromTimeSpan(wait) : null;

    /// <summary>How many of how many of Halaxy's appointments the pass that runs has looked at; null while none compares all.</summary>
    public (int Done, int Of)? ProgressOf(string groupId) => _practices.TryGetValue(groupId, out var known) ? known.Schedule.Progress : null;

    /// <summary>Whether webhooks of a practice have to bring the Authentication Header, from now on.</summary>
    public void AskHeader(string groupId, bool asks) => Of(groupId).AsksHeader = asks;

    /// <summary>How often in a row Halaxy did not answer.</summary>
    public int FailuresOf(string groupId) => _practices.TryGetValue(groupId, out var known) ? known.Schedule.Failures : 0;

    /// <summary>When a webhook came last since the server was started; null for never.</summary>
    public Instant? LastHookOf(string groupId) => _practices.TryGetValue(groupId, out var known) ? known.LastHook : null;

    /// <summary>When a webhook was refused last because it did not bring the Authentication Header; null for never since the server was started.</summary>
    public Instant? RefusedHookOf(string groupId) => _practices.TryGetValue(groupId, out var known) ? known.RefusedHook : null;

    /// <summary>Takes a webhook. What it says is a hint, and asked for; false when it is nobody's.</summary>
    /// <param name="secret">The part of the address that nobody can guess.</param>
    /// <param name="header">The Authentication Header.</param>
    /// <param name="kind">What it says happened, as <see cref="HalaxyWebhooks.Kinds"/> has it.</param>
    /// <param name="ids">The appointments that it names; null as long as it is not read.</param>
    public bool Receive(string secret, string header, string kind, IReadOnlyCollection<string>? ids)
    {
        if (_practices.Values.FirstOrDefault(one => one.Hook is { } hook && AreSame(hook.Secret, secret)) is not { Hook: { } known } practice) return false;
        if (practice.AsksHeader && !AreSame(Bare(known.Header), Bare(header)))
        {
            practice.RefusedHook = clock.GetCurrentInstant();
            return false;
        }

        practice.Heard(kind, clock.GetCurrentInstant());
        practice.Hint(ids ?? []);
        // what was deleted is in no list of what has changed
        if (ids?.Count == 0 && !HalaxyWebhooks.OfNews.Contains(kind)) practice.CompareSoon(clock.GetCurrentInstant());
        practice.Schedule.Touch(times.Gather);
        // who tells of changes may answer again
        practice.Schedule.RetryIfFailing();
        Signal();
        return true;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // the server starts without waiting for it
        await Task.Yield();
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

    // whether Halaxy puts the scheme before what it was given is not documented
    private static string Bare(string header)
    {
        while (header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase)) header = header[Scheme.Length..];
        return header;
    }

    private static bool AreSame(string one, string other) => CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(one), Encoding.UTF8.GetBytes(other));

    private ConnectedPractice Of(string groupId) => _practices.GetOrAdd(groupId, static id => new ConnectedPractice(id));

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
        if (!_practiceOf.TryGetValue(notice.PrincipalId, out var groupId) || !_practices.TryGetValue(groupId, out var practice)) return;
        practice.Schedule.Touch(times.Gather);
        Signal();
    }

    /// <summary>Finds all practices that are or were connected; false when that is to be tried again.</summary>
    private async Task<bool> FindAllAsync(CancellationToken stopping)
    {
        try
        {
            using var snapshot = await store.OpenSnapshotAsync(stopping);
            // one that is not connected may have names left that are to be forgotten, or all that was mirrored
            foreach (var groupId in await HalaxyConnection.ListGroupsAsync(snapshot))
            {
                Of(groupId).Schedule.Delay(times.Spread());
                await KnowAsync(snapshot, groupId);
            }

            return true;
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            Failed(log, failure.GetType().Name);
            return false;
        }
    }

    /// <summary>Knows the webhooks and diaries of a practice before its first pass. One whose connection cannot be read is no reason not to know the others: its passes try again.</summary>
    private async Task KnowAsync(IStoreSnapshot snapshot, string groupId)
    {
        try
        {
            if (await HalaxyConnection.FindAsync(snapshot, groupId) is { IsConnected: true } connection) Know(connection);
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            Failed(log, failure.GetType().Name);
        }
    }

    private void Know(HalaxyConnection connection)
    {
        var practice = Of(connection.GroupId);
        (practice.Hook, practice.AsksHeader) = (secrets.HookOf(connection), connection.AsksHookHeader);
        foreach (var match in connection.Matches) _practiceOf[match.PractitionerId] = connection.GroupId;
    }

    /// <summary>Starts what is due, and says how long nothing else will be.</summary>
    private TimeSpan Start(CancellationToken stopping)
    {
        var sleep = LongestSleep;
        // who has waited longest comes first
        foreach (var practice in _practices.Values.OrderBy(practice => practice.Schedule.Due))
        {
            if (practice.Schedule.Wait is not { } wait) continue;
            if (wait > TimeSpan.Zero) sleep = wait < sleep ? wait : sleep;
            else if (Volatile.Read(ref _running) < AtOnce && practice.Schedule.Begin())
            {
                Interlocked.Increment(ref _running);
                _ = RunAsync(practice, stopping);
            }
        }

        return sleep;
    }

    private async Task RunAsync(ConnectedPractice practice, CancellationToken stopping)
    {
        await Task.Yield();
        var (hinted, asked) = (practice.TakeHints(), practice.Asked);
        try
        {
            var end = await PassAsync(practice, hinted, stopping);
            if (end.Result is PassResult.Later or PassResult.Busy) practice.Hint(hinted);
            metrics.Passed(end, practice.Schedule.End(end, times));
            if (end.Result != PassResult.Busy) practice.Answer(asked);
        }
        catch (Exception) when (stopping.IsCancellationRequested)
        {
            // the next start takes it up
        }
        catch (Exception failure)
        {
            // whatever it is, it must hold up no other practice
            Failed(log, failure.GetType().Name);
            practice.Hint(hinted);
            practice.Schedule.End(new PassEnd(PassResult.Later, null), times);
            practice.Answer(asked);
        }
        finally
        {
            Interlocked.Decrement(ref _running);
            Signal();
        }
    }

    private async Task<PassEnd> PassAsync(ConnectedPractice practice, IReadOnlyCollection<string> hinted, CancellationToken stopping)
    {
        HalaxyConnection? connection;
        using (var snapshot = await store.OpenSnapshotAsync(stopping)) connection = await HalaxyConnection.FindAsync(snapshot, practice.GroupId);
        if (connection is not { IsConnected: true })
        {
            practice.Hook = null;
            foreach (var (practitioner, groupId) in _practiceOf)
            {
                if (groupId == practice.GroupId) _practiceOf.TryRemove(practitioner, out _);
            }

            await names.ForgetAsync(practice.GroupId, thorough: true, stopping);
            // the server ended, or failed, while what was mirrored was forgotten
            if (connection is { IsForgetting: true }) await connections.ForgetAsync(practice.GroupId, AuditActor.Server, stopping);
            return new PassEnd(PassResult.Stopped, null);
        }

        Know(connection);
        // though Halaxy does not answer, and no pass comes so far
        if (practice.Schedule.Failures > 0) await names.ForgetAsync(practice.GroupId, thorough: false, stopping);
        await LookAsync(practice, connection, stopping);
        if ((connection.NeedsKey || connection.State == HalaxyState.MissingScope) && practice.IsToTry(clock.GetCurrentInstant()) && await connections.TryAgainAsync(connection, stopping) is { } again) connection = again;
        if (!connection.Mirrors || clients.Find(connection) is not { } client)
        {
            if (connection.Mirrors) await connections.LoseKeyAsync(connection);
            // that the server ended before they were written to leaves nobody without a word
            emails.Tell(practice.GroupId);
            // names are kept for a set time, and for those who need them, though no pass runs
            await names.ForgetAsync(practice.GroupId, thorough: false, stopping);
            return new PassEnd(PassResult.Stopped, null);
        }

        var began = clock.GetCurrentInstant();
        var comparesAll = practice.TakeCompare();
        var pass = new HalaxyPass(store, clock, client, names) { Progress = practice.Schedule.Tell, ComparesAll = comparesAll || !practice.HasCompared, MayAskInVain = practice.MayAskInVain(began) };
        var result = PassResult.Later;
        try
        {
            result = await pass.RunAsync(practice.GroupId, hinted, stopping);
        }
        finally
        {
            if (comparesAll && result != PassResult.Done) practice.Compare();
        }

        practice.AskedInVain(pass.AskedInVain);
        practice.HasCompared |= result == PassResult.Done;
        practice.Found(pass, began);
        if (result == PassResult.Stopped) emails.Tell(practice.GroupId);
        return new PassEnd(result, pass.RetryAfter?.ToTimeSpan(), practice.IsTold(clock.GetCurrentInstant())) { Counts = pass.Counts, IsHeld = pass.IsHeld };
    }

    /// <summary>Looks which boxes are ticked for the key, where somebody asked for it and until it was done.</summary>
    private async Task LookAsync(ConnectedPractice practice, HalaxyConnection connection, CancellationToken stopping)
    {
        if (!practice.TakeLook()) return;
        var isDone = false;
        try
        {
            isDone = await connections.LookAsync(connection, stopping);
        }
        finally
        {
            if (!isDone) practice.Look();
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "A connection to Halaxy could not be run ({Failure}); it is tried again later")]
    private static partial void Failed(ILogger logger, string failure);
}
