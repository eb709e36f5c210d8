using CalDavServer.Tests.Hosting;
using Xunit;
using static CalDavServer.Tests.Hosting.Xml;

namespace CalDavServer.Tests.Rfc4918;

/// <summary>COPY and MOVE (RFC 4918 §9.8, §9.9) with the preconditions of RFC 4791 §5.3.2.1.</summary>
public sealed class CopyMoveTests : ServerTest
{
    private string Source => Client.Calendar("home") + "a.ics";

    [Fact]
    public async Task MOVE_renames_in_a_calendar()
    {
        await Client.PutAsync(Source, Events.Event("a"));
        var answer = await Client.SendAsync("MOVE", Source, null, ("Destination", Client.Calendar("home") + "b.ics"));
        Assert.Equal(201, answer.Status);
        Assert.Equal(404, (await Client.GetAsync(Source)).Status);
        Assert.Equal(Events.Event("a"), (await Client.GetAsync(Client.Calendar("home") + "b.ics")).Text);
    }

    [Fact]
    public async Task COPY_and_MOVE_go_to_another_calendar_by_absolute_URL()
    {
        await Client.SendAsync("MKCALENDAR", Client.Calendar("other"));
        await Client.PutAsync(Source, Events.Event("a"));
        var destination = new Uri(Server.Address, Client.Calendar("other") + "a%20b.ics").AbsoluteUri;
        Assert.Equal(201, (await Client.SendAsync("COPY", Source, null, ("Destination", destination))).Status);
        Assert.Equal(200, (await Client.GetAsync(Source)).Status);
        Assert.Equal(200, (await Client.GetAsync(Client.Calendar("other") + "a%20b.ics")).Status);
        Assert.Equal(412, (await Client.SendAsync("MOVE", Source, null, ("Destination", destination), ("Overwrite", "F"))).Status);
        Assert.Equal(204, (await Client.SendAsync("MOVE", Source, null, ("Destination", destination))).Status);
        Assert.Equal(404, (await Client.GetAsync(Source)).Status);
    }

    [Fact]
    public async Task A_copy_in_the_same_calendar_would_have_the_same_UID()
    {
        await Client.PutAsync(Source, Events.Event("a"));
        var answer = await Client.SendAsync("COPY", Source, null, ("Destination", Client.Calendar("home") + "b.ics"));
        Assert.Equal(403, answer.Status);
        Assert.True(answer.HasCondition(C + "no-uid-conflict"));
        Assert.Equal(Source, answer.Root.Descendants(D + "href").Single().Value);
    }

    [Fact]
    public async Task A_task_list_takes_no_event()
    {
        await Client.PutAsync(Source, Events.Event("a"));
        var answer = await Client.SendAsync("MOVE", Source, null, ("Destination", Client.Calendar("tasks") + "a.ics"));
        Assert.True(answer.HasCondition(C + "supported-calendar-component"));
        Assert.Equal(200, (await Client.GetAsync(Source)).Status);
    }

    [Fact]
    public async Task Bad_destinations_are_refused()
    {
        await Client.PutAsync(Source, Events.Event("a"));
        Assert.Equal(400, (await Client.SendAsync("MOVE", Source)).Status);
        Assert.Equal(403, (await Client.SendAsync("MOVE", Source, null, ("Destination", Source))).Status);
        Assert.Equal(409, (await Client.SendAsync("MOVE", Source, null, ("Destination", Client.Calendar("none") + "a.ics"))).Status);
        Assert.Equal(409, (await Client.SendAsync("MOVE", Source, null, ("Destination", Client.Calendar("home")))).Status);
        Assert.Equal(502, (await Client.SendAsync("MOVE", Source, null, ("Destination", "http://elsewhere.example/a.ics"))).Status);
        Assert.Equal(403, (await Client.SendAsync("MOVE", Source, null, ("Destination", Client.Calendar("inbox") + "a.ics"))).Status);
        Assert.Equal(404, (await Client.SendAsync("MOVE", Source, null, ("Destination", "/dav/calendars/id-bob/home/a.ics"))).Status);
        Assert.Equal(200, (await Client.GetAsync(Source)).Status);
    }

    [Theory]
    [InlineData("home", "COPY")]
    [InlineData("hx", "COPY")]
    [InlineData("hx", "MOVE")]
    public async Task A_calendar_is_not_copied_and_the_practices_keeps_its_address(string name, string method) =>
        Assert.Equal(403, (await Client.SendAsync(method, Client.Calendar(name), null, ("Destination", Client.Calendar("new")))).Status);
}
