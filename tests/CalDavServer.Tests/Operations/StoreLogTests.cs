using CalDavServer.Tests.Hosting;
using Xunit;

namespace CalDavServer.Tests.Operations;

/// <summary>What the operator is told of a damaged file: one line for each request, and nobody's content or names.</summary>
public sealed class StoreLogTests : ServerTest
{
    [Fact]
    public async Task A_damaged_object_is_logged_with_method_and_collection_and_nothing_that_a_person_wrote()
    {
        var path = Client.Calendar("home") + "anna-miller.ics";
        Assert.Equal(201, (await Client.PutAsync(path, Events.Event("anna-miller"))).Status);
        await Server.DamageAsync("anna-miller.ics");
        var log = Server.KeepLog();

        Assert.Equal(500, (await Client.GetAsync(path)).Status);
        var multiget = $"<C:calendar-multiget xmlns:D='DAV:' xmlns:C='urn:ietf:params:xml:ns:caldav'><D:prop><C:calendar-data/></D:prop><D:href>{path}</D:href></C:calendar-multiget>";
        Assert.Equal(207, (await Client.SendAsync("REPORT", Client.Calendar("home"), multiget, ("Depth", "1"))).Status);

        Assert.Collection(
            log,
            line => Assert.Matches("^Error [A-Za-z.]+: GET: a stored object is damaged, in collection [0-9]+; the command check names it$", line),
            line => Assert.Matches("^Error [A-Za-z.]+: REPORT: a stored object is damaged, in collection [0-9]+; the command check names it$", line));
    }
}
