using Calendaring.Store;
using NodaTime;
using Xunit;

namespace Calendaring.Tests.Store;

public abstract partial class StoreContract
{
    [Fact]
    public async Task A_collection_says_when_it_was_described_whatever_its_members_do()
    {
        var id = await CollectionAsync();
        var made = (await GetCollectionAsync(id)).Change;
        await ApplyAsync(Samples.Put(id, "a"));
        Assert.Equal((made, made + 1), At(await GetCollectionAsync(id)));
        await ApplyAsync(new UpdateCollection(id, Change(new PropertyName("urn:x", "a"), "<a/>")));
        await ApplyAsync(Samples.Put(id, "b"));
        await ReopenAsync();
        Assert.Equal((made + 2, made + 3), At(await GetCollectionAsync(id)));

        static (long DescribedAt, long Change) At(Collection collection) => (collection.DescribedAt, collection.Change);
    }

    [Fact]
    public async Task A_removed_collection_is_known_until_its_name_is_used_again_and_then_as_replaced()
    {
        var start = await ChangeOfHomeAsync("anna");
        await ApplyAsync(new DeleteCollection(await CollectionAsync()));
        var removed = await ChangeOfHomeAsync("anna");
        await ReopenAsync();
        Assert.Equal(new RemovedCollection("work", removed), Assert.Single(await RemovedAsync(start)));
        Assert.Empty(await RemovedAsync(removed));
        Assert.Empty(await AskAsync(s => s.ListRemovedCollectionsAsync("bert", 0)));

        var again = await CollectionAsync();
        Assert.Equal(0, (await GetCollectionAsync(await CollectionAsync(name: "other"))).ReplacedAt);
        await ReopenAsync();
        Assert.Empty(await RemovedAsync(start));
        Assert.Equal(removed, (await GetCollectionAsync(again)).ReplacedAt);
    }

    [Fact]
    public async Task Old_removals_of_collections_are_swept_and_the_home_says_from_where_they_are_known()
    {
        await ApplyAsync(new DeleteCollection(await CollectionAsync()));
        var first = await ChangeOfHomeAsync("anna");
        Clock.Now += Duration.FromDays(9);
        await ApplyAsync(new DeleteCollection(await CollectionAsync(name: "other")));
        await DoHousekeepingAsync(Store);
        Assert.Equal(0, (await AskAsync(s => s.GetHomeAsync("anna"))).OldestSync);
        Clock.Now += Duration.FromDays(2);
        await DoHousekeepingAsync(Store);
        await ReopenAsync();
        Assert.Equal(first, (await AskAsync(s => s.GetHomeAsync("anna"))).OldestSync);
        Assert.Equal(["other"], (await RemovedAsync(0)).Select(removed => removed.Name));
    }

    [Fact]
    public async Task The_changes_of_a_home_are_those_of_its_collections_in_one_order()
    {
        var ids = new List<long>();
        foreach (var name in new[] { "work", "home", "gone" }) ids.Add(await CollectionAsync(name: name));
        await ApplyAsync(Samples.Put(await CollectionAsync("bert"), "foreign"));
        var start = await ChangeOfHomeAsync("anna");
        var random = new Random(7);
        for (var i = 0; i < 60; i++)
        {
            var (id, name) = (ids[random.Next(3)], $"n{random.Next(5)}");
            if (random.Next(3) > 0) await ApplyAsync(Samples.Put(id, name, $"{i}", uid: $"{id} {name}"));
            else await Store.ApplyAsync(StoreBatch.Of(new DeleteObject(id, name)));
        }

        foreach (var id in ids.Append(0))
        {
            if (id == 0) await ApplyAsync(new DeleteCollection(ids[2]));
            for (var after = start; after < start + 60; after += 7)
            {
                var expected = new List<ChangeEntry>();
                foreach (var each in ids) expected.AddRange(await ChangesAsync(each, after));
                var told = await ListAsync(s => s.ListHomeChangesAsync("anna", after));
                Assert.Equal(expected.OrderBy(c => c.Change).Select(c => (c.CollectionId, c.Name, c.Change)), told.Select(c => (c.CollectionId, c.Name, c.Change)));
                Assert.Equal(told.Count, told.Select(c => c.Change).Distinct().Count());
            }
        }

        Assert.Empty(await ListAsync(s => s.ListHomeChangesAsync("nobody", 0)));
    }

    [Fact]
    public async Task Each_home_has_an_incarnation_of_its_own_that_stays()
    {
        var (anna, bert) = (await AskAsync(s => s.GetHomeAsync("anna")), await AskAsync(s => s.GetHomeAsync("bert")));
        Assert.NotEqual(anna.Incarnation, bert.Incarnation);
        await ReopenAsync();
        Assert.Equal(anna, await AskAsync(s => s.GetHomeAsync("anna")));
        Assert.Equal(default, await AskAsync(s => s.GetHomeAsync("nobody")));
    }

    private Task<IReadOnlyList<RemovedCollection>> RemovedAsync(long after) => AskAsync(s => s.ListRemovedCollectionsAsync("anna", after));
}
