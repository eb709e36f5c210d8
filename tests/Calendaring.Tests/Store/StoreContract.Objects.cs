using Calendaring.Store;
using NodaTime;
using Xunit;

namespace Calendaring.Tests.Store;

public abstract partial class StoreContract
{
    [Fact]
    public async Task An_object_is_read_back_as_it_was_put_and_after_opening_again()
    {
        var id = await CollectionAsync();
        var put = Samples.Put(id, "a ü😀.ics", "bytes\r\n\0ü") with
        {
            Details = new ObjectDetails(7, Samples.Bytes("{\"a\":1}")),
            Level = 2,
            ScheduleTag = "tag",
            Published = false,
            Index = new ObjectIndex("uid ü", "VTODO", null, Samples.Now + Duration.FromTicks(7), true),
        };
        var outcome = Assert.Single((await ApplyAsync(put)).Puts);
        Assert.True(outcome.Created);
        for (var round = 0; round < 2; round++)
        {
            var found = await FindAsync(id, put.Name);
            Assert.NotNull(found);
            Assert.Equal(put.Bytes.ToArray(), found.Bytes.ToArray());
            var row = found.Row;
            Assert.Equal(put.Index, row.Index);
            Assert.Equal(outcome.Row.ETag, row.ETag);
            Assert.Equal(put.Bytes.Length, row.Size);
            Assert.Equal("tag", row.ScheduleTag);
            Assert.False(row.Published);
            Assert.Equal(Samples.Bytes("{\"a\":1}"), row.Details!.Value.Document.ToArray());
            Assert.Equal(7, row.Details.Value.Kind);
            Assert.Equal(2, row.Level);
            Assert.Equal(Samples.Now, row.Created);
            Assert.Equal(outcome.Row.Change, row.Change);
            Assert.Equal(row.Change, (await GetCollectionAsync(id)).Change);
            await ReopenAsync();
        }
    }

    [Fact]
    public async Task An_empty_object_and_empty_details_are_kept()
    {
        var id = await CollectionAsync();
        await ApplyAsync(Samples.Put(id, "e", string.Empty) with { Details = new ObjectDetails(2, ReadOnlyMemory<byte>.Empty) });
        var found = await FindAsync(id, "e");
        Assert.Equal(0, found!.Bytes.Length);
        Assert.Equal((2, 0), (found.Row.Details!.Value.Kind, found.Row.Details.Value.Document.Length));
        Assert.Null((await ApplyAsync(Samples.Put(id, "f"))).Puts[0].Row.Details);
        Assert.Null((await FindAsync(id, "f"))!.Row.Details);
    }

    [Fact]
    public async Task Replacing_keeps_created_and_moves_modified_change_and_size()
    {
        var id = await CollectionAsync();
        var first = (await ApplyAsync(Samples.Put(id, "a", "one"))).Puts[0].Row;
        Clock.Now += Duration.FromMinutes(5);
        var second = (await ApplyAsync(Samples.Put(id, "a", "three"))).Puts[0];
        Assert.False(second.Created);
        Assert.Equal(first.Created, second.Row.Created);
        Assert.Equal(Clock.Now, second.Row.Modified);
        Assert.True(second.Row.Change > first.Change);
        Assert.NotEqual(first.ETag, second.Row.ETag);
        Assert.Equal(5, await UsedAsync("anna") - HomeUsage.Piece);
        Assert.Equal("three", Samples.Text((await FindAsync(id, "a"))!));
    }

    [Fact]
    public async Task The_same_bytes_keep_the_ETag_and_count_as_a_change()
    {
        var id = await CollectionAsync();
        var first = (await ApplyAsync(Samples.Put(id, "a"))).Puts[0].Row;
        var second = (await ApplyAsync(Samples.Put(id, "a"))).Puts[0].Row;
        Assert.Equal(first.ETag, second.ETag);
        Assert.True(second.Change > first.Change);
    }

    [Fact]
    public async Task Expectations_are_held_against_the_stored_object()
    {
        var id = await CollectionAsync();
        var row = (await ApplyAsync(Samples.Put(id, "a", expected: Expectation.Absent))).Puts[0].Row;
        Assert.Equal(StoreFailureKind.Precondition, (await FailAsync(Samples.Put(id, "a", expected: Expectation.Absent))).Kind);
        Assert.Equal(StoreFailureKind.Precondition, (await FailAsync(Samples.Put(id, "b", expected: Expectation.Present))).Kind);
        Assert.Equal(StoreFailureKind.Precondition, (await FailAsync(Samples.Put(id, "b", expected: Expectation.Matches(row.ETag)))).Kind);
        Assert.Equal(StoreFailureKind.Precondition, (await FailAsync(Samples.Put(id, "a", expected: Expectation.Matches("x")))).Kind);
        Assert.Equal(StoreFailureKind.Precondition, (await FailAsync(Samples.Put(id, "a", expected: Expectation.AtChange(row.Change + 1)))).Kind);
        Assert.Equal(StoreFailureKind.Precondition, (await FailAsync(new DeleteObject(id, "a", Expectation.Matches("x")))).Kind);
        await ApplyAsync(Samples.Put(id, "a", "2", expected: Expectation.Matches(row.ETag)));
        Assert.Equal(StoreFailureKind.Precondition, (await FailAsync(new DeleteObject(id, "a", Expectation.AtChange(row.Change)))).Kind);
        await ApplyAsync(Samples.Put(id, "a", "3", expected: Expectation.Present));
        await ApplyAsync(new DeleteObject(id, "a", Expectation.AtChange((await FindAsync(id, "a"))!.Row.Change)));
        Assert.Null(await FindAsync(id, "a"));
    }

    [Fact]
    public async Task A_missing_collection_comes_before_an_expectation_and_that_before_a_UID_conflict()
    {
        var id = await CollectionAsync();
        await ApplyAsync(Samples.Put(id, "a", uid: "u"));
        Assert.Equal(StoreFailureKind.NotFound, (await FailAsync(Samples.Put(id + 99, "a", expected: Expectation.Present))).Kind);
        Assert.Equal(StoreFailureKind.NotFound, (await FailAsync(new DeleteObject(id + 99, "a"))).Kind);
        Assert.Equal(StoreFailureKind.NotFound, (await FailAsync(new DeleteObject(id, "b", Expectation.Present))).Kind);
        Assert.Equal(StoreFailureKind.Precondition, (await FailAsync(Samples.Put(id, "b", uid: "u", expected: Expectation.Present))).Kind);
        Assert.Equal(new StoreFailure(StoreFailureKind.UidConflict, 0, "a"), await FailAsync(Samples.Put(id, "b", uid: "u", expected: Expectation.Absent)));
    }

    [Fact]
    public async Task A_UID_is_unique_in_a_collection_only()
    {
        var work = await CollectionAsync();
        var home = await CollectionAsync(name: "home");
        await ApplyAsync(Samples.Put(work, "a", uid: "u"), Samples.Put(home, "a", uid: "u"), Samples.Put(work, "b", uid: "v"));
        Assert.Equal("a", (await FailAsync(Samples.Put(work, "b", uid: "u"))).ConflictingName);
        await ApplyAsync(Samples.Put(work, "a", uid: "w"), Samples.Put(work, "b", uid: "u"));
        Assert.Equal("b", (await AskAsync(s => s.FindRowByUidAsync(work, "u")))!.Name);
        Assert.Null(await AskAsync(s => s.FindRowByUidAsync(work, "v")));
    }

    [Fact]
    public async Task A_batch_that_fails_at_its_last_step_leaves_nothing()
    {
        var id = await CollectionAsync();
        await ApplyAsync(Samples.Put(id, "a"));
        var before = await GetCollectionAsync(id);
        var failure = await FailAsync(
            Samples.Put(id, "b"),
            new DeleteObject(id, "a"),
            Samples.Principal("carl"),
            Samples.Collection("bert", "x"),
            new PutRecord("k", "o", "i", Samples.Bytes("{}")),
            new UpdateCollection(id, new Dictionary<PropertyName, string?>()),
            new DeleteObject(id, "missing"));
        Assert.Equal(new StoreFailure(StoreFailureKind.NotFound, 6), failure);
        Assert.Equal(before, await GetCollectionAsync(id));
        Assert.NotNull(await FindAsync(id, "a"));
        Assert.Null(await FindAsync(id, "b"));
        Assert.Null(await AskAsync(s => s.FindPrincipalAsync("carl")));
        Assert.Null(await AskAsync(s => s.FindPrincipalByLoginAsync("carl@example.org")));
        Assert.Empty(await AskAsync(s => s.ListCollectionsAsync("bert")));
        Assert.Null(await AskAsync(s => s.FindRecordAsync("k", "o", "i")));
        Assert.Equal(["a"], (await ListAsync(s => s.ListRowsAsync(id))).Select(r => r.Name));
        Assert.Single(await ChangesAsync(id, 1));
    }

    [Fact]
    public async Task Later_steps_of_a_batch_see_earlier_ones()
    {
        var id = await CollectionAsync();
        await ApplyAsync(Samples.Put(id, "old", uid: "u"));
        var puts = (await ApplyAsync(
            new DeleteObject(id, "old"),
            Samples.Put(id, "new", "1", "u"),
            Samples.Put(id, "new", "2", "u", Expectation.Present))).Puts;
        Assert.Equal([true, false], puts.Select(p => p.Created));
        Assert.Equal("2", Samples.Text((await FindAsync(id, "new"))!));
    }

    [Fact]
    public async Task Rows_are_listed_by_their_changes_with_unpublished_ones()
    {
        var id = await CollectionAsync();
        await ApplyAsync(Samples.Put(id, "c"), Samples.Put(id, "a") with { Published = false }, Samples.Put(id, "B"));
        var rows = await ListAsync(s => s.ListRowsAsync(id));
        Assert.Equal(["c", "a", "B"], rows.Select(r => r.Name));
        Assert.Equal([true, false, true], rows.Select(r => r.Published));
    }

    [Fact]
    public async Task A_listing_follows_every_change_and_a_snapshot_keeps_its_own()
    {
        var id = await CollectionAsync();
        await ApplyAsync(Samples.Put(id, "a"), Samples.Put(id, "b"), Samples.Put(id, "c"));
        Assert.Equal(["a", "b", "c"], await NamesAsync());
        using var before = await Store.OpenSnapshotAsync();
        await ApplyAsync(Samples.Put(id, "a", "again", expected: Expectation.Present), new DeleteObject(id, "b"));
        Assert.Equal(["c", "a"], await NamesAsync());
        await ApplyAsync(Samples.Put(id, "b", "anew"));
        var rows = await ListAsync(s => s.ListRowsAsync(id));
        Assert.Equal(["c", "a", "b"], rows.Select(r => r.Name));
        foreach (var row in rows) Assert.Equal((await FindAsync(id, row.Name))!.Row.ETag, row.ETag);
        Assert.Equal(["a", "b", "c"], (await before.ListRowsAsync(id).ToListAsync()).Select(r => r.Name));
        Assert.Equal(["c", "a", "b"], await NamesAsync());

        async Task<IEnumerable<string>> NamesAsync() => (await ListAsync(s => s.ListRowsAsync(id))).Select(r => r.Name);
    }

    [Fact]
    public async Task Of_concurrent_writers_with_the_same_ETag_exactly_one_wins()
    {
        var id = await CollectionAsync();
        var row = (await ApplyAsync(Samples.Put(id, "a"))).Puts[0].Row;
        for (var round = 0; round < 20; round++)
        {
            var expected = Expectation.Matches(row.ETag);
            var writers = Enumerable.Range(0, 16).Select(n => Task.Run(async () => await Store.ApplyAsync(StoreBatch.Of(Samples.Put(id, "a", $"{round} {n}", expected: expected)))));
            var outcomes = await Task.WhenAll(writers);
            var winner = Assert.Single(outcomes, o => o.Succeeded);
            Assert.All(outcomes, o => Assert.True(o.Succeeded || o.Failure!.Kind == StoreFailureKind.Precondition));
            row = winner.Puts[0].Row;
            Assert.Equal(row.ETag, (await FindAsync(id, "a"))!.Row.ETag);
        }
    }

    [Fact]
    public async Task Of_concurrent_creations_exactly_one_wins()
    {
        var id = await CollectionAsync();
        var writers = Enumerable.Range(0, 16).Select(n => Task.Run(async () => await Store.ApplyAsync(StoreBatch.Of(Samples.Put(id, "a", $"{n}", expected: Expectation.Absent)))));
        Assert.Single(await Task.WhenAll(writers), o => o.Succeeded);
    }
}
