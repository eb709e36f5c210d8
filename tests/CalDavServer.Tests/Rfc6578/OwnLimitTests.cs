using System.Text;
using Calendaring.Store;
using NodaTime;
using Xunit;

namespace CalDavServer.Tests.Rfc6578;

/// <summary>The server's own limit on one answer, which holds when the client asks for none or for more.</summary>
public sealed class OwnLimitTests : SyncTest
{
    private const int Limit = 20_000;

    [Theory]
    [InlineData(false, null)]
    [InlineData(true, Limit + 1)]
    public async Task More_than_the_server_tells_at_once_is_told_in_pages_that_lose_and_repeat_nothing(bool ofHome, int? asked)
    {
        const int members = Limit + 700;
        var now = Instant.FromUtc(2026, 6, 1, 9, 0);
        using (var snapshot = await Server.Store.OpenSnapshotAsync(TestContext.Current.CancellationToken))
        {
            var id = (await snapshot.FindCollectionAsync(Alice.Principal.Id, "home"))!.Id;
            var puts = Enumerable.Range(0, members).Select(number => new PutObject(
                id, $"{number}.ics", Encoding.UTF8.GetBytes($"{number}"), new ObjectIndex($"u{number}", "VEVENT", now, now, false)));
            Assert.Null((await Server.Store.ApplyAsync(new StoreBatch([.. puts]), TestContext.Current.CancellationToken)).Failure);
        }

        var path = ofHome ? Client.Home : Client.Calendar("home");
        var first = await SyncAsync(path, "", infinite: ofHome, limit: asked);
        Assert.True(first.Truncated);
        Assert.Equal(Limit, first.Entries.Count);
        await Client.DeleteAsync(Client.Calendar("home") + "0.ics");
        await PutAsync("home/new.ics", "new");
        var next = await SyncAsync(path, first.Token, infinite: ofHome, limit: asked);
        Assert.False(next.Truncated);
        var gone = next.Entries.Single(entry => entry[0] == '-')[1..];
        var all = first.Entries.Concat(next.Entries).Where(entry => entry[0] == '+').Select(entry => entry[1..]).ToList();
        Assert.Equal(all.Count, all.Distinct().Count());
        Assert.Equal(members, all.Count(entry => entry.EndsWith(".ics", StringComparison.Ordinal) && entry != gone));
        Assert.Equal("", (await SyncAsync(path, next.Token, infinite: ofHome)).ToString());
    }
}
