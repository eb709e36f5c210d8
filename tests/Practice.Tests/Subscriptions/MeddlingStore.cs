using Calendaring.Store;

namespace Practice.Tests.Subscriptions;

/// <summary>What befalls a batch.</summary>
public enum Mishap
{
    None,

    /// <summary>Somebody else writes after this one has read.</summary>
    OtherFirst,

    /// <summary>The process ends between read and write.</summary>
    CrashBefore,

    /// <summary>The process ends when the batch is on the disk, and nobody hears of it.</summary>
    CrashAfter,
}

/// <summary>The process has ended, as far as the caller is concerned.</summary>
public sealed class CrashException : Exception;

/// <summary>A store that does to the next batch what is asked of it; the batches of <paramref name="other"/> go to the store beneath.</summary>
public sealed class MeddlingStore(ICalendarStore store, Func<Task> other) : ICalendarStore
{
    public Mishap Next { get; set; }

    public async ValueTask<BatchOutcome> ApplyAsync(StoreBatch batch, CancellationToken cancellationToken = default)
    {
        var mishap = Next;
        Next = Mishap.None;
        if (mishap == Mishap.CrashBefore) throw new CrashException();
        if (mishap == Mishap.OtherFirst) await other();
        var outcome = await store.ApplyAsync(batch, cancellationToken);
        return mishap == Mishap.CrashAfter ? throw new CrashException() : outcome;
    }

    public ValueTask<IStoreSnapshot> OpenSnapshotAsync(CancellationToken cancellationToken = default) => store.OpenSnapshotAsync(cancellationToken);

    public void NoteUse(CredentialUse use) => store.NoteUse(use);

    public IDisposable Subscribe(Action<ChangeNotice> listener) => store.Subscribe(listener);

    public ValueTask<IReadOnlyList<string>> CheckAsync(CancellationToken cancellationToken = default) => store.CheckAsync(cancellationToken);

    public ValueTask<IReadOnlyList<string>> CheckAsync(IProgress<double> progress, CancellationToken cancellationToken = default) => store.CheckAsync(progress, cancellationToken);

    public Task BackupAsync(string path, IProgress<double>? progress = null, CancellationToken cancellationToken = default) => store.BackupAsync(path, progress, cancellationToken);

    public ValueTask<BatchOutcome> ScourAsync(CancellationToken cancellationToken = default) => store.ScourAsync(cancellationToken);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
