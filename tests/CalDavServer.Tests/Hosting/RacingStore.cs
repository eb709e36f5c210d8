using Calendaring.Store;
using Calendaring.Store.Sqlite;
using NodaTime;

namespace CalDavServer.Tests.Hosting;

/// <summary>A store in which something else happens once, just before a batch is applied or just after the file was written anew.</summary>
internal sealed class RacingStore(SqliteStore inner) : ICalendarStore, IStoreMaintenance
{
    public Func<Task>? BeforeApply { get; set; }

    public Func<Task>? AfterPurge { get; set; }

    public ValueTask<IStoreSnapshot> OpenSnapshotAsync(CancellationToken cancellationToken = default) => inner.OpenSnapshotAsync(cancellationToken);

    public async ValueTask<BatchOutcome> ApplyAsync(StoreBatch batch, CancellationToken cancellationToken = default)
    {
        var (race, _) = (BeforeApply, BeforeApply = null);
        if (race is not null) await race();
        return await inner.ApplyAsync(batch, cancellationToken);
    }

    public async ValueTask<BatchOutcome> PurgeDeletedAsync(CancellationToken cancellationToken = default)
    {
        var outcome = await inner.PurgeDeletedAsync(cancellationToken);
        if (AfterPurge is not null) await AfterPurge();
        return outcome;
    }

    public void NoteUse(CredentialUse use) => inner.NoteUse(use);

    public CredentialUse? FindNotedUse(string principalId, string credentialId) => inner.FindNotedUse(principalId, credentialId);

    public IDisposable Subscribe(Action<ChangeNotice> listener) => inner.Subscribe(listener);

    public ValueTask<IReadOnlyList<string>> CheckAsync(IProgress<double>? progress = null, CancellationToken cancellationToken = default) => inner.CheckAsync(progress, cancellationToken);

    public Task BackupAsync(string path, IProgress<double>? progress = null, CancellationToken cancellationToken = default) => inner.BackupAsync(path, progress, cancellationToken);

    /// <summary>Who opened the store closes it.</summary>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
