using System.Globalization;
using System.Net.Sockets;
using System.Text;
using System.Xml.Linq;
using CalDavServer.Tests.Hosting;
using Xunit;
using static CalDavServer.Tests.Hosting.Xml;

namespace CalDavServer.Tests.Rfc4918;

/// <summary>OPTIONS, Allow, and methods that are not offered (RFC 4918 §10.1, RFC 9110 §10.2.1).</summary>
public sealed class OptionsTests : ServerTest
{
    [Theory]
    [InlineData("/", "OPTIONS, GET, HEAD, PROPFIND, REPORT")]
    [InlineData("/dav/principals/id-alice/", "OPTIONS, GET, HEAD, PROPFIND, REPORT, PROPPATCH")]
    [InlineData("/dav/calendars/id-alice/", "OPTIONS, GET, HEAD, PROPFIND, REPORT, PROPPATCH")]
    [InlineData("/dav/calendars/id-alice/home/", "OPTIONS, GET, HEAD, PROPFIND, REPORT, PROPPATCH, DELETE, MOVE, POST")]
    [InlineData("/dav/calendars/id-alice/hx/", "OPTIONS, GET, HEAD, PROPFIND, REPORT, PROPPATCH, POST")]
    [InlineData("/dav/calendars/id-alice/home/a.ics", "OPTIONS, GET, HEAD, PROPFIND, REPORT, PROPPATCH, PUT, DELETE, COPY, MOVE")]
    [InlineData("/dav/calendars/id-alice/home/new.ics", "OPTIONS, PUT")]
    [InlineData("/dav/calendars/id-alice/new/", "OPTIONS, MKCALENDAR, MKCOL")]
    public async Task Allow_lists_what_works(string path, string allow)
    {
        await Client.PutAsync(Client.Calendar("home") + "a.ics", Events.Event("a"));
        var answer = await Client.SendAsync("OPTIONS", path);
        Assert.Equal(200, answer.Status);
        Assert.Equal(allow, answer.Header("Allow"));
    }

    [Fact]
    public async Task The_DAV_header_names_the_classes_that_work()
    {
        var answer = await Client.SendAsync("OPTIONS", Client.Home);
        Assert.Equal("1, 3, calendar-access, extended-mkcol, calendar-query-extended, calendarserver-home-sync", answer.Header("DAV"));
    }

    [Theory]
    [InlineData("LOCK")]
    [InlineData("UNLOCK")]
    [InlineData("ACL")]
    [InlineData("PATCH")]
    [InlineData("PUT")]
    [InlineData("MKCALENDAR")]
    public async Task A_method_that_is_not_offered_on_a_calendar_is_refused(string method)
    {
        var answer = await Client.SendAsync(method, Client.Calendar("home"), "");
        Assert.Equal(method == "MKCALENDAR" ? 403 : 405, answer.Status);
        if (answer.Status == 405) Assert.Equal("OPTIONS, GET, HEAD, PROPFIND, REPORT, PROPPATCH, DELETE, MOVE, POST", answer.Header("Allow"));
    }

    [Fact]
    public async Task A_word_that_is_no_method_is_not_implemented() => Assert.Equal(501, (await Client.SendAsync("FROBNICATE", Client.Home)).Status);

    [Theory]
    [InlineData("OPTIONS")]
    [InlineData("PROPFIND")]
    [InlineData("PUT")]
    [InlineData("MKCALENDAR")]
    [InlineData("FROBNICATE")]
    public async Task Nothing_is_answered_without_a_login(string method)
    {
        using var stranger = Server.Anonymous();
        foreach (var path in new[] { "/", "/dav/", Client.Principal, Client.Home, Client.Calendar("none"), "/.well-known/caldav" })
        {
            var answer = await stranger.SendAsync(method, path);
            Assert.Equal(401, answer.Status);
            Assert.Equal("Basic realm=\"CalendarSync\", charset=\"UTF-8\"", answer.Header("WWW-Authenticate"));
        }
    }

    [Theory]
    [InlineData("/dav/calendars/id-alice/home/a%2Fb.ics")]
    [InlineData("/dav/calendars/id-alice/home/%2e%2e")]
    [InlineData("/dav/calendars/id-alice/home/%0a.ics")]
    [InlineData("/dav/calendars/id-alice/../id-alice/home/a/b")]
    [InlineData("/dav/other/")]
    public async Task A_path_that_no_resource_may_have_is_404(string target) => Assert.Equal(404, await RawStatusAsync("PUT", target));

    [Fact]
    public async Task An_absolute_request_target_is_taken() => Assert.Equal(207, await RawStatusAsync("PROPFIND", $"http://{Server.Address.Authority}{Client.Home}"));

    [Fact]
    public async Task The_server_as_a_whole_says_what_works_somewhere()
    {
        var answer = await RawAsync("OPTIONS", "*");
        Assert.StartsWith("HTTP/1.1 200 ", answer, StringComparison.Ordinal);
        Assert.Contains("\r\nDAV: 1, 3, calendar-access, extended-mkcol, calendar-query-extended, calendarserver-home-sync\r\n", answer, StringComparison.Ordinal);
        Assert.Contains("\r\nAllow: OPTIONS, GET, HEAD, PROPFIND, REPORT, PROPPATCH, PUT, DELETE, COPY, MOVE, MKCALENDAR, MKCOL, POST\r\n", answer, StringComparison.Ordinal);
        Assert.Equal(405, await RawStatusAsync("PROPFIND", "*"));
        Assert.StartsWith("HTTP/1.1 401 ", await RawAsync("OPTIONS", "*", authorized: false), StringComparison.Ordinal);
    }

    // HttpClient would repair such targets
    private async Task<string> RawAsync(string method, string target, bool authorized = true)
    {
        using var socket = new TcpClient();
        await socket.ConnectAsync(Server.Address.Host, Server.Address.Port, TestContext.Current.CancellationToken);
        var login = authorized ? "Authorization: Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes($"{Alice.Principal.Login}:{Alice.Secret}")) + "\r\n" : "";
        var stream = socket.GetStream();
        var request = $"{method} {target} HTTP/1.1\r\nHost: {Server.Address.Authority}\r\n{login}Depth: 0\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
        await stream.WriteAsync(Encoding.ASCII.GetBytes(request), TestContext.Current.CancellationToken);
        using var reader = new StreamReader(stream);
        return await reader.ReadToEndAsync(TestContext.Current.CancellationToken);
    }

    private async Task<int> RawStatusAsync(string method, string target) =>
        int.Parse((await RawAsync(method, target)).Split(' ')[1], CultureInfo.InvariantCulture);

    [Fact]
    public async Task A_collection_is_served_without_its_slash_and_says_where_it_is()
    {
        var answer = await Client.PropFindAsync(Client.Home.TrimEnd('/'), "0", D + "resourcetype");
        Assert.Equal(207, answer.Status);
        Assert.Equal(Client.Home, answer.Header("Content-Location"));
        Assert.Equal([Client.Home], answer.Hrefs);
    }

    [Fact]
    public async Task Answers_are_compressed_when_asked_and_requests_may_be()
    {
        var zipped = new MemoryStream();
        await using (var gzip = new System.IO.Compression.GZipStream(zipped, System.IO.Compression.CompressionMode.Compress))
            await gzip.WriteAsync(Encoding.UTF8.GetBytes(PropFind(D + "resourcetype")), TestContext.Current.CancellationToken);
        var answer = await Client.SendBytesAsync(
            "PROPFIND", Client.Home, zipped.ToArray(), ("Depth", "1"), ("Content-Encoding", "gzip"), ("Accept-Encoding", "gzip"));
        Assert.Equal(207, answer.Status);
        Assert.Equal("gzip", answer.Header("Content-Encoding"));
        await using var unzipped = new System.IO.Compression.GZipStream(new MemoryStream(answer.Bytes), System.IO.Compression.CompressionMode.Decompress);
        var root = await XElement.LoadAsync(unzipped, LoadOptions.None, TestContext.Current.CancellationToken);
        Assert.Equal(D + "multistatus", root.Name);
    }

    [Fact]
    public async Task A_gzip_bomb_is_refused()
    {
        var zipped = new MemoryStream();
        await using (var gzip = new System.IO.Compression.GZipStream(zipped, System.IO.Compression.CompressionMode.Compress))
        {
            for (var i = 0; i < 50; i++) await gzip.WriteAsync(new byte[1_000_000], TestContext.Current.CancellationToken);
        }

        Assert.Equal(413, (await Client.SendBytesAsync("PROPFIND", Client.Home, zipped.ToArray(), ("Depth", "0"), ("Content-Encoding", "gzip"))).Status);
        Assert.Equal(415, (await Client.SendAsync("PROPFIND", Client.Home, "x", ("Depth", "0"), ("Content-Encoding", "br"))).Status);
        foreach (var broken in new[] { "x", new string('x', 100) })
            Assert.Equal(400, (await Client.SendAsync("PROPFIND", Client.Home, broken, ("Depth", "0"), ("Content-Encoding", "gzip"))).Status);
    }
}
