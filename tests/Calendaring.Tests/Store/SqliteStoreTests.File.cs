using Calendaring.Store;
using Calendaring.Store.Sqlite;
using NodaTime;
using Xunit;

namespace Calendaring.Tests.Store;

public sealed partial class SqliteStoreTests
{
    [Fact]
    public async Task Concurrent_batches_share_commits()
    {
        var id = await CollectionAsync();
        var before = ((SqliteStore)Store).Commits;
        const int batches = 2000;
        await Task.WhenAll(Enumerable.Range(0, batches).Select(n => ApplyAsync(Samples.Put(id, $"n{n}"))));
        var commits = ((SqliteStore)Store).Commits - before;
        Assert.InRange(commits, 1, batches / 4);
        Assert.Equal(batches, (await ListAsync(s => s.ListRowsAsync(id))).Count);
    }

    [Fact]
    public async Task A_batch_that_fails_does_not_fail_those_that_share_its_commit()
    {
        var id = await CollectionAsync();
        var all = Enumerable.Range(0, 200).Select(n => Store.ApplyAsync(n % 3 == 0
            ? StoreBatch.Of(Samples.Put(id, $"n{n}"), new DeleteObject(id, "missing"))
            : StoreBatch.Of(Samples.Put(id, $"n{n}"))).AsTask()).ToList();
        var outcomes = await Task.WhenAll(all);
        for (var n = 0; n < outcomes.Length; n++) Assert.Equal(n % 3 != 0, outcomes[n].Succeeded);
        Assert.Equal(outcomes.Count(o => o.Succeeded), (await ListAsync(s => s.ListRowsAsync(id))).Count);
    }

    [Fact]
    public async Task A_batch_against_the_contract_fails_alone()
    {
        var id = await CollectionAsync();
        var good = Enumerable.Range(0, 50).Select(n => ApplyAsync(Samples.Put(id, $"n{n}"))).ToList();
        var bad = Store.ApplyAsync(StoreBatch.Of(Samples.Put(id, "x"), new UnknownOperation())).AsTask();
        good.AddRange(Enumerable.Range(50, 50).Select(n => ApplyAsync(Samples.Put(id, $"n{n}"))));
        await Assert.ThrowsAsync<ArgumentException>(() => bad);
        await Task.WhenAll(good);
        Assert.Equal(100, (await ListAsync(s => s.ListRowsAsync(id))).Count);
    }

    [Fact]
    public async Task A_second_store_on_the_same_file_is_refused()
    {
        var refused = await Assert.ThrowsAsync<StoreException>(OpenAsync);
        Assert.Contains("in use", refused.Message, StringComparison.Ordinal);
        Assert.NotNull(await AskAsync(s => s.FindPrincipalAsync("anna")));
    }

    [Theory]
    [InlineData("PRAGMA user_version = 9999", "later version")]
    [InlineData("PRAGMA application_id = 7", "another program")]
    public async Task A_file_that_is_not_ours_is_left_alone(string change, string reason)
    {
        await Store.DisposeAsync();
        Alter(change);
        var refused = await Assert.ThrowsAsync<StoreException>(OpenAsync);
        Assert.Contains(reason, refused.Message, StringComparison.Ordinal);
        Alter($"PRAGMA user_version = {Schema.Version}; PRAGMA application_id = {Schema.ApplicationId}");
        await ReopenAsync();
    }

    [Fact]
    public async Task A_group_is_listed_without_a_walk_over_all_others()
    {
        await ApplyAsync([.. Enumerable.Range(0, 2_000).Select(n => new CreatePrincipal(Samples.Principal($"q{n}").Principal with { GroupId = n < 3 ? "small" : "large" }))]);
        using var snapshot = await Store.OpenSnapshotAsync(TestContext.Current.CancellationToken);
        Assert.Equal(3, (await snapshot.ListPrincipalsAsync("small")).Count);
        var before = GC.GetAllocatedBytesForCurrentThread();
        var listed = snapshot.ListPrincipalsAsync("small");
        Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < 1_000);
        Assert.True(listed.IsCompletedSuccessfully);
    }

    [Fact]
    public async Task Damaged_bytes_are_told_for_their_object_only()
    {
        var id = await CollectionAsync();
        await ApplyAsync(Samples.Put(id, "a", "good"), Samples.Put(id, "b", "good too"), Samples.Put(id, "c", "fine"));
        await ReopenAsync();
        Alter("UPDATE bodies SET bytes = CAST('gooe' AS BLOB) WHERE id = (SELECT id FROM objects WHERE name = 'a')");
        var damaged = await Assert.ThrowsAsync<CorruptObjectException>(() => FindAsync(id, "a"));
        Assert.Equal((id, "a"), (damaged.CollectionId, damaged.ObjectName));
        Assert.DoesNotContain("gooe", damaged.ToString(), StringComparison.Ordinal);
        Assert.Equal("good too", Samples.Text((await FindAsync(id, "b"))!));
        Assert.Equal(3, (await ListAsync(s => s.ListRowsAsync(id))).Count);
        Assert.Single(await FaultsAsync(Store));
        await ApplyAsync(Samples.Put(id, "a", "good"));
        Assert.Equal("good", Samples.Text((await FindAsync(id, "a"))!));
    }

    [Fact]
    public async Task A_missing_body_and_a_foreign_body_are_found_by_the_check()
    {
        var id = await CollectionAsync();
        await ApplyAsync(Samples.Put(id, "a"), Samples.Put(id, "b"));
        await ReopenAsync();
        Alter("UPDATE bodies SET id = 77 WHERE id = (SELECT id FROM objects WHERE name = 'a')");
        await Assert.ThrowsAsync<CorruptObjectException>(() => FindAsync(id, "a"));
        var faults = await FaultsAsync(Store);
        Assert.Contains(faults, f => f.Contains("has no bytes", StringComparison.Ordinal));
        Assert.Contains(faults, f => f.Contains("belong to no object", StringComparison.Ordinal));
        Alter("UPDATE bodies SET id = (SELECT id FROM objects WHERE name = 'a') WHERE id = 77");
    }

    [Fact]
    public async Task A_number_that_its_collection_has_not_reached_is_found_by_the_check()
    {
        var id = await CollectionAsync();
        await ApplyAsync(Samples.Put(id, "a"));
        Alter("UPDATE objects SET change = change + 100");
        Assert.Contains(await FaultsAsync(Store), f => f.Contains("change number", StringComparison.Ordinal));
        Alter("UPDATE objects SET change = change - 100");
    }

    [Fact]
    public async Task A_file_whose_structure_is_damaged_is_refused_with_a_clear_message()
    {
        var id = await CollectionAsync();
        await ApplyAsync([.. Enumerable.Range(0, 200).Select(n => Samples.Put(id, $"n{n}", new string('x', 500)))]);
        await Store.DisposeAsync();
        var whole = await File.ReadAllBytesAsync(FilePath);
        var damaged = (byte[])whole.Clone();
        for (var page = 4; page < damaged.Length / 4096; page++) damaged.AsSpan((page * 4096) + 8, 200).Fill(0xEE);
        await File.WriteAllBytesAsync(FilePath, damaged);
        var refused = await Assert.ThrowsAsync<StoreException>(OpenAsync);
        Assert.Equal(StoreFailureKind.Unavailable, refused.Kind);
        await File.WriteAllBytesAsync(FilePath, whole);
        await ReopenAsync();
    }

    [Fact]
    public async Task A_file_that_is_no_database_is_refused_and_kept()
    {
        var path = Path.Combine(_folder.FullName, "text.db");
        await File.WriteAllTextAsync(path, new string('t', 5000));
        await Assert.ThrowsAsync<StoreException>(() => SqliteStore.OpenAsync(path, Clock));
        Assert.Equal(5000, new FileInfo(path).Length);
    }

    [Fact]
    public async Task A_large_file_is_opened_without_the_full_check_and_says_so()
    {
        Assert.True(((SqliteStore)Store).WasCheckedAtStart);
        await Store.DisposeAsync();
        await using (var store = await SqliteStore.OpenAsync(FilePath, Clock, new SqliteStoreOptions { QuickCheckSize = 1 })) Assert.False(store.WasCheckedAtStart);
        await ReopenAsync();
    }

    [Fact]
    public async Task A_backup_taken_while_writing_goes_on_is_whole()
    {
        var id = await CollectionAsync();
        using var end = new CancellationTokenSource();
        var writing = Task.Run(async () =>
        {
            for (var n = 0; !end.IsCancellationRequested; n++) await ApplyAsync(Samples.Put(id, $"n{n}"), new PutRecord("k", "o", $"{n}", Samples.Bytes("{}")));
        });
        for (var n = 0; n < 3; n++)
        {
            var count = (await ListAsync(s => s.ListRowsAsync(id))).Count;
            var target = Path.Combine(_folder.FullName, $"it's a copy {n}.db");
            await ((SqliteStore)Store).BackupAsync(target);
            await using var copy = await SqliteStore.OpenAsync(target, Clock);
            Assert.Empty(await copy.CheckAsync());
            using var snapshot = await copy.OpenSnapshotAsync();
            var rows = await snapshot.ListRowsAsync(id).ToListAsync();
            Assert.True(rows.Count >= count);
            Assert.Equal(rows.Count, (await snapshot.ListRecordsAsync("k", "o")).Count);
        }
        await end.CancelAsync();
        await writing;
        await Assert.ThrowsAsync<IOException>(() => ((SqliteStore)Store).BackupAsync(FilePath));
    }

    [Fact]
    public async Task The_log_stays_short_while_readers_and_writers_go_on()
    {
        var id = await CollectionAsync();
        using var end = new CancellationTokenSource();
        var readers = Enumerable.Range(0, 3).Select(_ => Task.Run(async () =>
        {
            while (!end.IsCancellationRequested)
            {
                using var snapshot = await Store.OpenSnapshotAsync();
                Assert.NotNull(await snapshot.FindCollectionAsync(id));
                await Task.Yield();
                await snapshot.FindRowAsync(id, "n0");
            }
        })).ToList();
        var bytes = new string('x', 100_000);
        for (var n = 0; n < 60; n++) await ApplyAsync([.. Enumerable.Range(0, 20).Select(m => Samples.Put(id, $"n{m}", bytes + n))]);
        await end.CancelAsync();
        await Task.WhenAll(readers);
        Assert.InRange(new FileInfo(FilePath + "-wal").Length, 1, 100 << 20);
    }

    [Fact]
    public async Task The_log_of_many_small_writes_is_begun_anew_again_and_again_and_one_reader_standing_still_stops_that_only_as_long_as_it_stands()
    {
        var id = await CollectionAsync();
        async Task WriteMegabytesAsync(int count)
        {
            // pages that stay the same are not written
            for (var n = 0; n < count * 5; n++) await ApplyAsync([.. Enumerable.Range(0, 10).Select(m => Samples.Put(id, $"n{m}", new string((char)('a' + (n % 26)), 20_000)))]);
        }

        await WriteMegabytesAsync(40);
        var log = new FileInfo(FilePath + "-wal");
        Assert.InRange(log.Length, 1, 24 << 20);
        using (await Store.OpenSnapshotAsync()) await WriteMegabytesAsync(24);
        log.Refresh();
        var stretched = log.Length;
        Assert.InRange(stretched, 24 << 20, 64 << 20);
        await WriteMegabytesAsync(40);
        log.Refresh();
        Assert.InRange(log.Length, 1, stretched + (24 << 20));
    }

    [Fact]
    public async Task While_the_log_is_to_be_begun_anew_a_reader_given_back_lets_go_of_its_moment_and_otherwise_it_keeps_it()
    {
        using var connection = Connection.Open(FilePath, writable: false);
        using var readers = new ReaderPool(FilePath, 2, TimeSpan.FromSeconds(5), new Moments(CatalogTables.Read(connection)));
        var kept = await readers.TakeAsync(TestContext.Current.CancellationToken);
        readers.GiveBack(kept);
        Assert.True(kept.Connection.InTransaction);
        var working = await readers.TakeAsync(TestContext.Current.CancellationToken);
        Assert.Same(kept, working);
        readers.LetGo = true;
        readers.ReleaseIdle();
        Assert.True(working.Connection.InTransaction);
        readers.GiveBack(working);
        Assert.False(working.Connection.InTransaction);
    }

    [Fact]
    public async Task A_window_reads_what_is_in_it_whatever_the_length_of_the_calendar()
    {
        var id = await CollectionAsync();
        var puts = Enumerable.Range(0, 10_000).Select(n => Samples.PutBetween(id, $"n{n}", At(n), At(n) + Duration.FromMinutes(50)));
        await ApplyAsync([.. puts]);
        await Store.DisposeAsync();
        using (var connection = Connection.Open(FilePath, writable: false))
        {
            var visited = connection.ReadNumber(
                "SELECT count(*) FROM objects INDEXED BY objects_by_time "
                + $"WHERE collection_id = {id} AND span = 0 AND starts BETWEEN {At(5000).ToUnixTimeTicks() - NodaConstants.TicksPerDay} AND {At(5190).ToUnixTimeTicks()}");
            Assert.InRange(visited, 190, 230);
        }
        await ReopenAsync();
        Assert.InRange((await ListAsync(s => s.ListCandidatesAsync(id, null, At(5000), At(5190)))).Count, 190, 192);
    }

    private static Instant At(int number) => Samples.Now + Duration.FromMinutes(number * 52);

    /// <summary>Changes the file behind the store's back.</summary>
    private void Alter(string sql)
    {
        using var connection = Connection.Open(FilePath, writable: true);
        connection.Execute("PRAGMA foreign_keys = OFF; " + sql);
    }

    private sealed record UnknownOperation : StoreOperation;
}
