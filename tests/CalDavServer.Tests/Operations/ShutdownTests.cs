using System.Diagnostics;
using System.Net.Sockets;
using System.Text;
using System.Text.RegularExpressions;
using Xunit;

namespace CalDavServer.Tests.Operations;

public sealed partial class ShutdownTests
{
    private const string Event = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//test//EN\r\nBEGIN:VEVENT\r\nUID:under-way\r\nDTSTAMP:20260101T000000Z\r\nDTSTART:20260601T090000Z\r\nSUMMARY:Under way\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n";

    [Fact]
    public async Task A_request_under_way_is_finished_when_the_server_is_asked_to_stop()
    {
        await using var program = new ServerProgram();
        var server = await program.ServeAsync(null, "--urls", "http://127.0.0.1:0", "--no-demo");
        program.Write("people.csv", "login,role,id\na@example.org,user,anna\n");
        await program.RunAsync("import-users", "people.csv");
        var password = Printed().Match((await program.RunAsync("app-password", "new", "a@example.org")).Output).Groups[1].Value;
        using var client = new TcpClient();
        await client.ConnectAsync(server.Url.Host, server.Url.Port, TestContext.Current.CancellationToken);
        await using var stream = client.GetStream();
        var login = Convert.ToBase64String(Encoding.UTF8.GetBytes($"a@example.org:{password}"));
        await SendAsync(stream, $"PUT /dav/calendars/anna/calendar/e.ics HTTP/1.1\r\nHost: {server.Url.Authority}\r\nAuthorization: Basic {login}\r\nContent-Type: text/calendar\r\nContent-Length: {Event.Length}\r\nExpect: 100-continue\r\n\r\n");
        using var reader = new StreamReader(stream, leaveOpen: true);

        // it is being read: the server asks for the body
        Assert.Equal("HTTP/1.1 100 Continue", await reader.ReadLineAsync(TestContext.Current.CancellationToken));
        await SendAsync(stream, Event[..50]);
        var stopped = ServerProgram.StopAsync(server);
        await UntilRefusedAsync(server.Url);
        await SendAsync(stream, Event[50..]);

        Assert.Equal("", await reader.ReadLineAsync(TestContext.Current.CancellationToken));
        Assert.Equal("HTTP/1.1 201 Created", await reader.ReadLineAsync(TestContext.Current.CancellationToken));
        client.Close();
        Assert.Equal(0, await stopped);
    }

    private static async Task SendAsync(NetworkStream stream, string text) => await stream.WriteAsync(Encoding.ASCII.GetBytes(text), TestContext.Current.CancellationToken);

    private static async Task UntilRefusedAsync(Uri url)
    {
        var since = Stopwatch.StartNew();
        while (since.Elapsed < TimeSpan.FromSeconds(20))
        {
            using var other = new TcpClient();
            try
            {
                await other.ConnectAsync(url.Host, url.Port, TestContext.Current.CancellationToken);
            }
            catch (SocketException)
            {
                return;
            }
        }

        Assert.Fail("the server goes on listening");
    }

    [GeneratedRegex(@"(?m)^password +(\S+)")]
    private static partial Regex Printed();
}
