using CalDavServer.Tests.Hosting;
using Xunit;

namespace CalDavServer.Tests.BadInput;

/// <summary>Destination and Overwrite headers that lead nowhere, or to another's (RFC 4918 §9.8.3, §10.3, §10.6).</summary>
public sealed class DestinationTests(BadInputServer server) : IClassFixture<BadInputServer>
{
    [Theory]
    [InlineData(400, "")]
    [InlineData(400, "Destination:\r\n")]
    [InlineData(400, "Destination: new.ics\r\n")]
    [InlineData(400, "Destination: ../tasks/new.ics\r\n")]
    [InlineData(400, "Destination: //elsewhere.example/dav/calendars/id-alice/home/new.ics\r\n")]
    [InlineData(400, "Destination: /dav/calendars/id-alice/home/%zz.ics\r\n")]
    [InlineData(400, "Destination: /dav/calendars/id-alice/home/%00.ics\r\n")]
    [InlineData(400, "Destination: /dav/calendars/id-alice/home/%c0%af\r\n")]
    [InlineData(400, "Destination: /dav/calendars/id-alice/home/new.ics#fragment\r\n")]
    [InlineData(400, "Destination: /dav/calendars/id-alice/home/a b.ics\r\n")]
    [InlineData(400, "Destination: /dav/calendars/id-alice/home/new.ics\r\nDestination: /dav/calendars/id-alice/home/two.ics\r\n")]
    [InlineData(400, "Destination: /dav/calendars/id-alice/home/new.ics\r\nOverwrite: maybe\r\n")]
    [InlineData(400, "Destination: /dav/calendars/id-alice/home/new.ics\r\nOverwrite:\r\n")]
    [InlineData(400, "Destination: /dav/calendars/id-alice/home/new.ics\r\nOverwrite: T\r\nOverwrite: F\r\n")]
    [InlineData(502, "Destination: http://elsewhere.example/dav/calendars/id-alice/home/new.ics\r\n")]
    [InlineData(502, "Destination: http://{host}@elsewhere.example/dav/calendars/id-alice/home/new.ics\r\n")]
    [InlineData(502, "Destination: ftp://{host}/dav/calendars/id-alice/home/new.ics\r\n")]
    [InlineData(502, "Destination: file:///dav/calendars/id-alice/home/new.ics\r\n")]
    [InlineData(409, "Destination: /dav/calendars/id-alice/home/..%2fnew.ics\r\n")]
    [InlineData(409, "Destination: /dav/calendars/id-alice/home/../tasks/new.ics\r\n")]
    [InlineData(409, "Destination: /dav/calendars/id-alice/none/new.ics\r\n")]
    [InlineData(409, "Destination: /dav/calendars/id-alice/home/\r\n")]
    [InlineData(409, "Destination: /dav/calendars/id-alice/home/deep/new.ics\r\n")]
    [InlineData(409, "Destination: /somewhere/else\r\n")]
    [InlineData(409, "Destination: /\r\n")]
    [InlineData(409, "Destination: http://{host}\r\n")]
    [InlineData(404, "Destination: /dav/calendars/id-bob/home/new.ics\r\n")]
    [InlineData(404, "Destination: /dav/calendars/id-nobody/home/new.ics\r\n")]
    [InlineData(403, "Destination: /dav/calendars/id-alice/inbox/new.ics\r\n")]
    [InlineData(403, "Destination: /dav/calendars/id-alice/home/kept.ics\r\n")]
    [InlineData(403, "Destination: http://{host}/dav/calendars/id-alice/home/%6bept.ics\r\n")]
    [InlineData(403, "Destination: /dav/calendars/id-alice/tasks/new.ics\r\n")]
    [InlineData(415, "Destination: /dav/calendars/id-alice/home/new.ics\r\nContent-Length: 1\r\n", "x")]
    public async Task A_wrong_destination_is_refused_and_the_source_stays(int status, string headers, string? body = null)
    {
        headers = headers.Replace("{host}", server.Address.Authority, StringComparison.Ordinal);
        foreach (var method in new[] { "MOVE", "COPY" })
        {
            var answer = await server.SendAsync(method, server.Kept, headers, body is null ? null : "x"u8.ToArray());
            Assert.True(answer.Status == status, $"{method}: {answer.Status} {answer.Text}");
            Assert.Equal([server.Calendar, server.Kept], (await server.Client.PropFindAsync(server.Calendar, "1", Xml.D + "getetag")).Hrefs);
        }
    }

    [Fact]
    public async Task What_is_not_there_cannot_be_moved() =>
        Assert.Equal(404, (await server.SendAsync("MOVE", server.Calendar + "none.ics", $"Destination: {server.Calendar}new.ics\r\n")).Status);
}
