using System.Xml.Linq;
using CalDavServer.Tests.Hosting;
using Xunit;
using static CalDavServer.Tests.Hosting.Xml;

namespace CalDavServer.Tests.Rfc4791;

/// <summary>Properties of calendars that clients may set, and the rules for them.</summary>
public sealed class CalendarPropertyTests : ServerTest
{
    public static TheoryData<string, string, int> Values => new()
    {
        { "displayname", "Surgery", 200 },
        { "calendar-description", "What is cut", 200 },
        { "calendar-color", "#12abEF", 200 },
        { "calendar-color", "#12abEF80", 200 },
        { "calendar-color", "#12abE", 409 },
        { "calendar-color", "javascript:1", 409 },
        { "calendar-order", "-3", 200 },
        { "calendar-order", "first", 409 },
        { "calendar-timezone-id", "Europe/Paris", 200 },
        { "calendar-timezone-id", "Nowhere/Else", 403 },
        { "supported-calendar-component-set", "", 403 },
        { "resourcetype", "", 403 },
        { "sync-token", "x", 403 },
        { "lockdiscovery", "x", 403 },
    };

    [Theory]
    [MemberData(nameof(Values))]
    public async Task A_value_is_checked_before_it_is_kept(string local, string value, int status)
    {
        var name = NameOf(local);
        var answer = await Client.SendAsync("PROPPATCH", Client.Calendar("home"), Set(new XElement(name, value)));
        Assert.Equal(status, answer.PropertyStatus(name));
        var found = await Client.PropFindAsync(Client.Calendar("home"), "0", name);
        if (status == 200) Assert.Equal(value, found.Property(name)!.Value);
        else Assert.NotEqual(value == "" ? "-" : value, found.Property(name)?.Value);
    }

    [Fact]
    public async Task The_symbolic_colour_is_kept()
    {
        await Client.SendAsync("PROPPATCH", Client.Calendar("hx"), Set(new XElement(A + "calendar-color", new XAttribute("symbolic-color", "red"), "#FF2968")));
        var color = (await Client.PropFindAsync(Client.Calendar("hx"), "0", A + "calendar-color")).Property(A + "calendar-color")!;
        Assert.Equal("red", (string?)color.Attribute("symbolic-color"));
    }

    [Fact]
    public async Task The_transparency_of_a_calendar_is_opaque_or_transparent()
    {
        var name = C + "schedule-calendar-transp";
        Assert.NotNull((await Client.PropFindAsync(Client.Calendar("home"), "0", name)).Property(name)!.Element(C + "opaque"));
        Assert.Equal(200, (await Client.SendAsync("PROPPATCH", Client.Calendar("home"), Set(new XElement(name, new XElement(C + "transparent"))))).PropertyStatus(name));
        Assert.NotNull((await Client.PropFindAsync(Client.Calendar("home"), "0", name)).Property(name)!.Element(C + "transparent"));
        Assert.Equal(409, (await Client.SendAsync("PROPPATCH", Client.Calendar("home"), Set(new XElement(name, "x")))).PropertyStatus(name));
    }

    [Fact]
    public async Task The_practice_names_its_calendar_and_the_client_colours_it()
    {
        var answer = await Client.SendAsync("PROPPATCH", Client.Calendar("hx"), Set(new XElement(D + "displayname", "Mine"), new XElement(A + "calendar-order", "1")));
        Assert.Equal(403, answer.PropertyStatus(D + "displayname"));
        Assert.Equal(424, answer.PropertyStatus(A + "calendar-order"));
        Assert.Equal(200, (await Client.SendAsync("PROPPATCH", Client.Calendar("hx"), Set(new XElement(A + "calendar-order", "1")))).PropertyStatus(A + "calendar-order"));
    }

    [Fact]
    public async Task CalDAV_properties_are_not_in_allprop()
    {
        var answer = await Client.SendAsync("PROPFIND", Client.Calendar("home"), null, ("Depth", "0"));
        Assert.DoesNotContain(answer.Root.Descendants(), element => element.Name.Namespace == C && element.Parent!.Name == D + "prop");
    }

    [Fact]
    public async Task Calendar_data_is_no_property() =>
        Assert.Equal(404, (await Client.PropFindAsync(Client.Calendar("home"), "0", C + "calendar-data")).PropertyStatus(C + "calendar-data"));

    [Fact]
    public async Task A_home_says_how_much_it_holds()
    {
        var before = long.Parse((await Client.PropFindAsync(Client.Home, "0", D + "quota-used-bytes")).Property(D + "quota-used-bytes")!.Value, null);
        await Client.PutAsync(Client.Calendar("home") + "a.ics", Events.Event("a"));
        var after = long.Parse((await Client.PropFindAsync(Client.Home, "0", D + "quota-used-bytes")).Property(D + "quota-used-bytes")!.Value, null);
        Assert.Equal(Events.Event("a").Length, after - before);
    }

    private static XName NameOf(string local) => local switch
    {
        "displayname" or "resourcetype" or "sync-token" or "lockdiscovery" => D + local,
        "calendar-color" or "calendar-order" => A + local,
        _ => C + local,
    };
}
