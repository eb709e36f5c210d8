using System.Runtime.CompilerServices;
using Calendaring.Store;
using NodaTime;
using NodaTime.Text;
using Practice.Groups;
using Practice.Hx;
using ProviderBridge.Sync;
using Appointment = Hl7.Fhir.Model.Appointment;

namespace ProviderBridge.Halaxy;

/// <summary>
/// One unit of work for a practice group that is connected to Halaxy: what changed on either side since the last pass is brought to agreement. Webhooks and the search for what changed lately are hints; the comparison of everything,
/// now and then, is the truth. Cursors move at the end, together: a pass that is cut short, wherever, is made again, and makes nothing twice.
/// </summary>
/// <param name="store">Where the diaries and the connection are kept.</param>
/// <param name="clock">The current time.</param>
/// <param name="client">The practice's Halaxy account.</param>
/// <param name="names">Patients' names.</param>
public sealed partial class HalaxyPass(ICalendarStore store, IClock clock, HalaxyClient client, HalaxyNames names)
{
    /// <summary>How many appointments that are named by webhooks, and unknown here, are asked for in a minute. What is changed is found by the search for what changed lately, whoever names it.</summary>
    public const int MostAskedInVain = 20;
    private const int Chunk = 100;

    /// <summary>How often in a row what changed lately is asked for again because fewer came than Halaxy said.</summary>
    private const int MostPartialPolls = 3;

    /// <summary>What is asked for again each time: Halaxy tells times in seconds, and its clock may not be ours.</summary>
    private static readonly Duration Overlap = Duration.FromMinutes(2);
    private static readonly Duration ImportOverlap = Duration.FromMinutes(10);
    private static readonly Duration CompareEvery = Duration.FromHours(6);

    /// <summary>When everything is compared again after fewer came than Halaxy said that there are.</summary>
    private static readonly Duration CompareSoon = Duration.FromMinutes(10);

    /// <summary>How far back everything is compared: what is older is asked for when it is changed, and once a week (<see cref="HalaxyRound"/>).</summary>
    private static readonly Duration ComparedBack = Duration.FromDays(31);

    /// <summary>How long Halaxy asked to be left alone when the pass could not be finished; null when it did not say.</summary>
    public Duration? RetryAfter { get; private set; }

    /// <summary>Why the pass could not be finished; null when that was not Halaxy.</summary>
    public HalaxyFault? Fault { get; private set; }

    /// <summary>What the pass did.</summary>
    public PassCounts Counts { get; private set; } = new();

    /// <summary>Whether it was stopped because it would have removed very many appointments.</summary>
    public bool IsHeld { get; private set; }

    /// <summary>Whether Halaxy had booked something of which no webhook told, when it was asked what changed.</summary>
    public bool HasUntoldBooking { get; private set; }

    /// <summary>Whether it had changed something else of which none told.</summary>
    public bool HasUntoldChange { get; private set; }

    /// <summary>How many of the appointments that webhooks named are asked for though nothing is known of them here: who learned the practice's hook address could name thousands that are none, and use up the practice's requests.</summary>
    public int MayAskInVain { get; init; } = MostAskedInVain;

    /// <summary>Of how many of those nothing came.</summary>
    public int AskedInVain { get; private set; }

    /// <summary>How often the lease is renewed while a pass runs.</summary>
    public TimeSpan RenewEvery { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>Whether all is compared before its usual time: what was told before is not known any more.</summary>
    public bool ComparesAll { get; init; }

    /// <summary>Is told how many of how many of Halaxy's appointments were looked at, while all are compared.</summary>
    public Action<int, int>? Progress { get; init; }

    /// <summary>Runs a pass.</summary>
    /// <param name="groupId">The practice group.</param>
    /// <param name="hinted">Appointments of which a webhook said that they changed, by Halaxy's ids.</param>
    /// <param name="cancellationToken">Stops it between two steps.</param>
    public Task<PassResult> RunAsync(string groupId, IReadOnlyCollection<string> hinted, CancellationToken cancellationToken = default) =>
        LinkLease.WithAsync(store, clock, $"halaxy:{groupId}", RenewEvery, lease => RunAsync(groupId, hinted, lease, cancellationToken), cancellationToken);

    private async Task<PassResult> RunAsync(string groupId, IReadOnlyCollection<string> hinted, Lease lease, CancellationToken cancelled)
    {
        HalaxyConnection? connection;
        DateTimeZone? zone;
        using (var snapshot = await store.OpenSnapshotAsync(cancelled))
        {
            connection = await HalaxyConnection.FindAsync(snapshot, groupId);
            zone = await PracticeGroup.FindZoneAsync(snapshot, groupId);
            if (connection is not null) connection = connection with { Matches = await MatchesAsync(snapshot, connection) };
        }

        if (connection is not { Mirrors: true } || zone is null) return PassResult.Stopped;
        var permit = new HalaxyPermit(store, connection, lease);
        try
        {
            return await RunAsync(connection, zone, hinted, permit, cancelled);
        }
        catch (HalaxyException failed)
        {
            (RetryAfter, Fault) = (failed.RetryAfter, failed.Fault);
            return await StopAsync(connection, permit, failed.Fault, cancelled);
        }
        catch (PassStoppedException)
        {
            // changed only: it begins again as it is now
            return PassResult.Busy;
        }
    }

    /// <summary>Who is who, without those whose diary is not there any more: they were erased.</summary>
    private static async ValueTask<IReadOnlyList<HalaxyMatch>> MatchesAsync(IStoreSnapshot snapshot, HalaxyConnection connection)
    {
        List<HalaxyMatch> there = [];
        foreach (var match in connection.Matches)
        {
            if (await HasDiaryAsync(snapshot, match.PractitionerId)) there.Add(match);
        }

        return there;
    }

    private static async ValueTask<bool> HasDiaryAsync(IStoreSnapshot snapshot, string practitionerId) => await snapshot.FindCollectionAsync(practitionerId, HxCalendar.CollectionName) is { IsHx: true };

    private async Task<PassResult> RunAsync(HalaxyConnection connection, DateTimeZone zone, IReadOnlyCollection<string> hinted, HalaxyPermit permit, CancellationToken cancelled)
    {
        var started = clock.GetCurrentInstant();
        var dirty = await HalaxyDirty.ReadAsync(store, connection, started, cancelled);
        var compares = ComparesAll || dirty.IsIncomplete || connection.CompareAgain <= started || connection.LastCompare is not { } last || last <= started - CompareEvery || last > started;
        if (compares) connection = connection.With(await HalaxyAbilities.ProbeAsync(client, cancelled));
        // a key that may not see patients shows no names, nor those that were known before
        var neededBy = connection.SeesPatients ? await names.NeededByAsync(connection.Matches.Select(match => match.PractitionerId), cancelled) : [];
        var (dueNames, pausedNames) = DueNamesOf(connection, neededBy.Count > 0, started);
        var views = new HalaxyViews(client, connection, names, neededBy) { Paused = pausedNames };
        if (compares) await views.ReadCatalogAsync(cancelled);
        var reconciler = new HalaxyReconciler(store, clock, client, connection, permit, zone, views);
        Counts = reconciler.Counts;
        var needsChanged = dueNames.Count > 0 || !neededBy.SequenceEqual(connection.NameNeeds);
        if (needsChanged) await RenameAsync(reconciler, views, connection, dueNames, cancelled);
        if (needsChanged || compares) await names.ForgetAsync(connection.GroupId, thorough: compares, cancelled);

        foreach (var id in dirty.Ids)
        {
            if (await reconciler.HasNewsAsync(id, cancelled)) await reconciler.ReconcileAsync(id, null, cancelled);
        }

        foreach (var (id, appointment) in dirty.Named) await reconciler.ReleaseLeftAsync(id, appointment, cancelled);

        var (known, listed) = (await KnownAsync(connection, hinted), new HashSet<string>(StringComparer.Ordinal));
        // a time to come would hide what is changed until then
        var (latest, isAll) = connection.PolledTo is { } from ? await PollAsync(reconciler, views, listed, hinted, Instant.Min(from, started), cancelled) : (null, true);
        await AskForAsync(reconciler, connection, hinted, known, listed, cancelled);
        // what was between two pages while one of them changed is asked for again; but Halaxy may count what it does not show
        var partialPolls = isAll && !reconciler.HasMissed ? 0 : connection.PartialPolls + 1;
        var polled = partialPolls is 0 or > MostPartialPolls ? Earlier(latest, started) : null;
        var (compared, counted, addedBefore, isWhole) = compares ? await CompareAsync(reconciler, views, connection, started, cancelled) : default;
        isWhole &= !reconciler.HasMissed;
        var creation = new HalaxyCreation(store, clock, client, views.Connection, permit, zone, reconciler);
        await creation.RunAsync(dirty.OnlyHere, compares, cancelled);
        foreach (var task in dirty.Due) await reconciler.ReconcileAsync(task, null, cancelled);

        var now = clock.GetCurrentInstant();
        var missingNames = HalaxyMissingName.After(connection.MissingNames, pausedNames, views.Missing, views.Unasked, now).Where(one => IsNeeded(one, connection, views)).ToList();
        var done = views.Connection with
        {
            // what is told apart from what is counted anew since: one pass may have been cut short
            Count = counted is { } all ? all - addedBefore : connection.Count,
            CanCreate = views.Connection.CanCreate && !creation.IsUnsupported,
            HasCreated = creation.HasCreated,
            // Halaxy may count what it does not show
            ComparesAll = connection.ComparesAll && !(compares && (isWhole || connection.Partial >= 2)),
            Partial = !compares ? connection.Partial : isWhole ? 0 : connection.Partial + 1,
            PartialPolls = partialPolls,
            PolledTo = polled ?? Earlier(connection.PolledTo, started) ?? (Instant.Min(compared ?? started, started) - ImportOverlap),
            NameNeeds = neededBy,
            LacksNames = missingNames.Count > 0,
            MissingNames = missingNames,
            Unreadable = compares ? reconciler.Unreadable : connection.Unreadable,
            LastCompare = compares ? started : connection.LastCompare,
            Older = compares ? _round : connection.Older,
            CompareAgain = !compares ? connection.CompareAgain : isWhole ? null : started + SoonOf(connection.Partial),
            LastIn = Counts.In > 0 ? now : connection.LastIn,
            LastOut = Counts.Out > 0 ? now : connection.LastOut,
        };
        return await RemoveAsync(done, dirty, reconciler, permit, now);
    }

    private async Task<PassResult> RemoveAsync(HalaxyConnection connection, HalaxyDirty dirty, HalaxyReconciler reconciler, HalaxyPermit permit, Instant now)
    {
        var removals = reconciler.Removals.DistinctBy(item => item.Id).ToList();
        var leaving = await ListAsync(reconciler.Leaving.Except(removals.Select(item => item.Id)), connection.GroupId);
        var count = Math.Max(0, connection.Count + reconciler.Added);
        var removed = removals.Count(item => item.IsMirrored || item.IsGone) + leaving.Count;
        // what leaves is not counted as mirrored any more
        IsHeld = DeletionBrake.Holds(removed, connection.AllowedDeletions, count + leaving.Count(item => !item.IsMirrored), connection.Removed, now);
        if (IsHeld)
        {
            var held = connection.Waiting(HalaxyState.DeletionsHeld) with { HeldDeletions = removed, HeldLeaving = leaving.Count, HeldFrom = removals.Concat(leaving).Min(item => item.Shown.Start), AllowedDeletions = 0, Count = count };
            return await SaveAsync(held, dirty, permit, PassResult.Stopped);
        }

        var left = 0;
        foreach (var item in leaving) left += await reconciler.LeaveAsync(item.Id) ? 1 : 0;
        foreach (var removal in removals)
        {
            if (await reconciler.RemoveAsync(removal)) Counts.RemovedIn++;
        }

        count -= Counts.RemovedIn;
        Counts.RemovedIn += left;

        var done = (connection.ComparesAll || reconciler.IsUnsettled ? connection : connection.Settled()) with
        {
            LastPass = now,
            LastIn = Counts.RemovedIn > 0 ? now : connection.LastIn,
            Removed = connection.AllowedDeletions > 0 ? [] : RecentRemovals.With(connection.Removed, Counts.RemovedIn, now),
            HeldDeletions = 0,
            HeldLeaving = 0,
            HeldFrom = null,
            AllowedDeletions = 0,
            Count = count,
        };
        return await SaveAsync(done, dirty, permit, reconciler.IsUnsettled ? PassResult.Later : PassResult.Done);
    }

    private async Task<IReadOnlyList<HalaxyItem>> ListAsync(IEnumerable<string> ids, string groupId)
    {
        List<HalaxyItem> found = [];
        using var snapshot = await store.OpenSnapshotAsync();
        foreach (var id in ids)
        {
            if (await HalaxyItem.FindAsync(snapshot, groupId, id) is { } item) found.Add(item);
        }

        return found;
    }

    /// <summary>After how long all is compared again that did not come whole: later each time, for Halaxy may count what it does not show.</summary>
    private static Duration SoonOf(int before) => before switch { 0 => CompareSoon, 1 => CompareSoon * 6, _ => CompareEvery };

    private static Instant? Earlier(Instant? one, Instant other) => one is { } known ? Instant.Min(known, other) : null;

    /// <summary>What Halaxy says that it changed lately; up to when by its clock, or null when there was nothing; and whether as many came as it said.</summary>
    private async Task<(Instant? Latest, bool IsAll)> PollAsync(HalaxyReconciler reconciler, HalaxyViews views, HashSet<string> listed, IReadOnlyCollection<string> hinted, Instant from, CancellationToken cancelled)
    {
        Instant? latest = null;
        var total = 0;
        await foreach (var found in SearchAsync($"_lastUpdated=gt{TimeOf(from - Overlap)}", views, all => total = all, cancelled))
        {
            latest = Latest(latest, found);
            if (found.Id is not { Length: > 0 } id) continue;
            listed.Add(id);
            var (added, taken) = (reconciler.Added, Counts.In);
            await reconciler.ReconcileAsync(id, found, cancelled);
            if (Counts.In == taken || hinted.Contains(id)) continue;
            if (reconciler.Added > added) HasUntoldBooking = true;
            else HasUntoldChange = true;
        }

        // where it does not say when it changed what, the time of the question has to do
        if (latest is null && listed.Count > 0) latest = clock.GetCurrentInstant() - ImportOverlap;
        return (latest is { } known ? Instant.Max(known, from) : null, listed.Count >= total);
    }

    /// <summary>Asks for what webhooks named, one by one: the search for what changed lately does not list what was deleted, and may be late with the rest.</summary>
    private async Task AskForAsync(HalaxyReconciler reconciler, HalaxyConnection connection, IEnumerable<string> named, HashSet<string> known, HashSet<string> listed, CancellationToken cancelled)
    {
        foreach (var id in named.Distinct())
        {
            // of what is new the list is word enough
            if (!known.Contains(id) && (listed.Contains(id) || AskedInVain >= MayAskInVain)) continue;
            await reconciler.ReconcileAsync(id, null, cancelled, listed.Contains(id));
            if (!known.Contains(id) && (await KnownAsync(connection, [id])).Count == 0) AskedInVain++;
        }
    }

    /// <summary>Those that are known here.</summary>
    private async ValueTask<HashSet<string>> KnownAsync(HalaxyConnection connection, IEnumerable<string> ids)
    {
        var known = new HashSet<string>(StringComparer.Ordinal);
        using var snapshot = await store.OpenSnapshotAsync();
        foreach (var id in ids)
        {
            if (await HalaxyItem.FindAsync(snapshot, connection.GroupId, id) is not null) known.Add(id);
        }

        return known;
    }

    /// <summary>What a search finds, in pieces of which the names are asked for at once.</summary>
    private async IAsyncEnumerable<Appointment> SearchAsync(string search, HalaxyViews views, Action<int>? total, [EnumeratorCancellation] CancellationToken cancelled)
    {
        List<Appointment> piece = [];
        await foreach (var found in client.SearchAsync<Appointment>($"{search}&_sort=date&_count={Chunk}", total, cancelled))
        {
            piece.Add(found);
            if (piece.Count < Chunk) continue;
            await views.PrepareAsync(piece, cancelled);
            foreach (var one in piece) yield return one;
            piece.Clear();
        }

        await views.PrepareAsync(piece, cancelled);
        foreach (var one in piece) yield return one;
    }

    private static Instant? Latest(Instant? latest, Appointment found)
    {
        try
        {
            if (found.Meta?.LastUpdated is not { } updated) return latest;
            var changed = Instant.FromDateTimeOffset(updated);
            return latest > changed ? latest : changed;
        }
        catch (Hl7.Fhir.Validation.CodedValidationException)
        {
            return latest;
        }
    }

    private async IAsyncEnumerable<HalaxyItem> ListAsync(string groupId, [EnumeratorCancellation] CancellationToken cancelled)
    {
        string? after = null;
        while (true)
        {
            IReadOnlyList<HalaxyItem> page;
            using (var snapshot = await store.OpenSnapshotAsync(cancelled)) page = await HalaxyItem.ListAsync(snapshot, groupId, after, 1000);
            foreach (var item in page) yield return item;
            if (page.Count < 1000) yield break;
            after = page[^1].Id;
        }
    }

    private async Task<PassResult> StopAsync(HalaxyConnection connection, HalaxyPermit permit, HalaxyFault fault, CancellationToken cancelled)
    {
        // something on the way may have said it, once: only what is refused again waits for a person
        if (StateOf(fault) is null || await RefusedAsync(connection, cancelled) is not { } stopped) return PassResult.Later;
        return (await store.ApplyAsync(new StoreBatch([.. permit.Expected, stopped.Put()]), CancellationToken.None)).Succeeded ? PassResult.Stopped : PassResult.Later;
    }

    /// <summary>The connection while it waits for a person, with which boxes are not ticked; null when Halaxy does not refuse it now.</summary>
    private async Task<HalaxyConnection?> RefusedAsync(HalaxyConnection connection, CancellationToken cancelled)
    {
        try
        {
            var missing = await HalaxyScopes.FindNeededAsync(client, cancelled);
            if (missing.Count == 0) return null;
            return connection.Waiting(HalaxyState.MissingScope) with { MissingScopes = [.. connection.MissingScopes.Where(resource => !HalaxyScopes.IsNeeded(resource)), .. missing] };
        }
        catch (HalaxyException refused)
        {
            return StateOf(refused.Fault) is { } state ? connection.Waiting(state) : null;
        }
    }

    /// <summary>How a connection stands that is refused so; null when that passes by itself.</summary>
    private static HalaxyState? StateOf(HalaxyFault fault) => fault switch
    {
        HalaxyFault.KeyRefused => HalaxyState.KeyRefused,
        HalaxyFault.MissingScope => HalaxyState.MissingScope,
        _ => null,
    };

    private async Task<PassResult> SaveAsync(HalaxyConnection connection, HalaxyDirty dirty, HalaxyPermit permit, PassResult result)
    {
        List<StoreOperation> steps = [.. permit.Expected, connection.Put()];
        if (result == PassResult.Done) steps.AddRange(dirty.Cursors.Select(cursor => HalaxyCursor.Put(connection.GroupId, cursor.Key, cursor.Value)));
        using (var snapshot = await store.OpenSnapshotAsync()) steps.AddRange(await HalaxyOverruled.ForgetOldAsync(snapshot, connection.GroupId, clock.GetCurrentInstant()));
        if ((await store.ApplyAsync(new StoreBatch(steps))).Succeeded) return result;
        await permit.CheckAsync();
        return PassResult.Later;
    }

    // FHIR's instants have an offset; that of UTC needs no escape in an address
    private static string TimeOf(Instant instant) => InstantPattern.General.Format(instant);
}
