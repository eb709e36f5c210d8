using CalDavServer.Tests.Hosting;
using Xunit;
using static CalDavServer.Tests.Hosting.Xml;

namespace CalDavServer.Tests.Rfc5995;

/// <summary>POST to the add-member address of a calendar (RFC 5995): the server gives the object its name.</summary>
public sealed class AddMemberTests : ServerTest
{
    private static readonly (string, string) Calendar = ("Content-Type", "text/calendar; charset=utf-8");

    [Theory]
    [InlineData("home")]
    [InlineData("hx")]
    public async Task An_object_is_stored_under_a_name_that_the_answer_tells(string calendar)
    {
        var described = await Client.PropFindAsync(Client.Calendar(calendar), "0", D + "add-member");
        var address = described.Property(D + "add-member")!.Element(D + "href")!.Value;
        var posted = await Client.SendAsync("POST", address, Events.Event("a"), Calendar);
        Assert.Equal(201, posted.Status);
        var location = posted.Header("Location")!;
        Assert.StartsWith(Client.Calendar(calendar), location, StringComparison.Ordinal);
        Assert.EndsWith(".ics", location, StringComparison.Ordinal);
        var got = await Client.GetAsync(location);
        Assert.Equal(Events.Event("a"), got.Text);
        Assert.Equal(posted.Header("ETag"), got.Header("ETag"));
    }

    [Fact]
    public async Task The_preconditions_of_PUT_hold_and_nothing_is_stored()
    {
        var home = Client.Calendar("home");
        await Client.PutAsync(home + "a.ics", Events.Event("a"));
        var twice = await Client.SendAsync("POST", home, Events.Event("a"), Calendar);
        Assert.True(twice.HasCondition(C + "no-uid-conflict"));
        Assert.Contains(home + "a.ics", twice.Text, StringComparison.Ordinal);
        Assert.True((await Client.SendAsync("POST", home, "no calendar", Calendar)).HasCondition(C + "valid-calendar-data"));
        Assert.True((await Client.SendAsync("POST", home, Events.Event("b"), ("Content-Type", "text/plain"))).HasCondition(C + "supported-calendar-data"));
        Assert.True((await Client.SendAsync("POST", Client.Calendar("tasks"), Events.Event("b"), Calendar)).HasCondition(C + "supported-calendar-component"));
        Assert.Equal([home, home + "a.ics"], (await Client.PropFindAsync(home, "1", D + "getetag")).Hrefs);
    }

    [Fact]
    public async Task Only_a_calendar_that_may_be_written_takes_it()
    {
        using var reader = Server.Client(await Server.AddPasswordAsync(Alice.Principal, readOnly: true));
        Assert.Equal(403, (await reader.SendAsync("POST", reader.Calendar("home"), Events.Event("a"), Calendar)).Status);
        Assert.Equal(404, (await Client.SendAsync("POST", Client.Calendar("none"), Events.Event("a"), Calendar)).Status);
        Assert.Equal(405, (await Client.SendAsync("POST", Client.Home, Events.Event("a"), Calendar)).Status);
        Assert.Equal(404, (await Client.PropFindAsync(Client.Home, "0", D + "add-member")).PropertyStatus(D + "add-member"));
    }

    [Fact]
    public async Task Who_prefers_the_representation_is_answered_with_it()
    {
        var answer = await Client.SendAsync("POST", Client.Calendar("home"), Events.Event("a"), Calendar, ("Prefer", "return=representation"));
        Assert.Equal(201, answer.Status);
        Assert.Equal(Events.Event("a"), answer.Text);
        Assert.Equal(answer.Header("Location"), answer.Header("Content-Location"));
    }
}
