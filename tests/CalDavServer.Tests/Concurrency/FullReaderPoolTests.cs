using CalDavServer.Tests.Hosting;
using Calendaring.Store;
using Calendaring.Store.Sqlite;
using NodaTime;
using Xunit;

namespace CalDavServer.Tests.Concurrency;

/// <summary>When all readers are taken and none comes back in time.</summary>
public sealed class FullReaderPoolTests : ServerTest
{
    private protected override SqliteStoreOptions StoreOptions => new() { Readers = 2, ReaderPatience = Duration.FromMilliseconds(500) };

    [Fact]
    public async Task A_request_waits_for_a_bounded_time_and_is_told_to_come_again()
    {
        Assert.Equal(207, (await Client.PropFindAsync(Client.Home, "0", Xml.D + "displayname")).Status);
        var held = new List<IStoreSnapshot>();
        for (var i = 0; i < 2; i++) held.Add(await Server.Store.OpenSnapshotAsync(TestContext.Current.CancellationToken));
        foreach (var method in new[] { "PROPFIND", "GET", "PUT", "DELETE", "REPORT", "OPTIONS" })
        {
            var answer = await Client.SendAsync(method, Client.Calendar("home") + "a.ics", method is "PUT" ? Events.Event("a") : null);
            Assert.Equal(503, answer.Status);
            Assert.Equal("5", answer.Header("Retry-After"));
        }

        // nobody knows yet who that is: the login is looked up
        using var stranger = Server.Client(Alice with { Secret = "nonsense" });
        var refused = await stranger.PropFindAsync(Client.Home, "0", Xml.D + "displayname");
        Assert.Equal((503, "5"), (refused.Status, refused.Header("Retry-After")));

        foreach (var snapshot in held) snapshot.Dispose();
        Assert.Equal(207, (await Client.PropFindAsync(Client.Home, "0", Xml.D + "displayname")).Status);
    }
}
