using System.Net;
using System.Net.Sockets;
using System.Text;
using CalDavServer.Http.Fairness;
using CalDavServer.Tests.Hosting;
using Xunit;

namespace CalDavServer.Tests.Operations;

/// <summary>What one person asks for at once keeps no other waiting.</summary>
public sealed class FairShareTests : ServerTest
{
    private const string Query =
        "<C:calendar-query xmlns:D='DAV:' xmlns:C='urn:ietf:params:xml:ns:caldav'><D:prop><C:calendar-data><C:expand start='20260101T000000Z' end='20270101T000000Z'/></C:calendar-data></D:prop>"
        + "<C:filter><C:comp-filter name='VCALENDAR'/></C:filter></C:calendar-query>";

    [Fact]
    public async Task Too_many_requests_of_one_person_are_refused_with_a_sentence_and_others_go_on()
    {
        var sockets = new List<Socket>();
        try
        {
            for (var n = 0; n < Load.MostOpen; n++) sockets.Add(await BeginAsync());
            var begun = System.Diagnostics.Stopwatch.StartNew();
            DavAnswer refused;
            do refused = await Client.PropFindAsync(Client.Home, "0", Xml.D + "displayname");
            while (refused.Status == 207 && begun.Elapsed < TimeSpan.FromMinutes(2));
            Assert.Equal(503, refused.Status);
            Assert.Equal("5", refused.Header("Retry-After"));
            Assert.Contains("at once", refused.Text, StringComparison.Ordinal);
            using var other = Server.Client(await Server.AddPersonAsync("bob@example.com"));
            Assert.Equal(207, (await other.PropFindAsync(other.Home, "1", Xml.D + "displayname")).Status);
        }
        finally
        {
            foreach (var socket in sockets) socket.Dispose();
        }

        var since = System.Diagnostics.Stopwatch.StartNew();
        while ((await Client.PropFindAsync(Client.Home, "1", Xml.D + "displayname")).Status != 207) Assert.True(since.Elapsed < TimeSpan.FromSeconds(30), "it is refused for good");
    }

    [Fact]
    public async Task A_flood_of_long_reports_of_one_person_is_overtaken_by_another()
    {
        for (var n = 0; n < 20; n++) Assert.Equal(201, (await Client.PutAsync(Client.Calendar("home") + $"{n}.ics", Events.Event($"{n}", "Daily", "RRULE:FREQ=DAILY"))).Status);
        using var other = Server.Client(await Server.AddPersonAsync("bob@example.com"));
        Assert.Equal(207, (await other.PropFindAsync(other.Home, "1", Xml.D + "displayname")).Status);
        var flood = Enumerable.Range(0, 60).Select(_ => Client.SendAsync("REPORT", Client.Calendar("home"), Query, ("Depth", "1"))).ToList();
        await Task.WhenAny(flood);
        for (var n = 0; n < 3; n++) Assert.Equal(207, (await other.PropFindAsync(other.Home, "1", Xml.D + "displayname")).Status);
        Assert.True(flood.Count(report => !report.IsCompleted) > 30, "it waited behind the reports");
        Assert.All(await Task.WhenAll(flood), report => Assert.Equal(207, report.Status));
    }

    [Fact]
    public async Task A_flood_of_properties_of_one_person_is_overtaken_by_another_who_saves()
    {
        using var other = Server.Client(await Server.AddPersonAsync("bob@example.com"));
        Assert.Equal(201, (await other.PutAsync(other.Calendar("home") + "0.ics", Events.Event("0", "First"))).Status);
        var flood = Enumerable.Range(0, 100).Select(n => Client.SendAsync("PROPPATCH", Client.Calendar("home"), $"<D:propertyupdate xmlns:D='DAV:'><D:set><D:prop><x xmlns='urn:x'>{n}{new string('x', 30_000)}</x></D:prop></D:set></D:propertyupdate>")).ToList();
        await Task.WhenAny(flood);
        for (var n = 1; n < 4; n++) Assert.Equal(201, (await other.PutAsync(other.Calendar("home") + $"{n}.ics", Events.Event($"{n}", "Saved"))).Status);
        Assert.True(flood.Count(change => !change.IsCompleted) > 50, "it waited behind the properties");
        Assert.All(await Task.WhenAll(flood), change => Assert.Equal(207, change.Status));
    }

    [Fact]
    public async Task Turns_go_round_and_who_is_stuck_stops_nobody()
    {
        var load = new Loads().Of("somebody");
        var cancelled = TestContext.Current.CancellationToken;
        while (load.TakeAsync(false, cancelled).AsTask().IsCompleted) continue;
        using var given = new CancellationTokenSource();
        var first = load.TakeAsync(false, given.Token).AsTask();
        var second = load.TakeAsync(false, cancelled).AsTask();
        var begun = load.TakeAsync(true, cancelled).AsTask();
        await given.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);

        // the one of the loop is before them, the one that was begun before that
        load.Give();
        await begun.WaitAsync(TimeSpan.FromSeconds(10), cancelled);
        Assert.False(second.IsCompleted);
        load.Give();
        load.Give();
        await second.WaitAsync(TimeSpan.FromSeconds(10), cancelled);
        var stuck = load.TakeAsync(false, cancelled).AsTask();
        await Task.Delay(TimeSpan.FromSeconds(2), cancelled);
        Assert.False(stuck.IsCompleted);
        await stuck.WaitAsync(TimeSpan.FromSeconds(20), cancelled);
    }

    [Fact]
    public async Task Whoever_is_alone_has_the_whole_machine_and_half_of_it_when_somebody_else_asks()
    {
        var loads = new Loads();
        var (one, other) = (loads.Of("one"), loads.Of("other"));
        Assert.True(one.TryOpen());
        Assert.Equal(Environment.ProcessorCount, await TakeAllAsync(one));
        Assert.True(other.TryOpen());
        Assert.Equal(Math.Max(1, Environment.ProcessorCount / 2), await TakeAllAsync(other));

        static async Task<int> TakeAllAsync(Load load)
        {
            using var end = new CancellationTokenSource();
            var turns = 0;
            while (load.TakeAsync(false, end.Token).AsTask() is { IsCompleted: true }) turns++;
            await end.CancelAsync();
            return turns;
        }
    }

    // signed in, and never ended; enough of it comes at once that on a busy machine the first is not cut off as too slow before the last has begun
    private async Task<Socket> BeginAsync()
    {
        const int bytes = 60_000;
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(IPAddress.Loopback, Server.Address.Port, TestContext.Current.CancellationToken);
        var login = Convert.ToBase64String(Encoding.UTF8.GetBytes($"{Alice.Principal.Login}:{Alice.Secret}"));
        await socket.SendAsync(Encoding.ASCII.GetBytes($"PUT {Client.Calendar("home")}x.ics HTTP/1.1\r\nHost: localhost\r\nAuthorization: Basic {login}\r\nContent-Type: text/calendar\r\nContent-Length: {bytes + 1}\r\n\r\n{new string('x', bytes)}"), TestContext.Current.CancellationToken);
        return socket;
    }
}
