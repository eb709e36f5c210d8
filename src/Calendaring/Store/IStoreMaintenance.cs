namespace Calendaring.Store;

/// <summary>What whoever runs the server does with a store that is one file of its own. A database server has its own tools for this.</summary>
public interface IStoreMaintenance
{
    /// <summary>Checks the whole store: the file's structure, every byte hash, every index row, every log's chain. Empty when all is well; one sentence for each fault, without content.</summary>
    /// <param name="progress">Told how much of it is done: from 0 to 1.</param>
    /// <param name="cancellationToken">Stops it.</param>
    ValueTask<IReadOnlyList<string>> CheckAsync(IProgress<double>? progress = null, CancellationToken cancellationToken = default);

    /// <summary>Copies the store to a new file while it serves, telling how much is done. Cancelled, it leaves no file.</summary>
    /// <exception cref="IOException">There is a file of that name already.</exception>
    /// <exception cref="StoreException">The copy cannot be written.</exception>
    Task BackupAsync(string path, IProgress<double>? progress = null, CancellationToken cancellationToken = default);

    /// <summary>
    /// Rewrites the file, so that no byte of what was removed or replaced before is left in it or in its log. Nothing is written in the meantime; reading goes on. Fails with Busy when a snapshot
    /// stays open all the time.
    /// </summary>
    ValueTask<BatchOutcome> PurgeDeletedAsync(CancellationToken cancellationToken = default);
}
