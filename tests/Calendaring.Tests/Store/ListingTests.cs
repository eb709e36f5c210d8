using Calendaring.Store;
using Calendaring.Store.Sqlite;
using NodaTime;
using Xunit;

namespace Calendaring.Tests.Store;

/// <summary>Listings kept in memory tell what a walk over the tables tells, however much of them is kept.</summary>
public sealed class ListingTests : IAsyncDisposable
{
    private const int Calendars = 5;
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("listings-");
    private readonly SetClock _clock = new(Samples.Now);

    [Theory]
    [InlineData(32 << 20)]
    [InlineData(30_000)]
    [InlineData(6_000)]
    [InlineData(0)]
    public async Task They_are_as_a_walk_over_the_tables_whatever_happens_in_between(long size)
    {
        var options = new SqliteStoreOptions { ListingsSize = size, TombstoneLifetime = Duration.FromDays(10) };
        await using var store = await SqliteStore.OpenAsync(Path.Combine(_folder.FullName, "calendar.db"), _clock, options);
        await store.ApplyAsync(StoreBatch.Of(Samples.Principal("anna")));
        var ids = new long[Calendars];
        for (var i = 0; i < Calendars; i++) ids[i] = (await store.ApplyAsync(StoreBatch.Of(Samples.Collection("anna", $"c{i}")))).Collections[0].Id;
        var truth = new Dictionary<(long, string), string>();
        var random = new Random(20260302);
        for (var step = 0; step < 400; step++)
        {
            var id = ids[random.Next(Calendars)];
            var name = $"n{random.Next(12)}";
            if (random.Next(3) == 0 && truth.Remove((id, name))) await ApplyAsync(new DeleteObject(id, name));
            else if (random.Next(40) == 0) await SweepAsync();
            else
            {
                truth[(id, name)] = $"{step}";
                await ApplyAsync(Samples.Put(id, name, $"{step}"));
            }

            if (random.Next(2) == 0) await CompareAsync(ids[random.Next(Calendars)]);
        }

        foreach (var id in ids) await CompareAsync(id);

        async Task ApplyAsync(StoreOperation operation) => Assert.Null((await store.ApplyAsync(StoreBatch.Of(operation))).Failure);

        async Task SweepAsync()
        {
            _clock.Now += Duration.FromDays(11);
            await store.DoHousekeepingAsync();
        }

        async Task CompareAsync(long id)
        {
            using var snapshot = await store.OpenSnapshotAsync();
            var rows = await snapshot.ListRowsAsync(id).ToListAsync();
            Assert.Equal(truth.Keys.Where(key => key.Item1 == id).Select(key => key.Item2).Order(), rows.Select(row => row.Name).Order());
            Assert.Equal(rows.Select(row => row.Change).Order(), rows.Select(row => row.Change));
            foreach (var row in rows) Assert.Equal(truth[(id, row.Name)], Samples.Text((await snapshot.FindObjectAsync(id, row.Name))!));
            foreach (var row in rows) Assert.Equal((await snapshot.FindRowAsync(id, row.Name))!.ETag, row.ETag);
            Assert.Equal(rows.Select(row => row.Name), await snapshot.ListChangesAsync(id, 0).Select(entry => entry.Name).ToListAsync());
        }
    }

    public ValueTask DisposeAsync()
    {
        _folder.Delete(recursive: true);
        return ValueTask.CompletedTask;
    }
}
