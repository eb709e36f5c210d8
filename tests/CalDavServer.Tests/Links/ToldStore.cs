using Calendaring.Store;

namespace CalDavServer.Tests.Links;

/// <summary>A store that takes nothing while it is told so, and at which something happens just after a look at it.</summary>
internal sealed class ToldStore(ICalendarStore store) : ICalendarStore
{
    private int _snapshots;

    public bool IsFull { get; set; }

    /// <summary>After which look something happens.</summary>
    public int Look { get; init; }

    /// <summary>What happens then; the look itself does not see it.</summary>
    public Func<Task>? Meanwhile { get; set; }

    /// <summary>How many looks fail at first.</summary>
    public int Failing { get; set; }

    public async ValueTask<IStoreSnapshot> OpenSnapshotAsync(CancellationToken cancellationToken = default)
    {
        if (Failing-- > 0) throw new IOException("as told");
        var snapshot = await store.OpenSnapshotAsync(cancellationToken);
        if (Interlocked.Increment(ref _snapshots) == Look && Meanwhile is { } meanwhile) await meanwhile();
        return snapshot;
    }

    public ValueTask<BatchOutcome> ApplyAsync(StoreBatch batch, CancellationToken cancellationToken = default) =>
        IsFull ? ValueTask.FromResult(new BatchOutcome(new StoreFailure(StoreFailureKind.NoSpace, 0), [], [])) : store.ApplyAsync(batch, cancellationToken);

    public void NoteUse(CredentialUse use) => store.NoteUse(use);

    public CredentialUse? FindNotedUse(string principalId, string credentialId) => store.FindNotedUse(principalId, credentialId);

    public IDisposable Subscribe(Action<ChangeNotice> listener) => store.Subscribe(listener);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
