using System.Net;
using System.Net.Sockets;
using System.Text;
using CalDavServer.Tests.Hosting;
using Xunit;

namespace CalDavServer.Tests.Operations;

/// <summary>Clients that ask for much and read nothing.</summary>
public sealed class SlowClientTests : ServerTest
{
    // as many as there are readers of the store
    private const int Clients = 64;

    // what the server has room for at least: 128 MB of answers of at most 8 MB in memory, and 32 more that wait; it may end the rest
    private const int Served = (128 / 8) + 32;

    private const string Query =
        "<C:calendar-query xmlns:D='DAV:' xmlns:C='urn:ietf:params:xml:ns:caldav'><D:prop><C:calendar-data/></D:prop>"
        + "<C:filter><C:comp-filter name='VCALENDAR'/></C:filter></C:calendar-query>";

    [Fact]
    public async Task Clients_that_do_not_read_their_answers_keep_nobody_waiting()
    {
        var note = "X-NOTE:" + new string('x', 400_000);
        for (var n = 0; n < 12; n++) Assert.Equal(201, (await Client.PutAsync(Client.Calendar("home") + $"{n}.ics", Events.Event($"{n}", "Long", note))).Status);
        var sockets = new List<Socket>();
        try
        {
            for (var n = 0; n < Clients; n++) sockets.Add(await AskAsync());
            var begun = 0;
            foreach (var socket in sockets)
            {
                if (await HasBegunAsync(socket)) begun++;
            }

            Assert.InRange(begun, Served, Clients);
            using var other = Server.Client(await Server.AddPersonAsync("bob@example.com"));
            var answered = other.PropFindAsync(other.Home, "1", Xml.D + "displayname");
            Assert.Equal(207, (await answered.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken)).Status);
        }
        finally
        {
            foreach (var socket in sockets) socket.Dispose();
        }
    }

    [Fact]
    public async Task A_client_that_reads_late_gets_its_whole_answer()
    {
        var note = "X-NOTE:" + new string('x', 400_000);
        for (var n = 0; n < 12; n++) Assert.Equal(201, (await Client.PutAsync(Client.Calendar("home") + $"{n}.ics", Events.Event($"{n}", "Long", note))).Status);
        using var socket = await AskAsync();
        Assert.Equal(1, await socket.ReceiveAsync(new byte[1], SocketFlags.Peek, TestContext.Current.CancellationToken));

        // the answer goes on being written while nothing is read of it
        Assert.Equal(204, (await Client.DeleteAsync(Client.Calendar("home") + "0.ics")).Status);
        using var reader = new StreamReader(new NetworkStream(socket));
        var answer = await reader.ReadToEndAsync(TestContext.Current.CancellationToken);
        for (var n = 0; n < 12; n++) Assert.Contains($"/home/{n}.ics</D:href>", answer, StringComparison.Ordinal);
        Assert.Equal(12, answer.Split("END:VCALENDAR").Length - 1);
        Assert.Contains("</D:multistatus>", answer, StringComparison.Ordinal);
    }

    // false when the server ended the connection
    private static async Task<bool> HasBegunAsync(Socket socket)
    {
        try
        {
            return await socket.ReceiveAsync(new byte[1], SocketFlags.Peek, TestContext.Current.CancellationToken) == 1;
        }
        catch (SocketException cut) when (cut.SocketErrorCode == SocketError.ConnectionReset)
        {
            return false;
        }
    }

    private async Task<Socket> AskAsync()
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { ReceiveBufferSize = 4096 };
        await socket.ConnectAsync(IPAddress.Loopback, Server.Address.Port, TestContext.Current.CancellationToken);
        var login = Convert.ToBase64String(Encoding.UTF8.GetBytes($"{Alice.Principal.Login}:{Alice.Secret}"));
        var request = $"REPORT {Client.Calendar("home")} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Basic {login}\r\nDepth: 1\r\nConnection: close\r\nContent-Length: {Query.Length}\r\n\r\n{Query}";
        await socket.SendAsync(Encoding.ASCII.GetBytes(request), TestContext.Current.CancellationToken);
        return socket;
    }
}
