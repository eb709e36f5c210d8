namespace Calendaring.Store;

/// <summary>
/// The one way to make a change that stands on what is read: read, decide, write, and decide again when what was read has changed in the meantime. Those who lost a race take turns, so that nobody loses for
/// ever to many others.
/// </summary>
public static class ChangeLoop
{
    /// <summary>How often a change is decided before it is given up: as many as may write to one thing at once and still get their turn.</summary>
    public const int MaxAttempts = 64;

    private static readonly TimeSpan LongestPause = TimeSpan.FromMilliseconds(50);

    // of this process only: where several share a store the races between them are few. Two subjects may share a turn
    private static readonly SemaphoreSlim[] Turns = [.. Enumerable.Range(0, 64).Select(_ => new SemaphoreSlim(1))];

    /// <summary>Makes a change.</summary>
    /// <param name="store">The store.</param>
    /// <param name="subject">What is changed: those who change the same take turns.</param>
    /// <param name="decide">Decides on a snapshot; called again on a newer one after a lost race. What it throws ends the change.</param>
    /// <param name="view">Where it is decided; null for snapshots of its own.</param>
    /// <param name="cancellationToken">Stops the wait, not a batch that has been handed over.</param>
    /// <returns>What was decided and written. A change that lost every race fails with <see cref="StoreFailureKind.Busy"/>.</returns>
    /// <exception cref="StoreException">What is stored cannot be read; what cannot be written is told by the result.</exception>
    public static async ValueTask<Changed<T>> ChangeAsync<T>(
        this ICalendarStore store, string subject, Func<IStoreSnapshot, ValueTask<Decision<T>>> decide, IChangeView? view = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(store);
        ArgumentNullException.ThrowIfNull(subject);
        ArgumentNullException.ThrowIfNull(decide);
        using var own = view is null ? new OwnView(store, cancellationToken) : null;
        view ??= own!;
        var (first, lost) = await TryAsync(store, view, anew: false, decide, cancellationToken);
        if (!lost) return first;

        // no snapshot is held in the meantime
        var turn = Turns[(uint)subject.GetHashCode(StringComparison.Ordinal) % (uint)Turns.Length];
        await turn.WaitAsync(cancellationToken);
        try
        {
            for (var attempt = 1; attempt < MaxAttempts; attempt++)
            {
                var (next, again) = await TryAsync(store, view, anew: true, decide, cancellationToken);
                if (!again) return next;
                first = next;
                // somebody who needs no turn is faster: another process, or a change of something else that this one reads
                if (attempt > 2) await Task.Delay(Random.Shared.Next(1, 1 + Math.Min(attempt, (int)LongestPause.TotalMilliseconds)), cancellationToken);
            }
        }
        finally
        {
            turn.Release();
        }

        return new Changed<T>(first.Result, new BatchOutcome(new StoreFailure(StoreFailureKind.Busy, 0), [], []));
    }

    private static async ValueTask<(Changed<T> Changed, bool LostRace)> TryAsync<T>(
        ICalendarStore store, IChangeView view, bool anew, Func<IStoreSnapshot, ValueTask<Decision<T>>> decide, CancellationToken cancellationToken)
    {
        Decision<T> decision;
        try
        {
            decision = await decide(await view.OpenAsync(anew));
        }
        finally
        {
            view.Release();
        }

        if (decision.Operations is null) return (new Changed<T>(decision.Result, null), false);
        var outcome = await store.ApplyAsync(new StoreBatch(decision.Operations), cancellationToken);
        var lost = outcome.Failure?.Kind is StoreFailureKind.Precondition or StoreFailureKind.Exists or StoreFailureKind.NotFound;
        return (new Changed<T>(decision.Result, outcome), lost);
    }

    private sealed class OwnView(ICalendarStore store, CancellationToken cancelled) : IChangeView, IDisposable
    {
        private IStoreSnapshot? _snapshot;

        public async ValueTask<IStoreSnapshot> OpenAsync(bool anew) => _snapshot = await store.OpenSnapshotAsync(cancelled);

        public void Release()
        {
            _snapshot?.Dispose();
            _snapshot = null;
        }

        public void Dispose() => Release();
    }
}
