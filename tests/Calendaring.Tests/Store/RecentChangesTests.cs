using Calendaring.Store;
using Calendaring.Store.Sqlite;
using NodaTime;
using Xunit;

namespace Calendaring.Tests.Store;

/// <summary>What changed after a moment is told from memory as from the tables: whoever asks, from wherever, whatever has happened since it was last told.</summary>
public sealed class RecentChangesTests : IAsyncDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("changes-");
    private readonly SetClock _clock = new(Samples.Now);
    private readonly Dictionary<(long Collection, string Name), Last> _truth = [];
    private SqliteStore? _store;

    /// <summary>The last thing that happened to a member.</summary>
    private readonly record struct Last(long Change, bool Exists, bool Published);

    [Fact]
    public async Task They_are_those_of_the_history_whatever_happens_in_between()
    {
        await OpenAsync();
        await _store!.ApplyAsync(StoreBatch.Of(Samples.Principal("anna"), Samples.Principal("bert"), Samples.Principal("carl")));

        // the first and the last have one place in memory; they are of two homes, in which the same change numbers are given
        var made = await _store.ApplyAsync(StoreBatch.Of([.. Enumerable.Range(0, 257).Select(n => Samples.Collection(n == 0 ? "anna" : n == 256 ? "bert" : "carl", $"c{n}"))]));
        long[] ids = [made.Collections[0].Id, made.Collections[100].Id, made.Collections[256].Id];
        Assert.Equal(ids[0] % 256, ids[2] % 256);
        var random = new Random(20261122);
        for (var step = 0; step < 600; step++)
        {
            await StepAsync(ids[random.Next(ids.Length)], $"n{random.Next(50)}", random.Next(60));
            for (var asked = random.Next(4); asked > 0; asked--) await CompareAsync(ids[random.Next(ids.Length)], random.Next(40));
        }
    }

    [Fact]
    public async Task A_snapshot_is_told_what_was_so_at_its_moment_though_a_later_one_was_told_more()
    {
        await OpenAsync();
        await _store!.ApplyAsync(StoreBatch.Of(Samples.Principal("anna")));
        var id = (await _store.ApplyAsync(StoreBatch.Of(Samples.Collection("anna", "work")))).Collections[0].Id;
        var start = (await _store.ApplyAsync(StoreBatch.Of(Samples.Put(id, "a"), Samples.Put(id, "b")))).Puts[^1].Row.Change;
        await _store.ApplyAsync(StoreBatch.Of(Samples.Put(id, "a", "2")));
        using var before = await _store.OpenSnapshotAsync();
        await _store.ApplyAsync(StoreBatch.Of(new DeleteObject(id, "a"), Samples.Put(id, "b", "2") with { Published = false }));
        for (var time = 0; time < 2; time++)
        {
            using var after = await _store.OpenSnapshotAsync();
            Assert.Equal([("a", false), ("b", true)], await ToldAsync(after, id, start));
            Assert.Equal([("a", true)], await ToldAsync(before, id, start));
            Assert.Empty(await ToldAsync(before, id, start + 1));
            Assert.Equal([("b", true)], await ToldAsync(after, id, start + 2));
        }

        static async Task<List<(string, bool)>> ToldAsync(IStoreSnapshot snapshot, long id, long after) =>
            await snapshot.ListChangesAsync(id, after).Select(entry => (entry.Name, entry.Row is not null)).ToListAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (_store is not null) await _store.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    private async Task StepAsync(long id, string name, int what)
    {
        switch (what)
        {
            case 0:
                await _store!.DisposeAsync();
                await OpenAsync();
                return;
            case 1:
                _clock.Now += Duration.FromDays(4);
                await _store!.DoHousekeepingAsync();
                return;
            case 2:
                // fails as a whole: nothing of it has happened
                Assert.NotNull((await _store!.ApplyAsync(StoreBatch.Of(Samples.Put(id, name), new DeleteObject(id, "never there")))).Failure);
                return;
            case < 20 when _truth.TryGetValue((id, name), out var last) && last.Exists:
                await ApplyAsync(new DeleteObject(id, name));
                _truth[(id, name)] = new Last(await ChangeAsync(id), false, false);
                return;
            default:
                var published = what % 3 > 0;
                await ApplyAsync(Samples.Put(id, name, $"{what}") with { Published = published });
                _truth[(id, name)] = new Last(await ChangeAsync(id), true, published);
                return;
        }
    }

    private async Task CompareAsync(long id, int back)
    {
        using var snapshot = await _store!.OpenSnapshotAsync();
        var after = Math.Max((await snapshot.FindCollectionAsync(id))!.Change - back, Math.Max(1, await snapshot.OldestSyncAsync(id)));
        var expected = from pair in _truth
                       where pair.Key.Collection == id && pair.Value.Change > after
                       orderby pair.Value.Change
                       select (pair.Key.Name, pair.Value);
        var told = await snapshot.ListChangesAsync(id, after)
            .Select(entry => (entry.Name, new Last(entry.Change, entry.Row is not null, entry.Row is { Published: true })))
            .ToListAsync();
        Assert.Equal(expected, told);
    }

    private async Task OpenAsync() =>
        _store = await SqliteStore.OpenAsync(Path.Combine(_folder.FullName, "calendar.db"), _clock, new SqliteStoreOptions { TombstoneLifetime = Duration.FromDays(10) });

    private async Task ApplyAsync(StoreOperation operation) => Assert.Null((await _store!.ApplyAsync(StoreBatch.Of(operation))).Failure);

    private async Task<long> ChangeAsync(long id)
    {
        using var snapshot = await _store!.OpenSnapshotAsync();
        return (await snapshot.FindCollectionAsync(id))!.Change;
    }
}
