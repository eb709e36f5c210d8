using System.Text;
using CalDavServer.Tests.Hosting;
using Xunit;
using static CalDavServer.Tests.Hosting.Xml;

namespace CalDavServer.Tests.BadInput;

/// <summary>Headers that are wrong, too many, too long or twice.</summary>
public sealed class HeaderTests(BadInputServer server) : IClassFixture<BadInputServer>
{
    private static readonly string Found = PropFind(D + "resourcetype");

    [Theory]
    [InlineData("Depth: 2\r\n")]
    [InlineData("Depth: -1\r\n")]
    [InlineData("Depth: one\r\n")]
    [InlineData("Depth:\r\n")]
    [InlineData("Depth: 0, 1\r\n")]
    [InlineData("Depth: 1,noroot\r\n")]
    [InlineData("Depth: 00\r\n")]
    [InlineData("Depth: 0\r\nDepth: 1\r\n")]
    [InlineData("Depth: 0\r\nDepth: 0\r\n")]
    public async Task A_Depth_that_is_none_is_400_for_every_method(string depth)
    {
        foreach (var method in new[] { "PROPFIND", "REPORT", "GET", "DELETE", "PROPPATCH", "OPTIONS" })
        {
            var answer = await server.SendAsync(method, server.Calendar, depth + "Content-Length: 0\r\n");
            Assert.Equal((400, "Depth is 0, 1 or infinity.\n"), (answer.Status, answer.Text));
        }
    }

    [Theory]
    [InlineData("PROPFIND", "", 403)]
    [InlineData("PROPFIND", "Depth: infinity\r\n", 403)]
    [InlineData("PROPFIND", "Depth: INFINITY\r\n", 403)]
    [InlineData("DELETE", "Depth: 0\r\n", 400)]
    [InlineData("DELETE", "Depth: 1\r\n", 400)]
    public async Task A_Depth_that_the_method_cannot_have_is_refused(string method, string depth, int status)
    {
        var answer = await server.SendAsync(method, server.Calendar, depth + "Content-Length: 0\r\n");
        Assert.Equal(status, answer.Status);
        if (status == 403) Assert.True(answer.HasCondition(D + "propfind-finite-depth"));
    }

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("x")]
    [InlineData("(")]
    [InlineData(")")]
    [InlineData("()")]
    [InlineData("( )")]
    [InlineData("(Not)")]
    [InlineData("(Not Not <a:b>)")]
    [InlineData("(<>)")]
    [InlineData("([])")]
    [InlineData("(<no-scheme>)")]
    [InlineData("(<urn:with space>)")]
    [InlineData("(<urn:x)")]
    [InlineData("([\"x\")")]
    [InlineData("([\"x])")]
    [InlineData("([\"x\" \"y\"])")]
    [InlineData("(\"x\")")]
    [InlineData("(urn:x)")]
    [InlineData("(<urn:x>")]
    [InlineData("(<urn:x>))")]
    [InlineData("((<urn:x>))")]
    [InlineData("(<urn:x>) x")]
    [InlineData("(<urn:x>) </dav/>")]
    [InlineData("(<urn:x>) </dav/> (<urn:x>)")]
    [InlineData("</dav/>")]
    [InlineData("</dav/> </dav/> (<urn:x>)")]
    [InlineData("</dav/ (<urn:x>)")]
    [InlineData("<> (<urn:x>)")]
    [InlineData("</dav/> (<urn:x>) </dav/>")]
    [InlineData("(<urn:x>), (<urn:y>)")]
    public async Task An_If_against_the_grammar_is_400(string value)
    {
        var answer = await server.SendAsync("PUT", server.Kept, $"If: {value}\r\n", Events.Event("kept", "Overwritten"));
        Assert.Equal((400, "The If header cannot be read.\n"), (answer.Status, answer.Text));
    }

    [Theory]
    [InlineData("(<urn:x>)")]
    [InlineData("(<DAV:no-lock>)")]
    [InlineData("([\"x\"])")]
    [InlineData("([W/\"x\"])")]
    [InlineData("(<urn:x>) ([\"x\"])")]
    [InlineData("</dav/> (Not <urn:x> [\"x\"])")]
    [InlineData("<http://elsewhere.example/> (<urn:x>)")]
    [InlineData("<%zz> ([\"x\"])")]
    [InlineData("</dav/calendars/id-bob/home/> (<urn:x>)")]
    public async Task An_If_of_which_no_list_holds_is_412(string value) =>
        Assert.Equal(412, (await server.SendAsync("PUT", server.Kept, $"If: {value}\r\n", Events.Event("kept", "Overwritten"))).Status);

    [Theory]
    [InlineData("If-Match", "\"")]
    [InlineData("If-Match", "\"x")]
    [InlineData("If-Match", "\"x\"y")]
    [InlineData("If-Match", "x\"y\"")]
    [InlineData("If-Match", "\"x\" \"y\"")]
    [InlineData("If-Match", "W/\"x")]
    [InlineData("If-None-Match", "\"")]
    [InlineData("If-None-Match", "\"x")]
    [InlineData("If-None-Match", "\"x\", \"y")]
    [InlineData("If-None-Match", "\"x\"\"y\"")]
    public async Task Entity_tags_that_cannot_be_read_are_400_and_nothing_is_written(string header, string value)
    {
        var answer = await server.SendAsync("PUT", server.Kept, $"{header}: {value}\r\n", Events.Event("kept", "Overwritten"));
        Assert.Equal((400, $"{header} is neither * nor a list of entity tags.\n"), (answer.Status, answer.Text));
        Assert.Equal(400, (await server.SendAsync("DELETE", server.Kept, $"{header}: {value}\r\n")).Status);
    }

    [Theory]
    [InlineData("If-Match:\r\n")]
    [InlineData("If-Match: ,,\r\n")]
    [InlineData("If-Match: \"\"\r\n")]
    [InlineData("If-Match: *x\r\n")]
    [InlineData("If-Match: other\r\n")]
    [InlineData("If-Match: \"other\"\r\n")]
    [InlineData("If-None-Match: *\r\n")]
    [InlineData("If-None-Match:  * \r\n")]
    [InlineData("If-Unmodified-Since: Thu, 01 Jan 1970 00:00:00 GMT\r\n")]
    [InlineData("If-Schedule-Tag-Match: \"other\"\r\n")]
    public async Task Conditions_that_do_not_hold_are_412(string header)
    {
        Assert.Equal(412, (await server.SendAsync("PUT", server.Kept, header, Events.Event("kept", "Overwritten"))).Status);
        Assert.Equal(412, (await server.SendAsync("DELETE", server.Kept, header)).Status);
    }

    [Theory]
    [InlineData("If-Unmodified-Since: Fri, 31 Dec 9999 23:59:59 GMT\r\n", 200)]
    [InlineData("If-Unmodified-Since: Mon, 01 Jan 0001 00:00:00 GMT\r\n", 412)]
    [InlineData("If-Unmodified-Since: yesterday\r\n", 200)]
    [InlineData("If-Modified-Since: Fri, 31 Dec 9999 23:59:59 GMT\r\n", 304)]
    [InlineData("If-Modified-Since: Mon, 01 Jan 0001 00:00:00 GMT\r\n", 200)]
    [InlineData("If-Modified-Since: Fri, 32 Dec 9999 23:59:59 GMT\r\n", 200)]
    public async Task The_first_and_the_last_date_can_be_compared_and_one_that_is_none_is_no_condition(string header, int status) =>
        Assert.Equal(status, (await server.SendAsync("GET", server.Kept, header)).Status);

    public static TheoryData<string, string, int> Floods => new()
    {
        { "200 headers", string.Concat(Enumerable.Range(0, 200).Select(n => $"X-{n}: 1\r\n")), 431 },
        { "a header of 40 kB", $"X-Long: {new string('x', 40_000)}\r\n", 431 },
        { "a name of 40 kB", $"{new string('X', 40_000)}: 1\r\n", 431 },
        { "a header of 1 MB", $"X-Long: {new string('x', 1_000_000)}\r\n", 431 },
        { "no colon", "Depth\r\n", 400 },
        { "a space before the colon", "Depth : 0\r\n", 400 },
        { "a space in the name", "De pth: 0\r\n", 400 },
        { "no name", ": 0\r\n", 400 },
        { "a folded line", "X: 1\r\n 2\r\n", 400 },
        { "a NUL", "X: a\0b\r\n", 400 },
        { "a bare CR", "X: a\rY: b\r\n", 400 },
        { "a byte that is not UTF-8", "X: \u00e9\r\n", 400 },
        { "a second Host", "Host: elsewhere.example\r\n", 400 },
        { "two lengths", "Content-Length: 0\r\nContent-Length: 1\r\n", 400 },
        { "the same length twice", "Content-Length: 0\r\nContent-Length: 0\r\n", 400 },
        { "a list of lengths", "Content-Length: 0, 0\r\n", 400 },
        { "a negative length", "Content-Length: -1\r\n", 400 },
        { "a length beyond 64 bits", "Content-Length: 99999999999999999999999999\r\n", 400 },
        { "a hexadecimal length", "Content-Length: 0x1\r\n", 400 },
        { "a length and chunks", "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n", 400 },
        { "chunks and a length", "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n", 400 },
        { "an unknown transfer coding", "Transfer-Encoding: frob\r\n", 400 },
        { "gzip as a transfer coding", "Transfer-Encoding: gzip, chunked\r\n", 501 },
        { "chunked twice", "Transfer-Encoding: chunked, chunked\r\n", 501 },
        { "a second login", "Authorization: Basic eDp5\r\n", 401 },
    };

    [Theory]
    [MemberData(nameof(Floods))]
    public async Task Headers_beyond_a_limit_or_against_the_grammar_are_refused(string what, string headers, int status)
    {
        var chunks = headers.Contains("Transfer", StringComparison.Ordinal) ? "0\r\n\r\n" : "";
        var request = Encoding.Latin1.GetBytes($"PROPFIND {server.Home} HTTP/1.1\r\n{server.Headers}{headers}\r\n{chunks}");
        var answer = await server.SendBytesAsync(request);
        Assert.True(answer.Status == status, $"{what}: {answer.Status} {answer.Text}");
    }

    [Theory]
    [InlineData("", 400)]
    [InlineData("Host: a b\r\n", 400)]
    [InlineData("Host: a/b\r\n", 400)]
    [InlineData("Host: localhost:port\r\n", 400)]
    public async Task A_request_without_a_good_Host_is_400(string host, int status)
    {
        var headers = server.Headers[(server.Headers.IndexOf('\n', StringComparison.Ordinal) + 1)..];
        Assert.Equal(status, (await server.SendBytesAsync(Encoding.ASCII.GetBytes($"OPTIONS {server.Home} HTTP/1.1\r\n{host}{headers}\r\n"))).Status);
    }

    [Theory]
    [InlineData("HTTP/1.0", 207)]
    [InlineData("HTTP/1.1", 207)]
    [InlineData("HTTP/1.2", 505)]
    [InlineData("HTTP/2.0", 505)]
    [InlineData("HTTP/9", 400)]
    [InlineData("http/1.1", 505)]
    [InlineData("ICY", 400)]
    public async Task Versions_other_than_1_0_and_1_1_are_refused(string version, int status)
    {
        var request = Encoding.ASCII.GetBytes($"PROPFIND {server.Home} {version}\r\n{server.Headers}Depth: 0\r\nContent-Length: {Found.Length}\r\n\r\n{Found}");
        Assert.Equal(status, (await server.SendBytesAsync(request)).Status);
    }

    [Theory]
    [InlineData("GET /\r\n\r\n")]
    [InlineData("hello\r\n\r\n")]
    [InlineData("\u0016\u0003\u0001\u0002\u0000\u0001\u0000\u0001\u00fc\u0003\u0003\r\n\r\n")]
    [InlineData("GET  /dav/  HTTP/1.1\r\n\r\n")]
    public async Task What_is_no_HTTP_is_400(string bytes) => Assert.Equal(400, (await server.SendBytesAsync(Encoding.Latin1.GetBytes(bytes))).Status);

    [Fact]
    public async Task Headers_that_mean_nothing_here_change_nothing()
    {
        var whole = await server.Client.GetAsync(server.Kept);
        foreach (var header in new[] { "Range: bytes=0-4\r\n", "Range: bytes=9999999-\r\n", "Range: lines=1\r\n", "Accept: application/json\r\n", "If-Range: \"x\"\r\n", "Upgrade: websocket\r\nConnection: Upgrade\r\n", "TE: trailers\r\n" })
        {
            var answer = await server.SendAsync("GET", server.Kept, header);
            Assert.Equal((200, whole.Text), (answer.Status, answer.Text));
        }
    }
}
