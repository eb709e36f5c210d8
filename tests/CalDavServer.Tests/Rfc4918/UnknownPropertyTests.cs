using System.Xml.Linq;
using CalDavServer.Tests.Hosting;
using Xunit;
using static CalDavServer.Tests.Hosting.Xml;

namespace CalDavServer.Tests.Rfc4918;

/// <summary>Names of properties that are not there: each is said with 404 (RFC 4918 §9.1), and a request that names very many is not answered many times its size.</summary>
public sealed class UnknownPropertyTests : ServerTest
{
    [Fact]
    public async Task Very_many_names_are_said_of_the_first_resources_and_left_out_of_the_others()
    {
        for (var i = 0; i < 60; i++) Assert.Equal(201, (await Client.SendAsync("MKCALENDAR", Client.Calendar($"c{i}"))).Status);
        var body = PropFind([D + "displayname", .. Enumerable.Range(0, 900).Select(n => XName.Get($"n{n}", $"urn:{new string('x', 50)}"))]);
        var answer = await Client.SendAsync("PROPFIND", Client.Home, body, ("Depth", "1"));
        Assert.Equal(207, answer.Status);
        Assert.InRange(answer.Bytes.Length, body.Length / 2, 5 * body.Length);
        var responses = answer.Root.Elements(D + "response").ToList();
        Assert.InRange(responses.Count, 64, 70);
        Assert.Equal(900, responses[0].Elements(D + "propstat").Last().Element(D + "prop")!.Elements().Count());
        Assert.All(responses.Skip(5), response => Assert.Equal("HTTP/1.1 200 OK", response.Elements(D + "propstat").Single().Element(D + "status")!.Value));
    }

    [Theory]
    [InlineData("PROPFIND")]
    [InlineData("REPORT")]
    public async Task What_clients_ask_for_is_said_of_every_resource(string method)
    {
        for (var i = 0; i < 400; i++) await Client.PutAsync(Client.Calendar("home") + $"{i}.ics", Events.Event($"u{i}"));
        XName[] names = [D + "getetag", .. Enumerable.Range(0, 20).Select(n => XName.Get($"name{n}", "http://calendarserver.org/ns/"))];
        var answer = method == "PROPFIND"
            ? await Client.SendAsync(method, Client.Calendar("home"), PropFind(names), ("Depth", "1"))
            : await Client.SendAsync(method, Client.Calendar("home"), new XElement(C + "calendar-multiget", new XElement(D + "prop", names.Select(name => new XElement(name))), Enumerable.Range(0, 400).Select(i => new XElement(D + "href", Client.Calendar("home") + $"{i}.ics"))).ToString());
        var missing = answer.Root.Elements(D + "response").Where(response => !response.Element(D + "href")!.Value.EndsWith('/')).Select(response => response.Elements(D + "propstat").Last());
        Assert.Equal(400, missing.Count(propstat => propstat.Element(D + "prop")!.Elements().Count() == 20 && propstat.Element(D + "status")!.Value.Contains("404", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Names_that_take_too_many_bytes_are_refused_with_a_sentence()
    {
        var answer = await Client.SendAsync("PROPFIND", Client.Home, PropFind([.. Enumerable.Range(0, 900).Select(n => XName.Get($"n{n}", $"urn:{new string('x', 900)}"))]), ("Depth", "1"));
        Assert.Equal(400, answer.Status);
        Assert.Contains("65536 bytes", answer.Text, StringComparison.Ordinal);
    }
}
