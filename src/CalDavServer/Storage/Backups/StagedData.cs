using CalDavServer.Options;
using Calendaring.Store;
using Calendaring.Store.Sqlite;
using NodaTime;
using Practice.People;

namespace CalDavServer.Storage.Backups;

/// <summary>The data of a backup before they take the place of others: checked, with nobody signed in, and with what was taken away since as whoever restores wants it.</summary>
internal sealed class StagedData(string database, Operator person)
{
    /// <summary>Checks them, ends sessions and links, and compares them with the data before.</summary>
    /// <returns>What had been taken away since; null when there is nothing to compare with. And whether it works again.</returns>
    /// <exception cref="CommandFailure">They are damaged.</exception>
    public async Task<(IReadOnlyList<string>? Revoked, bool Revived)> PrepareAsync(SqliteStore? live, bool revive, CancellationToken cancelled)
    {
        await using var store = await OpenAsync();
        var faults = await store.CheckAsync(person.Watch("Checking the backup"), cancelled);
        if (faults.Count > 0) throw new CommandFailure($"The backup has {faults.Count} faults: nothing was restored.");
        await EndSessionsAndLinksAsync(store, cancelled);
        if (live is null) return (null, false);
        IReadOnlyList<Revocation> revoked;
        using (var before = await store.OpenSnapshotAsync(cancelled))
        using (var now = await live.OpenSnapshotAsync(cancelled))
            revoked = await Revocation.ListAsync(before, now, SystemClock.Instance.GetCurrentInstant());
        string[] words = [.. revoked.Select(one => one.What)];
        if (words.Length == 0) return (words, false);
        revive = revive || await person.AskAsync($"Since the backup was made the following was taken away or changed:\n{string.Join('\n', words.Select(one => "  " + one))}\nShould it be again as it was in the backup? Otherwise it stays as it is now.");
        if (!revive) await StoreChange.ApplyAsync(store, [.. revoked.SelectMany(one => one.Steps)]);
        return (words, revive);
    }

    private async Task<SqliteStore> OpenAsync()
    {
        try
        {
            return await SqliteStore.OpenAsync(database, SystemClock.Instance);
        }
        catch (StoreException failure) when (failure.Kind != StoreFailureKind.NoSpace)
        {
            throw new CommandFailure($"The database of the backup cannot be used: nothing was restored. {failure.Message}");
        }
    }

    private static async Task EndSessionsAndLinksAsync(SqliteStore store, CancellationToken cancelled)
    {
        var ends = new List<StoreOperation>();
        using (var snapshot = await store.OpenSnapshotAsync(cancelled))
        {
            foreach (var one in await snapshot.ListPrincipalsAsync())
            {
                ends.AddRange(await Session.EndAllAsync(snapshot, one.Id));
                ends.AddRange(await OneTimeLinks.EndAllAsync(snapshot, one.Id));
                ends.AddRange(await NewAddress.EndLinkAsync(snapshot, one.Id));
            }
        }

        if (ends.Count > 0) await StoreChange.ApplyAsync(store, [.. ends]);
    }
}
