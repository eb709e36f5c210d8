using System.Xml.Linq;
using CalDavServer.Tests.Hosting;
using Xunit;
using static CalDavServer.Tests.Hosting.Xml;

namespace CalDavServer.Tests.Rfc4918;

/// <summary>PROPFIND (RFC 4918 §9.1).</summary>
public sealed class PropFindTests : ServerTest
{
    [Fact]
    public async Task Depth_0_describes_the_resource_alone()
    {
        var answer = await Client.PropFindAsync(Client.Home, "0", D + "resourcetype");
        Assert.Equal(207, answer.Status);
        Assert.Equal([Client.Home], answer.Hrefs);
        Assert.NotNull(answer.Property(D + "resourcetype")!.Element(D + "collection"));
    }

    [Fact]
    public async Task Depth_1_describes_the_members_too()
    {
        var answer = await Client.PropFindAsync(Client.Home, "1", D + "resourcetype");
        Assert.Equal(
            [Client.Home, Client.Calendar("home"), Client.Calendar("hx"), Client.Calendar("tasks"), Client.Calendar("inbox"), Client.Calendar("outbox")],
            answer.Hrefs);
        Assert.NotNull(answer.Property(D + "resourcetype", Client.Calendar("hx"))!.Element(C + "calendar"));
        Assert.Null(answer.Property(D + "resourcetype", Client.Home)!.Element(C + "calendar"));
    }

    [Theory]
    [InlineData("infinity")]
    [InlineData(null)]
    public async Task Infinite_depth_is_refused_with_propfind_finite_depth(string? depth)
    {
        var answer = await Client.SendAsync("PROPFIND", Client.Home, PropFind(D + "resourcetype"), depth is null ? [] : [("Depth", depth)]);
        Assert.Equal(403, answer.Status);
        Assert.True(answer.HasCondition(D + "propfind-finite-depth"));
    }

    [Fact]
    public async Task A_Depth_that_is_no_depth_is_a_bad_request() =>
        Assert.Equal(400, (await Client.PropFindAsync(Client.Home, "2", D + "resourcetype")).Status);

    [Fact]
    public async Task An_unknown_property_is_answered_with_404_in_its_propstat()
    {
        XNamespace other = "urn:example";
        var answer = await Client.PropFindAsync(Client.Home, "0", D + "resourcetype", other + "unknown", XName.Get("bare"));
        Assert.Equal(404, answer.PropertyStatus(other + "unknown"));
        Assert.Equal(404, answer.PropertyStatus("bare"));
        Assert.Equal(200, answer.PropertyStatus(D + "resourcetype"));
    }

    [Fact]
    public async Task Without_a_body_all_properties_are_asked_for()
    {
        var answer = await Client.SendAsync("PROPFIND", Client.Calendar("home"), null, ("Depth", "0"));
        Assert.Equal(207, answer.Status);
        Assert.NotNull(answer.Property(D + "displayname"));
        Assert.Null(answer.Property(C + "supported-calendar-component-set"));
    }

    [Fact]
    public async Task Allprop_with_include_adds_what_is_included()
    {
        var body = new XElement(D + "propfind", new XElement(D + "allprop"), new XElement(D + "include", new XElement(C + "supported-calendar-component-set")));
        var answer = await Client.SendAsync("PROPFIND", Client.Calendar("tasks"), body.ToString(), ("Depth", "0"));
        Assert.NotNull(answer.Property(D + "displayname"));
        Assert.Equal("VTODO", (string?)answer.Property(C + "supported-calendar-component-set")!.Element(C + "comp")!.Attribute("name"));
    }

    [Fact]
    public async Task What_is_included_and_not_there_is_answered_with_404()
    {
        var dead = XName.Get("mood", "urn:x");
        await Client.SendAsync("PROPPATCH", Client.Calendar("tasks"), Set(new XElement(dead, "good")));
        var asked = new[] { XName.Get("none", "urn:x"), dead, C + "calendar-description", C + "supported-collation-set", D + "displayname", C + "calendar-data" };
        var body = new XElement(D + "propfind", new XElement(D + "allprop"), new XElement(D + "include", asked.Select(name => new XElement(name)))).ToString();
        var answer = await Client.SendAsync("PROPFIND", Client.Calendar("tasks"), body, ("Depth", "0"));
        Assert.Equal([404, 200, 404, 200, 200, 404], asked.Select(name => answer.PropertyStatus(name)));
        Assert.Equal("good", answer.Property(dead)!.Value);
        foreach (var name in asked) Assert.Single(answer.Root.Descendants(name));
        var minimal = await Client.SendAsync("PROPFIND", Client.Calendar("tasks"), body, ("Depth", "0"), ("Prefer", "return=minimal"));
        Assert.Equal([0, 200, 0, 200, 200, 0], asked.Select(name => minimal.PropertyStatus(name)));
    }

    [Fact]
    public async Task Propname_lists_names_without_values()
    {
        var answer = await Client.SendAsync("PROPFIND", Client.Calendar("tasks"), new XElement(D + "propfind", new XElement(D + "propname")).ToString(), ("Depth", "0"));
        Assert.True(answer.Property(C + "supported-calendar-component-set")!.IsEmpty);
        Assert.Null(answer.Property(D + "getetag"));
    }

    [Theory]
    [InlineData("<not xml")]
    [InlineData("<a/>")]
    [InlineData("<propfind xmlns='DAV:'/>")]
    [InlineData("<propfind xmlns='DAV:'><prop/><allprop/></propfind>")]
    [InlineData("<!DOCTYPE a [<!ENTITY e 'x'>]><propfind xmlns='DAV:'><prop>&e;</prop></propfind>")]
    public async Task A_body_that_asks_for_nothing_sensible_is_a_bad_request(string body) =>
        Assert.Equal(400, (await Client.SendAsync("PROPFIND", Client.Home, body, ("Depth", "0"))).Status);

    [Fact]
    public async Task What_is_not_there_is_404() =>
        Assert.Equal(404, (await Client.PropFindAsync(Client.Calendar("nowhere"), "0", D + "resourcetype")).Status);

    [Fact]
    public async Task Prefer_depth_noroot_leaves_out_the_collection_itself()
    {
        var answer = await Client.SendAsync("PROPFIND", Client.Home, PropFind(D + "resourcetype"), ("Depth", "1"), ("Prefer", "depth-noroot"));
        Assert.DoesNotContain(Client.Home, answer.Hrefs);
        Assert.Contains(Client.Calendar("home"), answer.Hrefs);
    }
}
