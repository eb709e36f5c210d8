using Calendaring.Store;
using Calendaring.Store.Sqlite;
using Xunit;

namespace Calendaring.Tests.Store;

/// <summary>What the store keeps of objects read lately.</summary>
public sealed class ObjectCacheTests
{
    private const int Size = 1 << 20;

    private static readonly Collection Collection =
        new(1, "alice", "home", Collection.OrdinaryKind, ["VEVENT"], "i", 5, Samples.Now, PropertyBag.Empty);

    [Fact]
    public void It_never_takes_more_bytes_than_it_may_whatever_comes_and_what_came_last_is_mostly_there()
    {
        var cache = new ObjectCache(Size);
        var most = 0L;
        for (var n = 0; n < 5000; n++)
        {
            cache.Keep(Collection, Object($"n{n}", 100 + (n * 37 % 3000)));
            most = Math.Max(most, cache.Used);
        }

        Assert.True(Enumerable.Range(4900, 100).Count(n => cache.Find(Collection, $"n{n}") is not null) > 70);
        Assert.InRange(most, Size * 3 / 4, Size);
    }

    [Fact]
    public void An_object_read_again_takes_no_more_room_and_one_too_large_is_not_kept()
    {
        var cache = new ObjectCache(Size);
        cache.Keep(Collection, Object("n", 1000));
        var used = cache.Used;
        for (var n = 0; n < 10; n++) cache.Keep(Collection, Object("n", 1000));
        Assert.Equal(used, cache.Used);
        cache.Keep(Collection, Object("large", Size / 100));
        Assert.Null(cache.Find(Collection, "large"));
        Assert.Equal(used, cache.Used);
    }

    [Fact]
    public async Task Its_count_of_bytes_stays_right_under_readers_at_once()
    {
        var cache = new ObjectCache(Size);
        await Task.WhenAll(Enumerable.Range(0, 4).Select(reader => Task.Run(() =>
        {
            for (var n = 0; n < 20_000; n++) cache.Keep(Collection, Object($"n{n * (reader + 1) % 3000}", 300));
        })));
        Assert.InRange(cache.Used, 1, Size);
        var kept = Enumerable.Range(0, 3000).Count(n => cache.Find(Collection, $"n{n}") is not null);
        Assert.Equal(cache.Used, kept * (cache.Used / kept));
        Assert.InRange(cache.Used / kept, 1000, 1000);
    }

    private static StoredObject Object(string name, int size) => new(
        new ObjectRow(1, name, "e", size, new ObjectIndex("uid-" + name, "VEVENT", null, null, false), true, 1, null, null, 0, Samples.Now, Samples.Now),
        new byte[size]);
}
