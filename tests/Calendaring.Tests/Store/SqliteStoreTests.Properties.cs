using Calendaring.Store;
using Calendaring.Store.Sqlite;
using Xunit;

namespace Calendaring.Tests.Store;

public sealed partial class SqliteStoreTests
{
    [Fact]
    public async Task Properties_are_not_read_at_the_start_and_a_small_change_writes_no_other()
    {
        var target = PropertyTarget.Of(await GetCollectionAsync(await CollectionAsync()));
        for (var part = 0; part < 10; part++)
            await ApplyAsync(new SetProperties(target, 4, Enumerable.Range(0, 20).ToDictionary(n => new PropertyName("urn:x", $"p{part}-{n}"), _ => (string?)new string('x', 64_000))));
        // other tests allocate meanwhile; read at the start, it would be 25 MB each time
        long before, least = long.MaxValue;
        for (var n = 0; n < 200 && least > 4_000_000; n++)
        {
            before = GC.GetTotalAllocatedBytes(precise: true);
            await ReopenAsync();
            least = Math.Min(least, GC.GetTotalAllocatedBytes(precise: true) - before);
        }

        Assert.InRange(least, 0, 4_000_000);

        await ApplyAsync(new SetProperties(target, 4, new Dictionary<PropertyName, string?> { [new("urn:x", "small")] = "1" }));
        var written = new FileInfo(FilePath + "-wal").Length;
        for (var n = 0; n < 10; n++) await ApplyAsync(new SetProperties(target, 4, new Dictionary<PropertyName, string?> { [new("urn:x", "small")] = $"{n}" }, new PropertyRoom(1_000, long.MaxValue, long.MaxValue)));
        Assert.InRange(new FileInfo(FilePath + "-wal").Length - written, 0, 1_000_000);

        before = GC.GetAllocatedBytesForCurrentThread();
        using var snapshot = await Store.OpenSnapshotAsync(TestContext.Current.CancellationToken);
        Assert.Equal("9", Assert.Single((await snapshot.ReadPropertiesAsync(target, 4, [new PropertyName("urn:x", "small")])).Values).Value);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 200_000);
    }
}
