using Calendaring.Store;

namespace ProviderBridge.Sync;

/// <summary>Notes whether this server's own disk takes nothing while a pass runs: then it is not the outside calendar that the pass waits for.</summary>
internal sealed class DiskWatch
{
    private volatile bool _hasRefused;

    /// <summary>Whether something was not written because the disk is full, or cannot be written to.</summary>
    public bool HasRefused => _hasRefused;

    /// <summary>Whether a failure is of the disk, and not of what was to be written.</summary>
    public static bool IsOfTheDisk(StoreFailureKind kind) => kind is StoreFailureKind.NoSpace or StoreFailureKind.Unavailable;

    /// <summary>A store whose failures are noted. It is its owner's to close.</summary>
    public ICalendarStore Over(ICalendarStore store) => new Watched(store, this);

    private sealed class Watched(ICalendarStore store, DiskWatch watch) : ICalendarStore
    {
        public ValueTask<IStoreSnapshot> OpenSnapshotAsync(CancellationToken cancellationToken = default) => store.OpenSnapshotAsync(cancellationToken);

        public async ValueTask<BatchOutcome> ApplyAsync(StoreBatch batch, CancellationToken cancellationToken = default)
        {
            var outcome = await store.ApplyAsync(batch, cancellationToken);
            if (outcome.Failure is { } failure && IsOfTheDisk(failure.Kind)) watch._hasRefused = true;
            return outcome;
        }

        public void NoteUse(CredentialUse use) => store.NoteUse(use);

        public CredentialUse? FindNotedUse(string principalId, string credentialId) => store.FindNotedUse(principalId, credentialId);

        public IDisposable Subscribe(Action<ChangeNotice> listener) => store.Subscribe(listener);

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
