using System.Reflection;
using Calendaring.Store;
using Xunit;

namespace Calendaring.Tests.Store;

/// <summary>The one loop of changes: decided anew on a newer snapshot after a lost race, and only then.</summary>
public sealed class ChangeLoopTests
{
    private static readonly StoreOperation[] Steps = [new PutRecord("kind", "owner", "id", "1"u8.ToArray())];

    [Fact]
    public async Task A_change_that_lost_races_is_decided_anew_on_a_newer_snapshot_each_time_until_it_wins()
    {
        await using var store = new ScriptedStore(StoreFailureKind.Precondition, StoreFailureKind.Exists, StoreFailureKind.NotFound, null);
        List<int> read = [];
        var changed = await store.ChangeAsync("wins", snapshot =>
        {
            read.Add(NumberOf(snapshot));
            return ValueTask.FromResult(new Decision<int>(Steps, NumberOf(snapshot)));
        }, cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal([1, 2, 3, 4], read);
        Assert.Equal(4, changed.Written());
        Assert.True(changed.Outcome!.Succeeded);
        // none is held while a batch waits for the disk, nor afterwards
        Assert.Equal([0, 0, 0, 0], store.OpenAtApply);
        Assert.Equal(0, store.Open);
    }

    [Fact]
    public async Task A_change_that_loses_every_race_is_given_up_with_a_sentence()
    {
        await using var store = new ScriptedStore(StoreFailureKind.Precondition);
        var changed = await store.ChangeAsync("loses", Always, cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal(ChangeLoop.MaxAttempts, store.OpenAtApply.Count);
        Assert.Equal((StoreFailureKind.Busy, ChangeLoop.MaxAttempts), (changed.Failure!.Kind, changed.Result));
        Assert.Equal("Too many changes to the same thing at once: nothing was changed.", Assert.Throws<StoreException>(() => changed.Written()).Message);
    }

    [Theory]
    [InlineData(StoreFailureKind.UidConflict)]
    [InlineData(StoreFailureKind.Quota)]
    [InlineData(StoreFailureKind.NoSpace)]
    [InlineData(StoreFailureKind.Unavailable)]
    [InlineData(StoreFailureKind.Busy)]
    public async Task Another_failure_is_told_and_not_tried_again(StoreFailureKind kind)
    {
        await using var store = new ScriptedStore(kind, null);
        var changed = await store.ChangeAsync("fails", Always, cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal((kind, 1), (changed.Failure!.Kind, changed.Result));
        Assert.Single(store.OpenAtApply);
    }

    [Fact]
    public async Task A_failure_after_a_lost_race_ends_the_change_too()
    {
        await using var store = new ScriptedStore(StoreFailureKind.Precondition, StoreFailureKind.NoSpace, null);
        var changed = await store.ChangeAsync("fails later", Always, cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal((StoreFailureKind.NoSpace, 2), (changed.Failure!.Kind, changed.Result));
    }

    [Fact]
    public async Task A_decision_for_nothing_writes_nothing_and_what_a_decision_throws_ends_the_change()
    {
        await using var store = new ScriptedStore(StoreFailureKind.Precondition);
        var changed = await store.ChangeAsync("nothing", static _ => ValueTask.FromResult(new Decision<string>(null, "as it was")), cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal(("as it was", null), (changed.Written(), changed.Outcome));
        await Assert.ThrowsAsync<FormatException>(async () => await store.ChangeAsync<int>("nothing", static _ => throw new FormatException(), cancellationToken: TestContext.Current.CancellationToken));
        Assert.Empty(store.OpenAtApply);
        Assert.Equal(0, store.Open);
    }

    [Fact]
    public async Task A_change_that_is_cancelled_between_two_tries_stops_and_leaves_the_turn_to_others()
    {
        await using var store = new ScriptedStore(StoreFailureKind.Precondition);
        using var cancel = new CancellationTokenSource();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await store.ChangeAsync("stops", snapshot =>
        {
            if (NumberOf(snapshot) == 5) cancel.Cancel();
            return Always(snapshot);
        }, cancellationToken: cancel.Token));
        Assert.Equal(5, store.OpenAtApply.Count);
        Assert.Equal(0, store.Open);
        store.Play(StoreFailureKind.Precondition, null);
        Assert.Equal(7, (await store.ChangeAsync("stops", Always, cancellationToken: TestContext.Current.CancellationToken)).Written());
    }

    [Fact]
    public async Task A_change_that_is_cancelled_while_it_waits_for_its_turn_stops()
    {
        await using var store = new ScriptedStore(StoreFailureKind.Precondition, StoreFailureKind.Precondition, null);
        var (hasTurn, goOn) = (new TaskCompletionSource(), new TaskCompletionSource());
        var first = store.ChangeAsync("turns", async snapshot =>
        {
            if (NumberOf(snapshot) > 1)
            {
                hasTurn.SetResult();
                await goOn.Task;
            }

            return new Decision<string>(Steps, "first");
        }, cancellationToken: TestContext.Current.CancellationToken).AsTask();
        await hasTurn.Task;
        using var cancel = new CancellationTokenSource();
        var second = store.ChangeAsync("turns", Always, cancellationToken: cancel.Token).AsTask();
        await cancel.CancelAsync();
        // the other one has the turn until it is told to go on
        Assert.Same(second, await Task.WhenAny(second, Task.Delay(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken)));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => second);
        goOn.SetResult();
        Assert.Equal("first", (await first).Written());
    }

    private static ValueTask<Decision<int>> Always(IStoreSnapshot snapshot) => ValueTask.FromResult(new Decision<int>(Steps, NumberOf(snapshot)));

    private static int NumberOf(IStoreSnapshot snapshot) => ((Numbered)(object)snapshot).Number;

    /// <summary>A store whose batches end as is written down, the last end again and again; its snapshots are numbered.</summary>
    private sealed class ScriptedStore(params StoreFailureKind?[] ends) : ICalendarStore
    {
        private StoreFailureKind?[] _ends = ends;
        private int _played;
        private int _opened;

        /// <summary>How many snapshots are open.</summary>
        public int Open { get; set; }

        /// <summary>How many were open as each batch came.</summary>
        public List<int> OpenAtApply { get; } = [];

        public void Play(params StoreFailureKind?[] next) => (_ends, _played) = (next, 0);

        public ValueTask<IStoreSnapshot> OpenSnapshotAsync(CancellationToken cancellationToken = default)
        {
            var snapshot = DispatchProxy.Create<IStoreSnapshot, Numbered>();
            var numbered = (Numbered)(object)snapshot;
            (numbered.Number, numbered.Store) = (++_opened, this);
            Open++;
            return ValueTask.FromResult(snapshot);
        }

        public ValueTask<BatchOutcome> ApplyAsync(StoreBatch batch, CancellationToken cancellationToken = default)
        {
            OpenAtApply.Add(Open);
            var end = _ends[Math.Min(_played++, _ends.Length - 1)];
            return ValueTask.FromResult(new BatchOutcome(end is { } kind ? new StoreFailure(kind, 0) : null, [], []));
        }

        public void NoteUse(CredentialUse use) => throw new NotSupportedException();

        public CredentialUse? FindNotedUse(string principalId, string credentialId) => throw new NotSupportedException();

        public IDisposable Subscribe(Action<ChangeNotice> listener) => throw new NotSupportedException();

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }

    /// <summary>A snapshot of which nothing is asked.</summary>
    public class Numbered : DispatchProxy
    {
        internal int Number { get; set; }

        internal ICalendarStore Store { get; set; } = null!;

        protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
        {
            if (targetMethod!.Name != nameof(IDisposable.Dispose)) throw new NotSupportedException();
            ((ScriptedStore)Store).Open--;
            return null;
        }
    }
}
