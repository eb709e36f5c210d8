using System.Xml.Linq;
using CalDavServer.Tests.Hosting;
using Xunit;
using static CalDavServer.Tests.Hosting.Xml;

namespace CalDavServer.Tests.Rfc5689;

/// <summary>Extended MKCOL (RFC 5689): the token extended-mkcol.</summary>
public sealed class MkColTests : ServerTest
{
    private static string MkCol(XElement? type, params XElement[] properties) => new XElement(
        D + "mkcol", new XElement(D + "set", new XElement(D + "prop", type is null ? null : new XElement(D + "resourcetype", type.Elements()), properties))).ToString();

    private static XElement Type(params XName[] names) => new("type", names.Select(name => new XElement(name)));

    [Fact]
    public async Task A_calendar_is_made()
    {
        var body = MkCol(Type(D + "collection", C + "calendar"), new XElement(D + "displayname", "Surgery"));
        Assert.Equal(201, (await Client.SendAsync("MKCOL", Client.Calendar("new"), body)).Status);
        var found = await Client.PropFindAsync(Client.Calendar("new"), "0", D + "resourcetype", D + "displayname");
        Assert.NotNull(found.Property(D + "resourcetype")!.Element(C + "calendar"));
        Assert.Equal("Surgery", found.Property(D + "displayname")!.Value);
    }

    [Fact]
    public async Task Another_type_fails_with_valid_resourcetype()
    {
        var answer = await Client.SendAsync("MKCOL", Client.Calendar("new"), MkCol(Type(D + "collection", XName.Get("addressbook", "urn:x")), new XElement(D + "displayname", "x")));
        Assert.Equal(403, answer.Status);
        Assert.Equal(D + "mkcol-response", answer.Root.Name);
        Assert.NotNull(answer.Root.Descendants(D + "valid-resourcetype").Single());
        Assert.Contains("424", answer.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_plain_collection_cannot_be_made()
    {
        Assert.True((await Client.SendAsync("MKCOL", Client.Calendar("new"))).HasCondition(D + "valid-resourcetype"));
        Assert.True((await Client.SendAsync("MKCOL", Client.Calendar("new"), MkCol(null))).HasCondition(D + "valid-resourcetype"));
        Assert.Equal(415, (await Client.SendAsync("MKCOL", Client.Calendar("new"), "<x/>")).Status);
    }

    [Fact]
    public async Task Where_something_is_the_method_is_not_offered() =>
        Assert.Equal(405, (await Client.SendAsync("MKCOL", Client.Calendar("home"), MkCol(Type(D + "collection", C + "calendar")))).Status);
}
