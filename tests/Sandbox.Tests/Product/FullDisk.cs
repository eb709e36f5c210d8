using Calendaring.Store;

namespace Sandbox.Tests.Product;

/// <summary>A store on a disk that takes nothing while it is told so.</summary>
internal sealed class FullDisk(ICalendarStore store) : ICalendarStore
{
    private int _snapshots;

    public bool IsFull { get; set; }

    /// <summary>What another process does just after the first look at the store.</summary>
    public Func<Task>? BeforeFirstRead { get; set; }

    public async ValueTask<IStoreSnapshot> OpenSnapshotAsync(CancellationToken cancellationToken = default)
    {
        var snapshot = await store.OpenSnapshotAsync(cancellationToken);
        if (BeforeFirstRead is { } meanwhile && Interlocked.Increment(ref _snapshots) == 1) await meanwhile();
        return snapshot;
    }

    public ValueTask<BatchOutcome> ApplyAsync(StoreBatch batch, CancellationToken cancellationToken = default) =>
        IsFull ? ValueTask.FromResult(new BatchOutcome(new StoreFailure(StoreFailureKind.NoSpace, 0), [], [])) : store.ApplyAsync(batch, cancellationToken);

    public void NoteUse(CredentialUse use) => store.NoteUse(use);

    public CredentialUse? FindNotedUse(string principalId, string credentialId) => store.FindNotedUse(principalId, credentialId);

    public IDisposable Subscribe(Action<ChangeNotice> listener) => store.Subscribe(listener);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
