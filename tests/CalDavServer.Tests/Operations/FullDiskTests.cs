using System.Xml.Linq;
using CalDavServer.Tests.Hosting;
using Calendaring.Store.Sqlite;
using Xunit;
using static CalDavServer.Tests.Hosting.Xml;

namespace CalDavServer.Tests.Operations;

/// <summary>A disk without room, as clients see it: 507 for what does not fit (RFC 4918 §11.5, RFC 4331 §6), everything else goes on.</summary>
public sealed class FullDiskTests : ServerTest
{
    private static readonly string Note = "DESCRIPTION:" + new string('x', 40_000);

    private protected override SqliteStoreOptions StoreOptions => new() { MaximumSize = 2 << 20 };

    [Fact]
    public async Task What_does_not_fit_is_507_everything_is_read_on_and_there_is_room_again_after_a_removal()
    {
        var stored = new List<string>();
        DavAnswer answer;
        while ((answer = await Client.PutAsync(PathOf(stored.Count), Content(stored.Count))).Status == 201) stored.Add(PathOf(stored.Count));
        Assert.InRange(stored.Count, 10, 60);
        AssertFull(answer);
        AssertFull(await Client.PutAsync(stored[0], Content(0) + new string('\n', 100_000)));
        AssertFull(await Client.SendAsync("COPY", stored[0], null, ("Destination", Client.Calendar("hx") + "copy.ics")));
        AssertFull(await Client.SendAsync("PROPPATCH", stored[0], Set(new XElement(XName.Get("note", "urn:x"), new string('x', 60_000)))));

        for (var n = 0; n < stored.Count; n++) Assert.Equal(Content(n), (await Client.GetAsync(stored[n])).Text);
        Assert.Equal(stored.Count + 1, (await Client.PropFindAsync(Client.Calendar("home"), "1", D + "getetag")).Hrefs.Count);

        Assert.Equal(204, (await Client.DeleteAsync(stored[0])).Status);
        Assert.Equal(204, (await Client.DeleteAsync(stored[1])).Status);
        Assert.Equal(201, (await Client.PutAsync(stored[0], Content(0))).Status);
        Assert.Empty(await Server.Store.CheckAsync(cancellationToken: TestContext.Current.CancellationToken));
    }

    private string PathOf(int number) => Client.Calendar("home") + $"{number}.ics";

    private static string Content(int number) => Events.Event($"full-{number}", "Large", Note);

    private static void AssertFull(DavAnswer answer)
    {
        Assert.Equal(507, answer.Status);
        Assert.True(answer.HasCondition(D + "sufficient-disk-space"), answer.Text);
        Assert.Equal("The server's disk is full; nothing was changed.", answer.Root.Element(D + "responsedescription")?.Value);
    }
}
