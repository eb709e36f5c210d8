using System.Globalization;
using System.Text;
using CalDavServer.Tests.Hosting;
using Calendaring.Store;
using Xunit;
using static CalDavServer.Tests.Hosting.Xml;

namespace CalDavServer.Tests.ClientQuirks;

/// <summary>Row 17 counts what the whole process does, so that nothing else may run beside it.</summary>
[Collection(Alone.Name)]
public sealed partial class CompatibilityTests
{
    private const int Few = 1_000;

    [Fact]
    public async Task B6_17_The_work_of_a_listing_grows_with_its_members_and_no_faster()
    {
        Assert.Equal(201, (await Client.SendAsync("MKCALENDAR", Client.Calendar("few"))).Status);
        Assert.Equal(201, (await Client.SendAsync("MKCALENDAR", Client.Calendar("many"))).Status);
        await FillAsync("few", Few);
        await FillAsync("many", 4 * Few);
        foreach (var ask in new Func<string, Task<DavAnswer>>[]
        {
            calendar => Client.PropFindAsync(Client.Calendar(calendar), "1", D + "getetag", D + "getcontenttype", D + "resourcetype", D + "owner", D + "current-user-privilege-set"),
            calendar => ReportAsync(Client.Calendar(calendar), Sync("")),
            calendar => ReportAsync(Client.Calendar(calendar), Query("VEVENT", "20250101T000000Z", null)),
        })
        {
            var few = await MeasureAsync(() => ask("few"), Few);
            var many = await MeasureAsync(() => ask("many"), 4 * Few);
            Assert.True(many.Bytes < 6 * few.Bytes, $"{few.Bytes} bytes are allocated for {Few} members, {many.Bytes} for {4 * Few}");
            Assert.True(many.Milliseconds < 8 * few.Milliseconds, $"{few.Milliseconds} ms of processor for {Few} members, {many.Milliseconds} for {4 * Few}");
        }
    }

    // the least of several runs: what else the process does only adds
    private static async Task<(long Bytes, double Milliseconds)> MeasureAsync(Func<Task<DavAnswer>> ask, int members)
    {
        var least = (Bytes: long.MaxValue, Milliseconds: double.MaxValue);
        for (var run = 0; run < 6; run++)
        {
            var (bytes, processor) = (GC.GetTotalAllocatedBytes(precise: true), Environment.CpuUsage.TotalTime);
            var answer = await ask();
            least = (Math.Min(least.Bytes, GC.GetTotalAllocatedBytes(precise: true) - bytes), Math.Min(least.Milliseconds, (Environment.CpuUsage.TotalTime - processor).TotalMilliseconds));
            Assert.InRange(answer.Hrefs.Count, members, members + 1);
        }

        return least;
    }

    private async Task FillAsync(string calendar, int count)
    {
        using var snapshot = await Server.Store.OpenSnapshotAsync(TestContext.Current.CancellationToken);
        var collection = (await snapshot.FindCollectionAsync(Alice.Principal.Id, calendar))!;
        var start = NodaTime.Instant.FromUtc(2026, 6, 1, 9, 0);
        var puts = Enumerable.Range(0, count).Select(n => n.ToString(CultureInfo.InvariantCulture)).Select(name => (StoreOperation)new PutObject(
            collection.Id, name + ".ics", Encoding.UTF8.GetBytes(Events.Event(name)), new ObjectIndex(name, "VEVENT", start, start + NodaTime.Duration.FromHours(1), false)));
        Assert.True((await Server.Store.ApplyAsync(new StoreBatch([.. puts]), TestContext.Current.CancellationToken)).Succeeded);
    }
}
