using System.Xml.Linq;
using CalDavServer.Tests.Hosting;
using Xunit;
using static CalDavServer.Tests.Hosting.Xml;

namespace CalDavServer.Tests.Rfc4918;

/// <summary>PROPPATCH (RFC 4918 §9.2).</summary>
public sealed class PropPatchTests : ServerTest
{
    private static readonly XNamespace Other = "urn:example";

    [Fact]
    public async Task A_dead_property_keeps_attributes_language_children_and_prefixes()
    {
        const string Body =
            """
            <D:propertyupdate xmlns:D="DAV:" xmlns:q="urn:q"><D:set><D:prop xml:lang="en">
            <e:note xmlns:e="urn:example" e:kind="x" plain="1">a<e:b>q:name</e:b>&#13;z</e:note></D:prop></D:set></D:propertyupdate>
            """;
        var answer = await Client.SendAsync("PROPPATCH", Client.Calendar("home"), Body);
        Assert.Equal(200, answer.PropertyStatus(Other + "note"));

        var note = (await Client.PropFindAsync(Client.Calendar("home"), "0", Other + "note")).Property(Other + "note")!;
        Assert.Equal("x", (string?)note.Attribute(Other + "kind"));
        Assert.Equal("1", (string?)note.Attribute("plain"));
        Assert.Equal("en", (string?)note.Attribute(XNamespace.Xml + "lang"));
        Assert.Equal("q:name", note.Element(Other + "b")!.Value);
        Assert.Equal("urn:q", note.GetNamespaceOfPrefix("q"));
        Assert.EndsWith("\rz", note.Value, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("home/")]
    [InlineData("hx/")]
    [InlineData("inbox/")]
    [InlineData("home/a.ics")]
    public async Task Dead_properties_can_be_set_and_removed_on_home_calendars_and_objects(string path)
    {
        await Client.PutAsync(Client.Calendar("home") + "a.ics", Events.Event("a"));
        var href = Client.Home + path;
        Assert.Equal(200, (await Client.SendAsync("PROPPATCH", href, Set(new XElement(Other + "note", "x")))).PropertyStatus(Other + "note"));
        Assert.Equal("x", (await Client.PropFindAsync(href, "0", Other + "note")).Property(Other + "note")!.Value);
        Assert.Equal(200, (await Client.SendAsync("PROPPATCH", href, Remove(Other + "note"))).PropertyStatus(Other + "note"));
        Assert.Equal(404, (await Client.PropFindAsync(href, "0", Other + "note")).PropertyStatus(Other + "note"));
    }

    [Fact]
    public async Task A_dead_property_is_in_allprop_and_propname()
    {
        await Client.SendAsync("PROPPATCH", Client.Principal, Set(new XElement(Other + "note", "x")));
        var all = await Client.SendAsync("PROPFIND", Client.Principal, null, ("Depth", "0"));
        var names = await Client.SendAsync("PROPFIND", Client.Principal, new XElement(D + "propfind", new XElement(D + "propname")).ToString(), ("Depth", "0"));
        Assert.Equal("x", all.Property(Other + "note")!.Value);
        Assert.Equal("", names.Property(Other + "note")!.Value);
    }

    [Fact]
    public async Task A_dead_property_of_an_object_survives_a_PUT()
    {
        var path = Client.Calendar("home") + "a.ics";
        await Client.PutAsync(path, Events.Event("a"));
        await Client.SendAsync("PROPPATCH", path, Set(new XElement(Other + "note", "x")));
        await Client.PutAsync(path, Events.Event("a", "Changed"));
        Assert.Equal("x", (await Client.PropFindAsync(path, "0", Other + "note")).Property(Other + "note")!.Value);
    }

    [Fact]
    public async Task When_one_instruction_fails_none_is_carried_out()
    {
        var answer = await Client.SendAsync("PROPPATCH", Client.Calendar("home"), Set(new XElement(Other + "note", "x"), new XElement(D + "getetag", "y")));
        Assert.Equal(207, answer.Status);
        Assert.Equal(424, answer.PropertyStatus(Other + "note"));
        Assert.Equal(403, answer.PropertyStatus(D + "getetag"));
        Assert.NotNull(answer.Root.Descendants(D + "cannot-modify-protected-property").SingleOrDefault());
        Assert.Equal(404, (await Client.PropFindAsync(Client.Calendar("home"), "0", Other + "note")).PropertyStatus(Other + "note"));
    }

    [Fact]
    public async Task Instructions_are_carried_out_in_order()
    {
        var body = new XElement(
            D + "propertyupdate",
            new XElement(D + "set", new XElement(D + "prop", new XElement(Other + "note", "first"))),
            new XElement(D + "remove", new XElement(D + "prop", new XElement(Other + "note"))),
            new XElement(D + "set", new XElement(D + "prop", new XElement(Other + "note", "last"))));
        await Client.SendAsync("PROPPATCH", Client.Calendar("home"), body.ToString());
        Assert.Equal("last", (await Client.PropFindAsync(Client.Calendar("home"), "0", Other + "note")).Property(Other + "note")!.Value);
    }

    [Fact]
    public async Task A_property_that_is_too_large_fails_with_507()
    {
        var answer = await Client.SendAsync("PROPPATCH", Client.Calendar("home"), Set(new XElement(Other + "note", new string('x', 70_000))));
        Assert.Equal(507, answer.PropertyStatus(Other + "note"));
    }

    [Fact]
    public async Task The_tree_has_no_PROPPATCH()
    {
        var answer = await Client.SendAsync("PROPPATCH", "/dav/", Set(new XElement(Other + "note", "x")));
        Assert.Equal(405, answer.Status);
        Assert.DoesNotContain("PROPPATCH", answer.Header("Allow")!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_body_that_is_no_propertyupdate_is_a_bad_request()
    {
        Assert.Equal(400, (await Client.SendAsync("PROPPATCH", Client.Home, PropFind(D + "getetag"))).Status);
        Assert.Equal(400, (await Client.SendAsync("PROPPATCH", Client.Home, null)).Status);
    }

    [Theory]
    [InlineData("/dav/calendars/id-alice/home/")]
    [InlineData("/dav/calendars/id-alice/home/a.ics")]
    [InlineData("/dav/principals/id-alice/")]
    public async Task Concurrent_patches_of_one_resource_all_count(string path)
    {
        await Client.PutAsync(Client.Calendar("home") + "a.ics", Events.Event("a"));
        var answers = await Task.WhenAll(Enumerable.Range(0, 6).Select(n => Client.SendAsync("PROPPATCH", path, Set(new XElement(Other + $"note{n}", n)))));
        Assert.All(answers, answer => Assert.Equal(207, answer.Status));
        var names = Enumerable.Range(0, 6).Select(n => Other + $"note{n}").ToArray();
        var found = await Client.PropFindAsync(path, "0", names);
        Assert.All(names, name => Assert.Equal(200, found.PropertyStatus(name)));
    }

    [Fact]
    public async Task Many_at_once_all_succeed_and_none_is_lost()
    {
        XName Name(int n) => XName.Get($"note-{n}", "urn:example");
        var answers = await Task.WhenAll(Enumerable.Range(0, 24).Select(n => Client.SendAsync("PROPPATCH", Client.Calendar("hx"), Set(new XElement(Name(n), "x")))));
        Assert.All(answers, answer => Assert.Equal(207, answer.Status));
        var kept = await Client.PropFindAsync(Client.Calendar("hx"), "0", [.. Enumerable.Range(0, 24).Select(Name)]);
        Assert.All(Enumerable.Range(0, 24), n => Assert.Equal(200, kept.PropertyStatus(Name(n))));
    }

    [Fact]
    public async Task A_dead_property_of_a_principal_home_or_box_is_of_that_resource_alone()
    {
        var name = XName.Get("note", "urn:example");
        string[] paths = [Client.Principal, Client.Home, Client.Calendar("inbox"), Client.Calendar("outbox")];
        foreach (var path in paths)
        {
            Assert.Equal(404, (await Client.PropFindAsync(path, "0", name)).PropertyStatus(name));
            Assert.Equal(200, (await Client.SendAsync("PROPPATCH", path, Set(new XElement(name, path)))).PropertyStatus(name));
        }

        Assert.Equal(200, (await Client.SendAsync("PROPPATCH", Client.Home, Remove(name))).PropertyStatus(name));
        foreach (var path in paths)
        {
            var found = (await Client.PropFindAsync(path, "0", name)).Property(name)?.Value;
            Assert.Equal(path == Client.Home ? null : path, found);
        }
    }
}
