using Calendaring.Store;

namespace CalDavServer.Tests.Links;

/// <summary>The store of a server that is killed at one of its writes: from then on it neither reads nor writes, and so does nothing outside either.</summary>
internal sealed class DyingStore(ICalendarStore store) : ICalendarStore
{
    private int _left = int.MaxValue;

    public bool IsDead => Volatile.Read(ref _left) < 0;

    /// <summary>How many writes the server still lives for.</summary>
    public void DieAfter(int writes) => Volatile.Write(ref _left, writes);

    public ValueTask<IStoreSnapshot> OpenSnapshotAsync(CancellationToken cancellationToken = default) => IsDead ? throw new IOException("killed") : store.OpenSnapshotAsync(cancellationToken);

    public ValueTask<BatchOutcome> ApplyAsync(StoreBatch batch, CancellationToken cancellationToken = default) =>
        IsDead || (Volatile.Read(ref _left) < int.MaxValue && Interlocked.Decrement(ref _left) < 0) ? throw new IOException("killed") : store.ApplyAsync(batch, cancellationToken);

    public void NoteUse(CredentialUse use) => store.NoteUse(use);

    public CredentialUse? FindNotedUse(string principalId, string credentialId) => store.FindNotedUse(principalId, credentialId);

    public IDisposable Subscribe(Action<ChangeNotice> listener) => store.Subscribe(listener);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
