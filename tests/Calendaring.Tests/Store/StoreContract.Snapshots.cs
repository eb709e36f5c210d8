using System.Globalization;
using Calendaring.Store;
using Xunit;

namespace Calendaring.Tests.Store;

public abstract partial class StoreContract
{
    [Fact]
    public async Task A_snapshot_sees_nothing_of_what_is_committed_after_it_was_opened()
    {
        var id = await CollectionAsync();
        await ApplyAsync(Samples.Put(id, "a", "before"), Samples.Put(id, "b"), new PutRecord("k", "o", "1", Samples.Bytes("before")));
        using var snapshot = await Store.OpenSnapshotAsync();
        var change = (await GetCollectionAsync(id)).Change;
        await ApplyAsync(
            Samples.Put(id, "a", "after"),
            Samples.Put(id, "c"),
            new DeleteObject(id, "b"),
            new PutRecord("k", "o", "1", Samples.Bytes("after")),
            new PutRecord("k", "o", "2", Samples.Bytes("after")),
            Samples.Principal("carl"),
            Samples.Collection("anna", "new"));
        Assert.Equal(change, (await snapshot.FindCollectionAsync(id))!.Change);
        Assert.Equal("before", Samples.Text((await snapshot.FindObjectAsync(id, "a"))!));
        Assert.NotNull(await snapshot.FindRowAsync(id, "b"));
        Assert.Null(await snapshot.FindObjectAsync(id, "c"));
        Assert.Equal(["a", "b"], (await snapshot.ListRowsAsync(id).ToListAsync()).Select(r => r.Name));
        Assert.Empty(await snapshot.ListChangesAsync(id, change).ToListAsync());
        Assert.Single(await snapshot.ListRecordsAsync("k", "o"));
        Assert.Null(await snapshot.FindPrincipalAsync("carl"));
        Assert.Null(await snapshot.FindCollectionAsync("anna", "new"));
        Assert.Equal("after", Samples.Text((await FindAsync(id, "a"))!));
        Assert.Equal("before", Samples.Text((await snapshot.FindObjectAsync(id, "a"))!));
    }

    [Fact]
    public async Task Readers_beside_writers_never_see_half_a_batch_nor_rows_of_another_moment()
    {
        var id = await CollectionAsync();
        using var end = new CancellationTokenSource();
        await WritePairAsync(id, 0);
        var writer = Task.Run(async () =>
        {
            for (var n = 1; n < 300; n++) await WritePairAsync(id, n);
            await end.CancelAsync();
        });
        var readers = Enumerable.Range(0, 4).Select(_ => Task.Run(async () =>
        {
            var last = 0L;
            while (!end.IsCancellationRequested)
            {
                using var snapshot = await Store.OpenSnapshotAsync();
                var collection = (await snapshot.FindCollectionAsync(id))!;
                var left = await snapshot.FindObjectAsync(id, "left");
                var right = await snapshot.FindObjectAsync(id, "right");
                Assert.Equal(Samples.Text(left!), Samples.Text(right!));
                Assert.Equal(collection.Change, right!.Row.Change);
                Assert.Equal(collection.Change, (await snapshot.ListChangesAsync(id, 0).LastAsync()).Change);
                Assert.Equal(Samples.Text(left!), System.Text.Encoding.UTF8.GetString((await snapshot.FindRecordAsync("k", "o", "n"))!.Document.Span));
                Assert.True(collection.Change >= last);
                last = collection.Change;
            }
        }));
        await Task.WhenAll([writer, .. readers]);
    }

    [Fact]
    public async Task A_walk_over_rows_may_ask_other_questions_and_be_left_early()
    {
        var id = await CollectionAsync();
        await ApplyAsync(Samples.Put(id, "a"), Samples.Put(id, "b"), Samples.Put(id, "c"));
        using (var snapshot = await Store.OpenSnapshotAsync())
        {
            var pairs = new List<string>();
            await foreach (var first in snapshot.ListRowsAsync(id))
            {
                Assert.NotNull(await snapshot.FindObjectAsync(id, first.Name));
                await foreach (var second in snapshot.ListRowsAsync(id)) pairs.Add(first.Name + second.Name);
            }
            Assert.Equal(["aa", "ab", "ac", "ba", "bb", "bc", "ca", "cb", "cc"], pairs);
            await foreach (var _ in snapshot.ListRowsAsync(id)) break;
        }
        var unfinished = (await Store.OpenSnapshotAsync()) is var left ? left.ListRowsAsync(id).GetAsyncEnumerator() : null;
        Assert.True(await unfinished!.MoveNextAsync());
        left.Dispose();
        await ApplyAsync(Samples.Put(id, "d"));
        Assert.Equal(4, (await ListAsync(s => s.ListRowsAsync(id))).Count);
        await unfinished.DisposeAsync();
    }

    [Theory]
    [InlineData("candidates")]
    [InlineData("changes")]
    [InlineData("changes of a home")]
    public async Task Any_question_may_be_asked_in_the_midst_of_a_listing(string listing)
    {
        var id = await CollectionAsync();
        await ApplyAsync([.. Enumerable.Range(0, 5).Select(n => Samples.Put(id, $"{n}")), new PutRecord("k", "o", "1", Samples.Bytes("x"))]);
        await ApplyAsync(new DeleteObject(id, "0"));
        await ReopenAsync();
        using var snapshot = await Store.OpenSnapshotAsync();
        IAsyncEnumerable<string> Names() => listing switch
        {
            "candidates" => snapshot.ListCandidatesAsync(id, null, null, null).Select(found => found.Row.Name),
            "changes" => snapshot.ListChangesAsync(id, 1).Where(entry => entry.Row is not null).Select(entry => entry.Name),
            _ => snapshot.ListHomeChangesAsync("anna", 1).Where(entry => entry.Row is not null).Select(entry => entry.Name),
        };
        var pairs = new List<string>();
        await foreach (var first in Names())
        {
            Assert.NotNull(await snapshot.FindObjectAsync(id, first));
            Assert.NotNull(await snapshot.FindRecordAsync("k", "o", "1"));
            Assert.Equal(4, (await snapshot.ListRowsAsync(id).ToListAsync()).Count);
            await foreach (var second in Names()) pairs.Add(first + second);
        }

        Assert.Equal(16, pairs.Distinct().Count());
        Assert.Equal(16, pairs.Count);
    }

    [Fact]
    public async Task Many_snapshots_may_be_open_and_one_more_waits_for_its_turn()
    {
        var open = new List<Task<IStoreSnapshot>>();
        for (var n = 0; n < 200; n++) open.Add(Task.Run(async () => await Store.OpenSnapshotAsync()));
        while (open.Count > 0)
        {
            var next = await Task.WhenAny(open);
            open.Remove(next);
            using var snapshot = await next;
            Assert.NotNull(await snapshot.FindPrincipalAsync("anna"));
        }
    }

    [Fact]
    public async Task A_caller_that_goes_away_does_not_take_its_batch_with_it()
    {
        var id = await CollectionAsync();
        for (var n = 0; n < 50; n++)
        {
            using var cancel = new CancellationTokenSource();
            var applying = Store.ApplyAsync(StoreBatch.Of(Samples.Put(id, $"a{n}"), Samples.Put(id, $"b{n}")), cancel.Token).AsTask();
            await cancel.CancelAsync();
            var done = await Record.ExceptionAsync(() => applying);
            Assert.True(done is null or OperationCanceledException);
        }
        await ApplyAsync(Samples.Put(id, "last"));
        var names = (await ListAsync(s => s.ListRowsAsync(id))).Select(r => r.Name).ToHashSet();
        Assert.Equal(101, names.Count);
    }

    [Fact]
    public async Task A_call_cancelled_before_it_is_made_leaves_the_store_well()
    {
        var cancelled = new CancellationToken(canceled: true);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await Store.OpenSnapshotAsync(cancelled));
        Assert.NotNull(await AskAsync(s => s.FindPrincipalAsync("anna")));
    }

    [Fact]
    public async Task A_disposed_store_refuses_work()
    {
        await Store.DisposeAsync();
        await Assert.ThrowsAsync<ObjectDisposedException>(async () => await Store.OpenSnapshotAsync());
        await Assert.ThrowsAsync<ObjectDisposedException>(async () => await Store.ApplyAsync(StoreBatch.Of(Samples.Principal("x"))));
        await ReopenAsync();
    }

    private Task<BatchOutcome> WritePairAsync(long id, int number)
    {
        var text = number.ToString(CultureInfo.InvariantCulture);
        return ApplyAsync(Samples.Put(id, "left", text), new PutRecord("k", "o", "n", Samples.Bytes(text)), Samples.Put(id, "right", text));
    }

    [Fact]
    public async Task Whoever_goes_away_ends_what_is_read_for_them()
    {
        var id = await CollectionAsync();
        await ApplyAsync([.. Enumerable.Range(0, 20).Select(n => Samples.Put(id, $"{n}")), new PutRecord("k", "o", "1", Samples.Bytes("x"))]);
        await ReopenAsync();
        using var gone = new CancellationTokenSource();
        using var snapshot = await Store.OpenSnapshotAsync(gone.Token);
        var read = 0;
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            await foreach (var row in snapshot.ListRowsAsync(id))
            {
                if (++read == 3) await gone.CancelAsync();
            }
        });
        Assert.Equal(3, read);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await snapshot.ListCandidatesAsync(id, null, null, null).ToListAsync());
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await snapshot.ListChangesAsync(id, 1).ToListAsync());
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await snapshot.FindObjectAsync(id, "19"));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await snapshot.FindRecordAsync("k", "o", "1"));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await snapshot.ListRecordsAsync("k", "o"));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await snapshot.ListLinesAsync("log", "o"));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await snapshot.ListLastLinesAsync("log", "o"));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await snapshot.ListLogsAsync());
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await snapshot.ListRecordsOfAllAsync("k"));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await snapshot.ListDueRecordsAsync("k", Samples.Now));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await snapshot.FindRowAsync(id, "19"));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await snapshot.FindRowByUidAsync(id, "uid-19"));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await snapshot.ListRemovedCollectionsAsync("anna", 0));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await snapshot.ListHomeChangesAsync("anna", 1).ToListAsync());
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await snapshot.ReadPropertiesAsync(PropertyTarget.Of("anna", PrincipalPart.Home), 4));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await snapshot.ListPropertiesAsync(PropertyTarget.Of("anna", PrincipalPart.Home), 4));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await snapshot.ListMembersWithPropertiesAsync((await GetCollectionAsync(id))!, 4));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await Store.OpenSnapshotAsync(gone.Token));
        Assert.Equal(20, (await ListAsync(s => s.ListRowsAsync(id))).Count);
    }
}
