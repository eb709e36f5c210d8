using Calendaring.Store;
using NodaTime;

namespace ProviderBridge.Sync;

/// <summary>The right to work on a link: one worker at a time, in whatever process.</summary>
public static class LinkLease
{
    private const string RecordKind = "link-lease";

    /// <summary>Until when it was renewed: beside the lease, which must stay as it is while writes expect it.</summary>
    private const string RenewalKind = "link-lease-renewal";

    private static readonly Duration Lasts = Duration.FromMinutes(5);

    /// <summary>
    /// Ends the leases of an earlier run of the server, which was killed or lost its machine while it worked: called before anything is done with the store, which one process has at a time. Otherwise what it was about to do
    /// would wait until they end by themselves.
    /// </summary>
    /// <param name="store">The store.</param>
    /// <param name="now">The current time.</param>
    /// <param name="cancelled">Stops it.</param>
    public static async Task EndEarlierAsync(ICalendarStore store, Instant now, CancellationToken cancelled = default)
    {
        ArgumentNullException.ThrowIfNull(store);
        List<DeleteRecord> held = [];
        using (var snapshot = await store.OpenSnapshotAsync(cancelled))
        {
            foreach (var kind in new[] { RecordKind, RenewalKind })
                held.AddRange((await snapshot.ListRecordsOfAllAsync(kind)).Where(record => record.Due > now).Select(record => new DeleteRecord(kind, record.Owner, record.Id)));
        }

        if (held.Count > 0) await store.ApplyAsync(new StoreBatch([.. held]), cancelled);
    }

    /// <summary>Takes the lease; null when somebody else has it.</summary>
    internal static async ValueTask<Lease?> TakeAsync(ICalendarStore store, string linkId, Instant now, CancellationToken cancelled = default)
    {
        using (var snapshot = await store.OpenSnapshotAsync(cancelled))
        {
            if (await snapshot.FindRecordAsync(RenewalKind, linkId, RenewalKind) is { Due: { } until } && until > now && until <= now + Lasts) return null;
        }

        return await Lease.TakeAsync(store, RecordKind, linkId, now, Lasts, cancelled);
    }

    /// <summary>Does a piece of work with the lease, which is renewed as long as that lasts; <see cref="PassResult.Busy"/> when somebody else has it.</summary>
    /// <param name="store">The store.</param>
    /// <param name="clock">The current time.</param>
    /// <param name="linkId">What is worked on.</param>
    /// <param name="renewEvery">How often it is renewed: work that lasts longer than a lease does must not meet another.</param>
    /// <param name="work">The work.</param>
    /// <param name="cancelled">Stops the wait.</param>
    internal static async Task<PassResult> WithAsync(ICalendarStore store, IClock clock, string linkId, TimeSpan renewEvery, Func<Lease, Task<PassResult>> work, CancellationToken cancelled)
    {
        if (await TakeAsync(store, linkId, clock.GetCurrentInstant(), cancelled) is not { } lease) return PassResult.Busy;
        using var ended = new CancellationTokenSource();
        var renewing = KeepAsync(store, clock, lease, renewEvery, ended.Token);
        try
        {
            return await work(lease);
        }
        finally
        {
            await ended.CancelAsync();
            await renewing;
            await ReturnAsync(store, lease, clock.GetCurrentInstant());
        }
    }

    private static async Task KeepAsync(ICalendarStore store, IClock clock, Lease lease, TimeSpan renewEvery, CancellationToken ended)
    {
        using var timer = new PeriodicTimer(renewEvery);
        try
        {
            while (await timer.WaitForNextTickAsync(ended)) await TryRenewAsync(store, lease, clock.GetCurrentInstant());
        }
        catch (OperationCanceledException)
        {
            // the work has ended
        }
    }

    private static async Task TryRenewAsync(ICalendarStore store, Lease held, Instant now)
    {
        try
        {
            await RenewAsync(store, held, now);
        }
        catch (Exception)
        {
            // tried again at the next tick; where the lease is lost until then, the next write of the work says so
        }
    }

    /// <summary>Keeps it for as long again; nothing happens when another has taken it.</summary>
    internal static async ValueTask RenewAsync(ICalendarStore store, Lease held, Instant now) => await store.ApplyAsync(new StoreBatch([held.Expect(), Renewal(held.Owner, now + Lasts)]));

    /// <summary>Whether nobody has taken it since.</summary>
    internal static async ValueTask<bool> IsStillHeldAsync(IStoreSnapshot snapshot, Lease held) => (await snapshot.FindRecordAsync(RecordKind, held.Owner, RecordKind))?.Version == held.Epoch;

    /// <summary>Gives it back, unless somebody else has it.</summary>
    internal static async ValueTask ReturnAsync(ICalendarStore store, Lease held, Instant now)
    {
        bool isRenewed;
        using (var snapshot = await store.OpenSnapshotAsync()) isRenewed = await snapshot.FindRecordAsync(RenewalKind, held.Owner, RenewalKind) is not null;
        if (isRenewed) await store.ApplyAsync(new StoreBatch([held.Expect(), new DeleteRecord(RenewalKind, held.Owner, RenewalKind)]));
        await held.ReturnAsync(store, now);
    }

    /// <summary>Takes it from whoever has it, for good: none of their writes succeeds after that.</summary>
    internal static async ValueTask<IReadOnlyList<StoreOperation>> BreakAsync(IStoreSnapshot snapshot, string linkId) =>
        [.. await Lease.BreakAsync(snapshot, RecordKind, linkId), .. (await snapshot.ListRecordsAsync(RenewalKind, linkId)).Select(record => new DeleteRecord(RenewalKind, linkId, record.Id))];

    private static PutRecord Renewal(string linkId, Instant until) => new(RenewalKind, linkId, RenewalKind, ReadOnlyMemory<byte>.Empty) { Due = until };
}
