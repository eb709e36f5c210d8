using Calendaring.Store;
using NodaTime;

namespace ProviderBridge.Sync;

/// <summary>What a pass came to.</summary>
public enum PassResult
{
    /// <summary>Both sides agree, but for what is in quarantine.</summary>
    Done,

    /// <summary>Another worker has the link.</summary>
    Busy,

    /// <summary>It does not mirror now; its state says why.</summary>
    Stopped,

    /// <summary>It could not be finished now: the next pass takes up where this one was.</summary>
    Later,
}

/// <summary>
/// One unit of work for a link: what changed on either side since the last pass is brought to agreement. Its cursors move together with what they stand for, at the end: a pass that is cut short, wherever,
/// is made again, and makes nothing twice.
/// </summary>
/// <param name="store">Where the HX_ calendar and the state of the link are kept.</param>
/// <param name="clock">The current time.</param>
/// <param name="outside">The calendar outside.</param>
public sealed class LinkPass(ICalendarStore store, IClock clock, IOutsideCalendar outside)
{
    /// <summary>How long a service is believed when it tells only what changed: one that forgot to tell something never tells it.</summary>
    private static readonly Duration WholeEvery = Duration.FromDays(7);

    private readonly DiskWatch _disk = new();

    /// <summary>How long the outside calendar asked to be left alone when the pass could not be finished; null when it did not say.</summary>
    public Duration? RetryAfter { get; private set; }

    /// <summary>Why the pass could not be finished; null when neither the outside calendar nor this server's own disk was why.</summary>
    public OutsideFault? Fault { get; private set; }

    /// <summary>What the pass did.</summary>
    public PassCounts Counts { get; private set; } = new();

    /// <summary>Whether it was stopped because it would have removed very many appointments.</summary>
    public bool IsHeld { get; private set; }

    /// <summary>How often the lease is renewed while a pass runs: one that lasts longer than a lease does must not meet another.</summary>
    public TimeSpan RenewEvery { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>Is told how many appointments of how many are looked at.</summary>
    public Action<int, int>? Progress { get; init; }

    private ICalendarStore Watched => field ??= _disk.Over(store);

    /// <summary>Runs a pass.</summary>
    /// <param name="key">The link.</param>
    /// <param name="cancellationToken">Stops it between two steps.</param>
    public async Task<PassResult> RunAsync(LinkKey key, CancellationToken cancellationToken = default)
    {
        var result = await LinkLease.WithAsync(Watched, clock, key.LinkId, RenewEvery, lease => RunAsync(key, lease, cancellationToken), cancellationToken);
        if (!_disk.HasRefused || result is not (PassResult.Busy or PassResult.Later)) return result;
        // also where it looks as if another worker had the link: the lease could not be written
        Fault = OutsideFault.NotWritten;
        return PassResult.Later;
    }

    private async Task<PassResult> RunAsync(LinkKey key, Lease lease, CancellationToken cancelled)
    {
        if (await FindAsync(key, cancelled) is not { } link) return PassResult.Stopped;
        try
        {
            return await RunOrStopAsync(link, new PassPermit(Watched, clock, link, lease), cancelled);
        }
        catch (PassStoppedException)
        {
            // changed only: it begins again as it is now
            return await FindAsync(key, cancelled) is null ? PassResult.Stopped : PassResult.Busy;
        }
    }

    private async Task<PassResult> RunOrStopAsync(Link link, PassPermit permit, CancellationToken cancelled)
    {
        try
        {
            return await RunAsync(link, permit, cancelled);
        }
        catch (OutsideException failed)
        {
            (RetryAfter, Fault) = (failed.RetryAfter, failed.Fault);
            return await StopAsync(Counted(link), permit, failed.Fault);
        }
    }

    /// <summary>The link, with what was removed in the practice now. What a person allowed does not count, nor what was removed before they were asked.</summary>
    private Link Counted(Link link) =>
        link with { Removed = link.AllowedDeletions > 0 ? [] : RecentRemovals.With(link.Removed, Counts.DeletionsIn, clock.GetCurrentInstant()) };

    /// <summary>The link, if it mirrors now.</summary>
    private async Task<Link?> FindAsync(LinkKey key, CancellationToken cancelled)
    {
        using var snapshot = await Watched.OpenSnapshotAsync(cancelled);
        return await Link.FindAsync(snapshot, key) is { State: LinkState.Active } link && await Link.HasAccessAsync(snapshot, key.PractitionerId, clock.GetCurrentInstant()) ? link : null;
    }

    private async Task<PassResult> RunAsync(Link link, PassPermit permit, CancellationToken cancelled)
    {
        var changes = await outside.ListChangesAsync(IsWholeDue(link) ? null : link.OutsideCursor, cancelled);
        var dirty = await ReadDirtyAsync(link, changes, cancelled);
        if (dirty is null) return PassResult.Stopped;
        // a listing tells of the calendar as a whole: what it says is not of one event
        var stumbling = new StumblingCalendar(outside, link);
        var reconciler = new Reconciler(Watched, clock, stumbling, link, permit, await LinkItem.CountAsync(Watched, link.Key, cancelled)) { Gone = dirty.Gone };
        Counts = reconciler.Counts;
        // first what is new outside: it may be one of ours whose answer was lost
        foreach (var id in dirty.Unknown)
        {
            if (await stumbling.TryAsync(id, () => reconciler.TakeInAsync(id, cancelled)) is { } uid) dirty.Outside.Add(uid);
        }

        List<PlannedRemoval> removals = [];
        var all = dirty.Outside.Union(dirty.Here).Union(await DueAsync(link, cancelled)).ToList();
        for (var n = 0; n < all.Count; n++)
        {
            Progress?.Invoke(n, all.Count);
            // that somebody wants it to be tried again tells nothing of the outside: what is not given then is not gone by that
            var uid = all[n];
            if (await stumbling.TryAsync(uid, () => reconciler.ReconcileAsync(uid, dirty.Outside.Contains(uid), cancelled)) is { } removal) removals.Add(removal);
        }

        if (all.Count > 0) Progress?.Invoke(all.Count, all.Count);

        var now = clock.GetCurrentInstant();
        var fromOutside = removals.Where(removal => removal.Outside is null).Sum(removal => removal.Deletions);
        IsHeld = DeletionBrake.Holds(fromOutside, link.AllowedDeletions, link.Count, link.Removed, now, leavesNone: changes is { IsWhole: true, Ids.Count: 0 } && link.Count > 0);
        // what the practice itself removes is meant
        foreach (var removal in removals.Where(removal => !IsHeld || removal.Outside is not null))
        {
            await stumbling.TryAsync<object>(
                removal.Item.Uid,
                async () =>
                {
                    await reconciler.RemoveAsync(removal, cancelled);
                    return null;
                });
        }

        if (IsHeld)
        {
            var held = new LinkEvent(now, LinkEventKind.DeletesHeld) { Deletions = fromOutside };
            return await SaveAsync(Counted(link) with { State = LinkState.DeletesHeld, HeldDeletions = fromOutside, AllowedDeletions = 0, Count = reconciler.Count }, permit, PassResult.Stopped, held);
        }

        var moved = Counted(link) with
        {
            LastOut = Counts.Out + Counts.RemovedOut > 0 ? now : link.LastOut,
            LastIn = Counts.In + Counts.RemovedIn > 0 ? now : link.LastIn,
            Count = reconciler.Count,
            Failing = stumbling.Failing.Count > 0 ? stumbling.Failing : null,
        };
        var happened = Counts.IsNothing ? null : new LinkEvent(now, LinkEventKind.Passed) { Counts = Counts };
        // what is left is looked at by the next pass: the cursors stay where they are
        if (stumbling.Failing.Count > 0) return await SaveAsync(moved, permit, PassResult.Later, happened);

        var kept = await FindStoredDifferentlyAsync(link, dirty, cancelled);
        var done = moved with
        {
            HxCursor = dirty.HxCursor,
            OutsideCursor = changes.Cursor,
            LastPass = now,
            LastWhole = changes.IsWhole ? now : link.LastWhole,
            HeldDeletions = 0,
            AllowedDeletions = 0,
            PutsBack = false,
            // what could not be rewritten may still show what it showed
            RewritingSince = kept.IsShown ? link.RewritingSince : null,
            IsLowered = kept.IsShown && link.IsLowered,
            AskedAgain = [],
            PrivateAs = link.PrivateAs ?? PrivateAs.Busy,
            Quarantined = kept.Quarantined,
            InParts = kept.InParts,
        };
        return await SaveAsync(done, permit, PassResult.Done, happened);
    }

    /// <summary>Whether all is to be listed. One that was in the future was noted by a clock that was wrong then.</summary>
    private bool IsWholeDue(Link link) => clock.GetCurrentInstant() is var now && (link.LastWhole is not { } last || last > now || last <= now - WholeEvery);

    /// <summary>What may have changed on either side, by UID where the link knows it. Null when there is no HX_ calendar.</summary>
    private async Task<Dirty?> ReadDirtyAsync(Link link, OutsideChanges changes, CancellationToken cancelled)
    {
        using var snapshot = await Watched.OpenSnapshotAsync(cancelled);
        if (await HxSide.FindCalendarAsync(snapshot, link) is not { } hx) return null;
        var dirty = new Dirty(hx.Change);
        foreach (var id in changes.Ids.Distinct(StringComparer.Ordinal))
        {
            if (await LinkItem.FindUidByOutsideIdAsync(snapshot, link.Key, id) is not { } uid)
            {
                dirty.Unknown.Add(id);
                continue;
            }

            if (changes.Gone.Contains(id)) dirty.Gone.Add(uid);
            if (dirty.Outside.Contains(uid)) continue;
            if (!changes.Versions.TryGetValue(id, out var version) || await LinkItem.FindAsync(snapshot, link.Key, uid) is not { } item || !item.IsSettledAt(version)) dirty.Outside.Add(uid);
        }

        if (changes.IsWhole) await AddMissingAsync(snapshot, link, changes, dirty);
        // from the beginning, or from before what is remembered, nothing is told of what was removed
        if (link.HxCursor <= link.From || link.RewritingSince is not null || link.HxCursor < await snapshot.OldestSyncAsync(hx.Id)) dirty.Here.UnionWith((await LinkItem.ListAsync(snapshot, link.Key)).Select(item => item.Uid));
        // a link of before may show more of private appointments than it may now
        else if (link.PrivateAs is null) dirty.Here.UnionWith((await LinkItem.ListAsync(snapshot, link.Key)).Where(item => item.HxBase.Contains("CLASS:", StringComparison.Ordinal)).Select(item => item.Uid));
        List<(string Name, string? Uid)> names = [];
        await foreach (var entry in snapshot.ListChangesAsync(hx.Id, link.HxCursor).WithCancellation(cancelled)) names.Add((entry.Name, entry.Row?.Index.Uid));
        foreach (var (name, uid) in names)
        {
            if (uid is not null) dirty.Here.Add(uid);
            if (await LinkItem.FindUidByNameAsync(snapshot, link.Key, name) is { } before) dirty.Here.Add(before);
        }

        return dirty;
    }

    /// <summary>What the link knows and a whole listing does not have may be gone: each is asked for.</summary>
    private static async Task AddMissingAsync(IStoreSnapshot snapshot, Link link, OutsideChanges changes, Dirty dirty)
    {
        var (items, there) = (await LinkItem.ListAsync(snapshot, link.Key), changes.Ids.ToHashSet(StringComparer.Ordinal));
        foreach (var item in items)
        {
            // of what is there in parts some may be gone, and some may be due since
            if (item.OutsideParts is not null) dirty.Outside.Add(item.Uid);
            else if (item.OutsideId is { } id && !there.Contains(id) && dirty.Gone.Add(item.Uid)) dirty.Outside.Add(item.Uid);
        }
    }

    /// <summary>What is in quarantine and is tried again though nobody changed it.</summary>
    private async Task<IReadOnlyList<string>> DueAsync(Link link, CancellationToken cancelled)
    {
        List<string> due = [];
        if (link.Quarantined.Count == 0) return due;
        using var snapshot = await Watched.OpenSnapshotAsync(cancelled);
        foreach (var uid in link.Quarantined)
        {
            if (await LinkItem.FindAsync(snapshot, link.Key, uid) is { } item && (item.IsDue(clock.GetCurrentInstant()) || link.AskedAgain.Contains(uid))) due.Add(uid);
        }

        return due;
    }

    /// <summary>What of all that was looked at the outside calendar has not as it is, or as single events.</summary>
    private async Task<Kept> FindStoredDifferentlyAsync(Link link, Dirty dirty, CancellationToken cancelled)
    {
        var kept = new Kept();
        using var snapshot = await Watched.OpenSnapshotAsync(cancelled);
        foreach (var uid in dirty.Outside.Union(dirty.Here).Union(link.Quarantined).Union(link.InParts))
        {
            if (await LinkItem.FindAsync(snapshot, link.Key, uid) is { } item) kept.Add(item);
        }

        return kept;
    }

    private async Task<PassResult> StopAsync(Link link, PassPermit permit, OutsideFault fault)
    {
        var now = clock.GetCurrentInstant();
        return fault switch
        {
            OutsideFault.NeedsReconnecting => await SaveAsync(link with { State = LinkState.NeedsReconnecting }, permit, PassResult.Stopped, new LinkEvent(now, LinkEventKind.Lost)),
            OutsideFault.CalendarGone => await SaveAsync(link with { State = LinkState.CalendarGone }, permit, PassResult.Stopped, new LinkEvent(now, LinkEventKind.CalendarGone)),
            _ when Counts.DeletionsIn > 0 => await SaveAsync(link, permit, PassResult.Later, null),
            _ => PassResult.Later,
        };
    }

    /// <summary>Notes how far the pass came, even when it is being stopped: this takes no token.</summary>
    private async Task<PassResult> SaveAsync(Link link, PassPermit permit, PassResult result, LinkEvent? happened)
    {
        IReadOnlyList<StoreOperation> steps;
        using (var snapshot = await Watched.OpenSnapshotAsync())
        {
            steps = happened is null ? [link.Put()] : await link.PutAsync(snapshot, happened);
            if (Counts.Conflicts > 0) steps = [.. steps, .. await Conflict.ForgetOldAsync(snapshot, link.PractitionerId, clock.GetCurrentInstant())];
        }

        if ((await Watched.ApplyAsync(new StoreBatch([.. permit.Expected, .. steps]))).Succeeded) return result;
        await permit.CheckAsync(CancellationToken.None);
        return PassResult.Later;
    }

    private sealed class Kept
    {
        public List<string> Quarantined { get; } = [];

        public List<string> InParts { get; } = [];

        /// <summary>Whether some of that is there as it was before.</summary>
        public bool IsShown { get; private set; }

        public void Add(LinkItem item)
        {
            if (item is { OutsideParts: not null, IsRejected: false }) InParts.Add(item.Uid);
            if (item.Quarantine is null) return;
            Quarantined.Add(item.Uid);
            IsShown |= item is { IsOwed: true, IsRejected: false, OutsideId: not null };
        }
    }

    private sealed record Dirty(long HxCursor)
    {
        public HashSet<string> Outside { get; } = [];

        public HashSet<string> Gone { get; } = [];

        public HashSet<string> Here { get; } = [];

        public List<string> Unknown { get; } = [];
    }
}
