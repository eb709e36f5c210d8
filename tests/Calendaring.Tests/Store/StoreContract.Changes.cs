using Calendaring.Store;
using FsCheck;
using FsCheck.Fluent;
using NodaTime;
using Xunit;

namespace Calendaring.Tests.Store;

public abstract partial class StoreContract
{
    [Fact]
    public async Task Change_numbers_are_of_the_home_and_each_object_has_its_own()
    {
        var work = await CollectionAsync();
        var home = await CollectionAsync(name: "home");
        var other = await CollectionAsync("bert");
        var first = await ChangeOfHomeAsync("anna");
        var puts = (await ApplyAsync(Samples.Put(work, "a"), Samples.Put(home, "a"), Samples.Put(other, "a"), Samples.Put(work, "b"))).Puts;
        Assert.Equal([first + 1, first + 2, first + 3], puts.Where(p => p.Row.CollectionId != other).Select(p => p.Row.Change));
        Assert.Equal(first + 3, await ChangeOfHomeAsync("anna"));
        Assert.Equal(first + 3, (await GetCollectionAsync(work)).Change);
        Assert.Equal(first + 2, (await GetCollectionAsync(home)).Change);
        Assert.Equal(0, await ChangeOfHomeAsync("nobody"));
    }

    [Fact]
    public async Task Changes_after_nothing_are_the_members_without_tombstones()
    {
        var id = await CollectionAsync();
        await ApplyAsync(Samples.Put(id, "a"), Samples.Put(id, "b"), Samples.Put(id, "c") with { Published = false }, Samples.Put(id, "a", "2"), new DeleteObject(id, "b"));
        var changes = await ChangesAsync(id, 0);
        Assert.Equal(["c", "a"], changes.Select(c => c.Name));
        Assert.All(changes, c => Assert.Equal(c.Change, c.Row!.Change));
        Assert.False(changes[0].Row!.Published);
    }

    [Fact]
    public async Task A_removed_member_is_a_tombstone_until_its_name_is_used_again()
    {
        var id = await CollectionAsync();
        var start = (await ApplyAsync(Samples.Put(id, "a"))).Puts[0].Row.Change;
        await ApplyAsync(new DeleteObject(id, "a"));
        var removed = Assert.Single(await ChangesAsync(id, start));
        Assert.Equal(new ChangeEntry(id, "a", start + 1, null), removed);
        await ApplyAsync(Samples.Put(id, "a"));
        Assert.Equal(start + 2, Assert.Single(await ChangesAsync(id, start)).Row!.Change);
        Assert.Empty(await ChangesAsync(id, start + 2));
        await ApplyAsync(new DeleteObject(id, "a"));
        Assert.Equal(new ChangeEntry(id, "a", start + 3, null), Assert.Single(await ChangesAsync(id, start)));
    }

    [Fact]
    public async Task A_move_is_a_removal_and_an_addition()
    {
        var work = await CollectionAsync();
        var home = await CollectionAsync(name: "home");
        var start = (await ApplyAsync(Samples.Put(work, "a", uid: "u"))).Puts[0].Row.Change;
        await ApplyAsync(new DeleteObject(work, "a"), Samples.Put(home, "b", uid: "u"));
        Assert.Null(Assert.Single(await ChangesAsync(work, start)).Row);
        Assert.Equal("b", Assert.Single(await ChangesAsync(home, start)).Name);
        await ApplyAsync(new DeleteObject(home, "b"), Samples.Put(home, "c", uid: "u"));
        Assert.Equal(["b", "c"], (await ChangesAsync(home, start)).Select(c => c.Name));
    }

    /// <summary>Random histories against a naive memory of names: what a client knows after syncing in pages of any length is what is there.</summary>
    [Fact]
    public async Task Paging_with_any_limit_comes_to_the_whole_and_to_what_is_there()
    {
        var id = await CollectionAsync();
        var known = new Dictionary<long, Dictionary<string, string>> { [0] = [] };
        var truth = new Dictionary<string, string>();
        foreach (var (name, delete) in Gen.Zip(Gen.Choose(0, 7), Gen.Choose(0, 3)).ArrayOf(120).Sample(1, 1)[0])
        {
            var path = $"n{name}";
            if (delete == 0 && truth.Remove(path)) await ApplyAsync(new DeleteObject(id, path));
            else if (delete > 0) truth[path] = (await ApplyAsync(Samples.Put(id, path, Guid.NewGuid().ToString()))).Puts[0].Row.ETag;
            known[(await GetCollectionAsync(id)).Change] = new(truth);
        }
        foreach (var (from, state) in known)
        {
            var whole = await ChangesAsync(id, from);
            Assert.Equal(whole.Select(c => c.Change).Order(), whole.Select(c => c.Change));
            Assert.Equal(whole.Count, whole.Select(c => c.Name).Distinct().Count());
            for (var limit = 1; limit < 10; limit++)
            {
                var paged = await PagesAsync(id, from, limit);
                if (from > 0) Assert.Equal(whole.Select(c => (c.Name, c.Change)), paged.Select(c => (c.Name, c.Change)));
                Assert.Equal(truth, Merge(state, paged));
            }
            Assert.Equal(truth, Merge(state, whole));
        }
    }

    [Fact]
    public async Task Old_tombstones_are_swept_and_OldestSync_tells_from_where_changes_are_complete()
    {
        var id = await CollectionAsync();
        await ApplyAsync(Samples.Put(id, "a"), Samples.Put(id, "b"), Samples.Put(id, "c"));
        await ApplyAsync(new DeleteObject(id, "a"));
        var first = (await GetCollectionAsync(id)).Change;
        Assert.Equal(0, await AskAsync(s => s.OldestSyncAsync(id)));
        Clock.Now += Duration.FromDays(9);
        await ApplyAsync(new DeleteObject(id, "b"));
        await DoHousekeepingAsync(Store);
        Assert.Equal(0, await AskAsync(s => s.OldestSyncAsync(id)));
        Assert.Equal(2, (await ChangesAsync(id, first - 1)).Count);
        Clock.Now += Duration.FromDays(2);
        await DoHousekeepingAsync(Store);
        await ReopenAsync();
        Assert.Equal(first, await AskAsync(s => s.OldestSyncAsync(id)));
        Assert.Equal(["b"], (await ChangesAsync(id, first)).Select(c => c.Name));
        Assert.Equal(first + 1, (await GetCollectionAsync(id)).Change);
    }

    [Fact]
    public async Task A_commit_is_told_to_listeners_and_a_failure_is_not()
    {
        var notices = new System.Collections.Concurrent.ConcurrentQueue<ChangeNotice>();
        var id = await CollectionAsync();
        using (Store.Subscribe(_ => throw new InvalidOperationException("a listener's fault")))
        using (Store.Subscribe(notices.Enqueue))
        {
            await FailAsync(new DeleteObject(id, "missing"));
            var puts = (await ApplyAsync(Samples.Put(id, "a"), Samples.Put(id, "b"))).Puts;
            Assert.True(SpinWait.SpinUntil(() => !notices.IsEmpty, 5_000));
            Assert.Equal(new ChangeNotice("anna", id, puts[1].Row.Change), Assert.Single(notices));
        }
        await ApplyAsync(Samples.Put(id, "c"));
        await ApplyAsync(Samples.Put(id, "d"));
        Assert.Single(notices);
    }

    private async Task<List<ChangeEntry>> PagesAsync(long id, long from, int limit)
    {
        var all = new List<ChangeEntry>();
        while (true)
        {
            var page = await ChangesAsync(id, from, limit);
            Assert.True(page.Count <= limit);
            if (page.Count == 0) return all;
            all.AddRange(page);
            from = page[^1].Change;
        }
    }

    private static Dictionary<string, string> Merge(Dictionary<string, string> state, List<ChangeEntry> changes)
    {
        var merged = new Dictionary<string, string>(state);
        foreach (var change in changes)
        {
            if (change.Row is { } row) merged[change.Name] = row.ETag;
            else merged.Remove(change.Name);
        }
        return merged;
    }
}
