using Calendaring.Store;

namespace ProviderBridge.Tests.Sync;

/// <summary>The process is gone.</summary>
internal sealed class CutException : Exception;

/// <summary>A store before which the process ends at a write.</summary>
internal sealed class CutStore(ICalendarStore inner, int after) : ICalendarStore
{
    private int _writes;

    public ValueTask<IStoreSnapshot> OpenSnapshotAsync(CancellationToken cancellationToken = default) => inner.OpenSnapshotAsync(cancellationToken);

    public async ValueTask<BatchOutcome> ApplyAsync(StoreBatch batch, CancellationToken cancellationToken = default)
    {
        // the first takes the lease
        if (++_writes > after + 1L) throw new CutException();
        var outcome = await inner.ApplyAsync(batch, cancellationToken);
        // written, and nobody was told
        if (_writes > after && after % 2 == 1) throw new CutException();
        return outcome;
    }

    public void NoteUse(CredentialUse use) => inner.NoteUse(use);

    public CredentialUse? FindNotedUse(string principalId, string credentialId) => inner.FindNotedUse(principalId, credentialId);

    public IDisposable Subscribe(Action<ChangeNotice> listener) => inner.Subscribe(listener);

    public ValueTask DisposeAsync() => inner.DisposeAsync();
}
