using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Text;
using CalDavServer.Http.Connections;
using CalDavServer.Options;
using CalDavServer.Tests.Hosting;
using Xunit;

namespace CalDavServer.Tests.Operations;

/// <summary>Sockets that say nothing, or too many of them, keep nobody out.</summary>
public sealed class ConnectionLimitTests
{
    private const string Poll = "OPTIONS /dav/ HTTP/1.1\r\nHost: localhost\r\n";

    [Fact]
    public async Task Silent_sockets_of_many_addresses_keep_nobody_out_and_are_closed()
    {
        await using var server = await TestServer.StartAsync(hosting: new ServerOptions { Connections = 60, ConnectionsPerAddress = 20, LongestSilence = TimeSpan.FromSeconds(3) });
        using var sockets = await FloodAsync(server.Address, addresses: 10, each: 20);
        Assert.Equal(401, await AskAsync(server.Address, "127.0.0.1"));
        Assert.Equal(401, await AskAsync(server.Address, "127.0.1.2"));
        await sockets.AllEndAsync(TimeSpan.FromSeconds(30));
    }

    [Fact]
    public async Task One_address_closes_its_own_silent_sockets_and_is_answered()
    {
        await using var server = await TestServer.StartAsync(hosting: new ServerOptions { ConnectionsPerAddress = 20, LongestSilence = TimeSpan.FromMinutes(1) });
        using var other = await TalkAsync(server.Address, "127.0.0.9");
        using var sockets = await FloodAsync(server.Address, addresses: 1, each: 100);
        Assert.Equal(401, await AskAsync(server.Address, "127.0.1.1"));
        await sockets.EndAsync(80, TimeSpan.FromSeconds(30));
        Assert.Equal(401, await other.AskAsync(Poll + "\r\n"));
    }

    [Fact]
    public async Task What_is_in_use_stays_when_silent_sockets_fill_the_server()
    {
        await using var server = await TestServer.StartAsync(hosting: new ServerOptions { Connections = 40, ConnectionsPerAddress = 20, LongestSilence = TimeSpan.FromMinutes(1) });
        var alice = await server.AddPersonAsync("alice@example.com");
        using var idle = await TalkAsync(server.Address, "127.0.0.9");
        Assert.Equal(401, await idle.AskAsync(Poll + "\r\n"));
        using var busy = await TalkAsync(server.Address, "127.0.0.10");
        var login = Convert.ToBase64String(Encoding.UTF8.GetBytes($"{alice.Principal.Login}:{alice.Secret}"));
        var body = Events.Event("1", "Long");
        await busy.SayAsync($"PUT /dav/calendars/{alice.Principal.Id}/home/1.ics HTTP/1.1\r\nHost: localhost\r\nAuthorization: Basic {login}\r\nContent-Type: text/calendar\r\nContent-Length: {body.Length}\r\n\r\n{body[..10]}");
        // until its request has begun it is one of those that have said nothing yet
        await Task.Delay(TimeSpan.FromSeconds(1), TestContext.Current.CancellationToken);
        using var sockets = await FloodAsync(server.Address, addresses: 10, each: 20);
        Assert.Equal(401, await AskAsync(server.Address, "127.0.0.1"));
        Assert.Equal(201, await busy.AskAsync(body[10..]));
        Assert.Equal(401, await idle.AskAsync(Poll + "\r\n"));
    }

    [Fact]
    public async Task A_proxy_that_is_believed_may_have_more_and_be_silent()
    {
        var hosting = new ServerOptions { Proxies = [IPNetwork.Parse("127.0.1.1/32")], ConnectionsPerAddress = 20, LongestSilence = TimeSpan.FromMilliseconds(200) };
        await using var server = await TestServer.StartAsync(hosting: hosting);
        using var sockets = await FloodAsync(server.Address, addresses: 1, each: 60);
        using var silent = await FloodAsync(server.Address, addresses: 1, each: 10, network: 2);
        await silent.AllEndAsync(TimeSpan.FromSeconds(30));
        Assert.Equal(0, sockets.Ended);
    }

    [Fact]
    public async Task Fewer_open_files_than_connections_are_survived()
    {
        Assert.SkipUnless(RuntimeInformation.IsOSPlatform(OSPlatform.Linux), "The limit is read from /proc.");
        await using var program = new ServerProgram();
        var server = await program.ServeAsync(new() { ["OPEN_FILES"] = "600" }, "--urls", "http://127.0.0.1:0", "--no-demo");
        using var sockets = await FloodAsync(server.Url, addresses: 4, each: 250);
        for (var n = 0; n < 5; n++) Assert.Equal(401, await AskAsync(server.Url, "127.0.0.1"));
        Assert.Equal(200, await AskAsync(server.Url, "127.0.0.1", "GET /health/ready HTTP/1.1\r\nHost: localhost\r\n"));
        Assert.InRange(Directory.GetFiles($"/proc/{server.Process.Id}/fd").Length, 1, 599);
    }

    [Theory]
    [InlineData("Max open files            1024                 524288               files     ", 524)]
    [InlineData("Max open files            100                  100                  files     ", 64)]
    [InlineData("Max open files            20000                20000                files     ", 10_000)]
    [InlineData("Max open files            unlimited            unlimited            files     ", 10_000)]
    [InlineData("Max processes             1                    1                    processes ", 10_000)]
    public void There_are_fewer_connections_than_the_system_allows_open_files(string line, int connections) =>
        Assert.Equal(connections, FileLimit.Connections(10_000, ["Limit                     Soft Limit           Hard Limit           Units     ", line]));

    private static async Task<int> AskAsync(Uri address, string from, string head = Poll)
    {
        using var talk = await TalkAsync(address, from);
        return await talk.AskAsync(head + "Connection: close\r\n\r\n");
    }

    private static async Task<Talk> TalkAsync(Uri address, string from)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        socket.Bind(new IPEndPoint(IPAddress.Parse(from), 0));
        await socket.ConnectAsync(IPAddress.Loopback, address.Port, TestContext.Current.CancellationToken);
        return new Talk(socket);
    }

    private static async Task<Silence> FloodAsync(Uri address, int addresses, int each, int network = 1)
    {
        var sockets = new Silence();
        for (var n = 0; n < addresses * each; n++) sockets.Add((await TalkAsync(address, $"127.0.{network}.{(n % addresses) + 1}")).Socket);
        return sockets;
    }

    private sealed class Talk(Socket socket) : IDisposable
    {
        public Socket Socket => socket;

        public async Task SayAsync(string text) => await socket.SendAsync(Encoding.UTF8.GetBytes(text), TestContext.Current.CancellationToken);

        public async Task<int> AskAsync(string text)
        {
            await SayAsync(text);
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
            limit.CancelAfter(TimeSpan.FromSeconds(30));
            var buffer = new byte[8192];
            var read = await socket.ReceiveAsync(buffer, limit.Token);
            Assert.True(read > 12, "the server hung up");
            return int.Parse(Encoding.ASCII.GetString(buffer, 9, 3), System.Globalization.CultureInfo.InvariantCulture);
        }

        public void Dispose() => socket.Dispose();
    }

    /// <summary>Sockets that say nothing, and how many of them the server has ended.</summary>
    private sealed class Silence : IDisposable
    {
        private readonly List<Socket> _sockets = [];
        private readonly List<Task> _ends = [];

        public int Ended => _ends.Count(end => end.IsCompleted);

        public void Add(Socket socket)
        {
            _sockets.Add(socket);
            _ends.Add(EndAsync(socket));
        }

        public async Task AllEndAsync(TimeSpan within) => await EndAsync(_ends.Count, within);

        public async Task EndAsync(int count, TimeSpan within)
        {
            var since = System.Diagnostics.Stopwatch.StartNew();
            while (Ended < count)
            {
                Assert.True(since.Elapsed < within, $"{Ended} of {_ends.Count} have ended");
                await Task.Delay(50, TestContext.Current.CancellationToken);
            }
        }

        public void Dispose()
        {
            foreach (var socket in _sockets) socket.Dispose();
        }

        private static async Task EndAsync(Socket socket)
        {
            try
            {
                await socket.ReceiveAsync(new byte[1]);
            }
            catch (Exception gone) when (gone is SocketException or ObjectDisposedException)
            {
                // that is an end, too
            }
        }
    }
}
