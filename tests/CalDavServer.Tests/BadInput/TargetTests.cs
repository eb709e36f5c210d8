using CalDavServer.Tests.Hosting;
using Xunit;
using static CalDavServer.Tests.Hosting.Xml;

namespace CalDavServer.Tests.BadInput;

/// <summary>Request targets (RFC 9112 §3.2, RFC 3986 §2, §6.2.2): one resource has one path, however it is spelt, and no spelling leads out of the tree.</summary>
public sealed class TargetTests(BadInputServer server) : IClassFixture<BadInputServer>
{
    private const string Depth0 = "Depth: 0\r\nContent-Length: 0\r\n";

    [Theory]
    [InlineData("/dav/calendars/id-alice/../id-alice/home/")]
    [InlineData("/dav/calendars/id-alice/./home/")]
    [InlineData("/dav/calendars/id-bob/../id-alice/home/")]
    [InlineData("/dav/../etc/passwd")]
    [InlineData("/../../../../etc/passwd")]
    [InlineData("/dav/calendars/id-alice/%2e%2e/id-alice/")]
    [InlineData("/dav/calendars/id-alice/home/%2E%2E")]
    [InlineData("/dav/calendars/id-alice/home/.%2e")]
    [InlineData("/dav/calendars/id-alice/home/%2e")]
    [InlineData("/dav/calendars/id-alice/home/..%2fkept.ics")]
    [InlineData("/dav/calendars/id-alice/home%2fkept.ics")]
    [InlineData("/dav/calendars/id-alice%2Fhome/")]
    [InlineData("/dav%2fcalendars/id-alice/")]
    [InlineData("/dav/calendars/id-alice/home/%5c..%5ckept.ics")]
    [InlineData("/dav/calendars/id-alice/home\\kept.ics")]
    [InlineData("/dav/calendars/id-alice/home/%252e%252e")]
    [InlineData("/dav/calendars/id-alice/%252e%252e/id-bob/")]
    [InlineData("/dav/calendars/id-alice/home/%0d%0aX:1")]
    [InlineData("/dav/calendars/id-alice/home/%7f.ics")]
    [InlineData("/dav/calendars/id-alice/home/a\tb.ics")]
    [InlineData("/dav//calendars/id-alice/")]
    [InlineData("//dav/calendars/id-alice/")]
    [InlineData("/dav/calendars//id-alice/")]
    [InlineData("/dav/calendars/id-alice/home//kept.ics")]
    [InlineData("/dav/calendars/id-alice/home/kept.ics/more")]
    [InlineData("/dav/calendars/id-alice/home/kept.ics/more/and/more")]
    [InlineData("/DAV/calendars/id-alice/")]
    [InlineData("/dav/calendars/ID-ALICE/")]
    [InlineData("/dav/calendars/id-alice/#fragment")]
    [InlineData("/dav/calendars/id-bob/home/")]
    [InlineData("/dav/calendars/id-nobody/home/")]
    public async Task A_path_that_leads_nowhere_is_404(string target)
    {
        Assert.Equal(404, (await server.SendAsync("PROPFIND", target, Depth0)).Status);
        Assert.Equal(404, (await server.SendAsync("DELETE", target, "")).Status);
    }

    [Theory]
    [InlineData("/dav/calendars/id-alice/home/%")]
    [InlineData("/dav/calendars/id-alice/home/%4")]
    [InlineData("/dav/calendars/id-alice/home/%zz.ics")]
    [InlineData("/dav/calendars/id-alice/home/%+1.ics")]
    [InlineData("/dav/calendars/id-alice/home/% 1.ics")]
    [InlineData("/dav/calendars/id-alice/home/%u0041.ics")]
    [InlineData("/dav/calendars/id-alice/home/100%.ics")]
    [InlineData("/dav/calendars/id-alice/home/%00.ics")]
    [InlineData("/dav/calendars/id-alice/home/kept.ics%00")]
    [InlineData("/dav/calendars/id-alice/home/%ff.ics")]
    [InlineData("/dav/calendars/id-alice/home/%c3.ics")]
    [InlineData("/dav/calendars/id-alice/home/%c0%ae%c0%ae")]
    [InlineData("/dav/calendars/id-alice/home/%c0%af")]
    [InlineData("/dav/calendars/id-alice/home/%e0%80%af")]
    [InlineData("/dav/calendars/id-alice/home/%f0%80%80%af")]
    [InlineData("/dav/calendars/id-alice/home/%ed%a0%80")]
    [InlineData("/dav/calendars/id-alice/home/%f5%80%80%80")]
    public async Task What_no_percent_encoding_comes_to_is_400(string target)
    {
        Assert.Equal(400, (await server.SendAsync("PROPFIND", target, Depth0)).Status);
        Assert.Equal(400, (await server.SendAsync("PUT", target, "", Events.Event("x"))).Status);
    }

    [Theory]
    [InlineData("/dav/calendars/id-alice/home/caf\u00e9.ics")]
    [InlineData("/dav/calendars/id-alice/home/a b.ics")]
    [InlineData("dav/calendars/id-alice/")]
    [InlineData("")]
    [InlineData("http://")]
    [InlineData("ftp://127.0.0.1/dav/")]
    [InlineData("http://elsewhere.example/dav/calendars/id-alice/")]
    [InlineData("http://127.0.0.1:1/dav/calendars/id-alice/")]
    public async Task A_target_against_the_grammar_or_of_another_host_is_400(string target) =>
        Assert.Equal(400, (await server.SendAsync("PROPFIND", target, Depth0)).Status);

    [Theory]
    [InlineData("/dav/calendars/id-alice/home/kep%74.ics")]
    [InlineData("/dav/calendars/id-alice/home/%6b%65%70%74%2e%69%63%73")]
    [InlineData("/dav/calendars/id-alice/%68ome/kept.ics")]
    [InlineData("/dav/calendars/%69d-alice/home/kept.ics")]
    [InlineData("/dav/%63alendars/id-alice/home/kept.ics")]
    [InlineData("/%64av/calendars/id-alice/home/kept%2Eics")]
    [InlineData("/dav/calendars/id-alice/home/kept.ics?query=%zz")]
    public async Task Other_spellings_of_a_path_are_the_same_resource(string target)
    {
        var etag = (await server.Client.GetAsync(server.Kept)).Header("ETag");
        Assert.Equal(etag, (await server.SendAsync("GET", target)).Header("ETag"));
        Assert.Equal(412, (await server.SendAsync("PUT", target, "If-None-Match: *\r\n", Events.Event("kept"))).Status);
        var found = await server.SendAsync("PROPFIND", target, "Depth: 0\r\n", PropFind(D + "getetag"));
        Assert.Equal([server.Kept], found.Hrefs);
    }

    [Fact]
    public async Task A_name_with_reserved_characters_is_one_resource_in_either_spelling_and_an_object_in_each_collection_of_its_own()
    {
        Assert.Equal(201, (await server.SendAsync("PUT", server.Calendar + "a@b+c%20%C3%A9.ics", "", Events.Event("reserved"))).Status);
        Assert.Equal(200, (await server.SendAsync("GET", server.Calendar + "a%40b%2bc%20%c3%a9.ics")).Status);
        Assert.Equal(204, (await server.SendAsync("DELETE", server.Calendar + "%61%40b%2Bc%20%c3%A9%2eics")).Status);
        Assert.Equal(404, (await server.SendAsync("GET", server.Calendar + "a@b+c%20%C3%A9.ics")).Status);
    }

    [Fact]
    public async Task The_longest_name_is_taken_and_a_longer_one_or_request_line_is_414()
    {
        Assert.Equal(201, (await server.SendAsync("PUT", server.Calendar + new string('n', 255), "", Events.Event("long"))).Status);
        Assert.Equal(204, (await server.SendAsync("DELETE", server.Calendar + new string('n', 255))).Status);
        Assert.Equal(414, (await server.SendAsync("PUT", server.Calendar + new string('n', 256), "", Events.Event("long"))).Status);
        Assert.Equal(414, (await server.SendAsync("PUT", server.Calendar + string.Concat(Enumerable.Repeat("%C3%A9", 128)), "", Events.Event("long"))).Status);
        Assert.Equal(414, (await server.SendAsync("GET", server.Calendar + new string('n', 20_000))).Status);
    }

    [Fact]
    public async Task An_absolute_target_is_taken_and_an_asterisk_asks_about_the_server()
    {
        Assert.Equal([server.Home], (await server.SendAsync("PROPFIND", $"http://{server.Address.Authority}{server.Home}", "Depth: 0\r\n", PropFind(D + "resourcetype"))).Hrefs);
        var options = await server.SendAsync("OPTIONS", "*");
        Assert.Equal(200, options.Status);
        Assert.Contains("calendar-access", options.Header("DAV"), StringComparison.Ordinal);
        Assert.Contains("MKCALENDAR", options.Header("Allow"), StringComparison.Ordinal);
        foreach (var method in new[] { "GET", "PROPFIND", "DELETE", "PUT" }) Assert.Equal(405, (await server.SendAsync(method, "*", "Content-Length: 0\r\n")).Status);
    }

    [Theory]
    [InlineData("FROBNICATE", 501)]
    [InlineData("propfind", 501)]
    [InlineData("Get", 501)]
    [InlineData("M-SEARCH", 501)]
    [InlineData("LOCK", 405)]
    [InlineData("TRACE", 405)]
    [InlineData("PATCH", 405)]
    [InlineData("ACL", 405)]
    [InlineData("PUT", 405)]
    [InlineData("G(T", 400)]
    [InlineData("GET,PUT", 400)]
    public async Task A_method_that_is_not_there_is_said_so(string method, int status)
    {
        var answer = await server.SendAsync(method, server.Calendar, "Content-Length: 0\r\n");
        Assert.Equal(status, answer.Status);
        Assert.Equal(status == 405, answer.Header("Allow") is not null);
    }

    [Fact]
    public async Task A_tunnel_is_not_opened()
    {
        foreach (var target in new[] { server.Address.Authority, server.Home, "/health/ready", "/api/openapi.json" })
            Assert.Equal(501, (await server.SendAsync("CONNECT", target)).Status);
    }
}
