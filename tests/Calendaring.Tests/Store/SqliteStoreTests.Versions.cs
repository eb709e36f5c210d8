using Calendaring.Store;
using Calendaring.Store.Sqlite;
using NodaTime;
using Xunit;

namespace Calendaring.Tests.Store;

public sealed partial class SqliteStoreTests
{
    [Fact]
    public async Task A_file_of_the_first_version_keeps_its_collections_and_each_gets_a_change_number_of_its_own()
    {
        var path = Path.Combine(_folder.FullName, "other.db");
        using (var connection = Connection.Open(path, writable: true, create: true))
        {
            Schema.Migrate(connection, 1);
            connection.Execute(
                """
                INSERT INTO principals VALUES ('anna', 'anna@example.org', 'Anna', NULL, 0, NULL, NULL), ('bert', 'bert@example.org', 'Bert', NULL, 0, NULL, NULL);
                INSERT INTO homes VALUES ('anna', 12, 0), ('bert', 3, 0);
                INSERT INTO collections VALUES (1, 'anna', 'a', 0, 'VEVENT', 'i1', 0, NULL), (2, 'bert', 'b', 0, 'VEVENT', 'i2', 0, NULL), (3, 'anna', 'c', 0, 'VEVENT', 'i3', 0, NULL);
                INSERT INTO collection_changes VALUES (1, 12, 0), (2, 3, 0), (3, 7, 5);
                INSERT INTO tombstones VALUES (1, 'gone', 12, 0);
                """);
        }

        await using var store = await SqliteStore.OpenAsync(path, Clock);
        Assert.Empty(await store.CheckAsync());
        using var snapshot = await store.OpenSnapshotAsync();
        var (a, c) = ((await snapshot.FindCollectionAsync(1))!, (await snapshot.FindCollectionAsync(3))!);
        Assert.Equal((13, 13, 0), (a.Change, a.DescribedAt, a.ReplacedAt));
        Assert.Equal((14, 14, 0), (c.Change, c.DescribedAt, c.ReplacedAt));
        Assert.Equal(5, await snapshot.OldestSyncAsync(3));
        var (anna, bert) = (await snapshot.GetHomeAsync("anna"), await snapshot.GetHomeAsync("bert"));
        Assert.Equal((14, 14), (anna.Change, anna.OldestSync));
        Assert.Equal((4, 4), (bert.Change, bert.OldestSync));
        Assert.Equal(16, anna.Incarnation.Length);
        Assert.NotEqual(anna.Incarnation, bert.Incarnation);
        Assert.Equal("gone", Assert.Single(await snapshot.ListChangesAsync(1, 11, 9).ToListAsync()).Name);
    }

    [Fact]
    public async Task Who_waits_for_a_reader_in_vain_is_told_so_in_bounded_time_and_a_free_place_goes_to_who_waits()
    {
        var path = Path.Combine(_folder.FullName, "other.db");
        await using var store = await SqliteStore.OpenAsync(path, Clock, new SqliteStoreOptions { Readers = 2, ReaderPatience = Duration.FromMilliseconds(50) });
        using (await store.OpenSnapshotAsync())
        using (await store.OpenSnapshotAsync())
        {
            Assert.Equal(StoreFailureKind.Busy, (await Assert.ThrowsAsync<StoreException>(async () => await store.OpenSnapshotAsync())).Kind);
        }

        using (await store.OpenSnapshotAsync())
        using (await store.OpenSnapshotAsync())
        {
            // both places were given back, and none was taken by the one that waited in vain
        }
    }
}
