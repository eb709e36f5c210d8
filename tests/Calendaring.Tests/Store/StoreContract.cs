using Calendaring.Store;
using Xunit;

namespace Calendaring.Tests.Store;

/// <summary>What every store must do. A backend derives from this and says how it is opened.</summary>
public abstract partial class StoreContract : IAsyncLifetime
{
    private ICalendarStore? _store;

    private protected SetClock Clock { get; } = new(Samples.Now);

    private protected ICalendarStore Store => _store!;

    /// <summary>Opens a store: an empty one the first time, the same one later. Removals are kept for ten days.</summary>
    protected abstract Task<ICalendarStore> OpenAsync();

    /// <summary>Does at once what the store does now and then: writes noted uses, sweeps tombstones.</summary>
    protected abstract Task DoHousekeepingAsync(ICalendarStore store);

    /// <summary>What is wrong with what is kept, by the store's own check or another.</summary>
    protected abstract Task<IReadOnlyList<string>> FaultsAsync(ICalendarStore store);

    public virtual async ValueTask InitializeAsync()
    {
        _store = await OpenAsync();
        await ApplyAsync(Samples.Principal("anna"), Samples.Principal("bert"));
    }

    public virtual async ValueTask DisposeAsync()
    {
        if (_store is not null)
        {
            Assert.Empty(await FaultsAsync(_store));
            await _store.DisposeAsync();
        }
        GC.SuppressFinalize(this);
    }

    private protected async Task ReopenAsync()
    {
        await Store.DisposeAsync();
        _store = await OpenAsync();
    }

    private protected async Task<BatchOutcome> ApplyAsync(params StoreOperation[] operations)
    {
        var outcome = await Store.ApplyAsync(StoreBatch.Of(operations));
        Assert.Null(outcome.Failure);
        return outcome;
    }

    private protected async Task<StoreFailure> FailAsync(params StoreOperation[] operations)
    {
        var outcome = await Store.ApplyAsync(StoreBatch.Of(operations));
        Assert.NotNull(outcome.Failure);
        Assert.Empty(outcome.Puts);
        Assert.Empty(outcome.Collections);
        return outcome.Failure;
    }

    private protected async Task<long> CollectionAsync(string principalId = "anna", string name = "work") =>
        (await ApplyAsync(Samples.Collection(principalId, name))).Collections[0].Id;

    /// <summary>Asks one question of a snapshot opened for it.</summary>
    private protected async Task<T> AskAsync<T>(Func<IStoreSnapshot, ValueTask<T>> question)
    {
        using var snapshot = await Store.OpenSnapshotAsync();
        return await question(snapshot);
    }

    private protected async Task<List<T>> ListAsync<T>(Func<IStoreSnapshot, IAsyncEnumerable<T>> question)
    {
        using var snapshot = await Store.OpenSnapshotAsync();
        return await question(snapshot).ToListAsync();
    }

    private protected Task<StoredObject?> FindAsync(long collectionId, string name) => AskAsync(s => s.FindObjectAsync(collectionId, name));

    private protected Task<List<ChangeEntry>> ChangesAsync(long collectionId, long after, int limit = int.MaxValue) =>
        ListAsync(s => s.ListChangesAsync(collectionId, after).Take(limit));

    private protected async Task<long> ChangeOfHomeAsync(string principalId) => (await AskAsync(s => s.GetHomeAsync(principalId))).Change;

    private protected async Task<Collection> GetCollectionAsync(long id) => Assert.IsType<Collection>(await AskAsync(s => s.FindCollectionAsync(id)));
}
