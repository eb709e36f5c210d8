namespace Calendaring.Store;

/// <summary>
/// Where everything is kept. One batch is one atomic, durable transaction; a snapshot sees one moment.
/// Implementations: SQLite; PostgreSQL comes. The contract is the abstract test suite <c>StoreContract</c>.
/// </summary>
public interface ICalendarStore : IAsyncDisposable
{
    /// <summary>
    /// Opens a view of the store as it is at one moment. Dispose it soon: it holds a reader. The token ends the wait for a reader, and what is read in the view: once it is cancelled, a
    /// read that is not answered from memory throws <see cref="OperationCanceledException"/>, a listing in its midst too.
    /// </summary>
    /// <exception cref="StoreException">No reader became free in time (<see cref="StoreFailureKind.Busy"/>), or what is stored cannot be read.</exception>
    ValueTask<IStoreSnapshot> OpenSnapshotAsync(CancellationToken cancellationToken = default);

    /// <summary>
    /// Applies a batch: when the task ends with a success, the batch is on the disk; with a failure, nothing of it is.
    /// Cancelling stops the wait, not a batch that has been handed to the writer.
    /// </summary>
    /// <exception cref="OperationCanceledException">The wait was cancelled: whether the batch was applied is not known.</exception>
    ValueTask<BatchOutcome> ApplyAsync(StoreBatch batch, CancellationToken cancellationToken = default);

    /// <summary>Notes a use of an app password.</summary>
    void NoteUse(CredentialUse use);

    /// <summary>The last use of an app password that was noted and is not in the store yet; null when all that is known is there.</summary>
    CredentialUse? FindNotedUse(string principalId, string credentialId);

    /// <summary>Registers a listener called after each commit, on the writer's thread: it must return at once. Dispose to stop.</summary>
    IDisposable Subscribe(Action<ChangeNotice> listener);
}
