using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using ProviderBridge.CalDav;
using ProviderBridge.Sync;

namespace ProviderBridge.Tests.CalDav;

/// <summary>Where a password goes, over a real socket: to a server that is only guessed, not before it asks for one.</summary>
public sealed class A_password_for_a_CalDAV_server
{
    private const string Basic = "HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: Basic realm=\"x\"\r\nContent-Length: 0\r\n\r\n";
    private const string Bearer = "HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: Bearer\r\nContent-Length: 0\r\n\r\n";
    private const string None = "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n";

    [Theory]
    [InlineData(true, Basic, "no yes yes")]
    [InlineData(true, None, "no no")]
    [InlineData(false, None, "yes yes")]
    public async Task Waits_until_a_guessed_server_asks_for_it(bool waits, string first, string sent)
    {
        await using var server = new Server(first, None, None);
        var client = Client(server.Address, waits);
        Assert.Equal(404, (await client.SendAsync(new DavRequest("PROPFIND", server.Address), TestContext.Current.CancellationToken)).Status);
        Assert.Equal(404, (await client.SendAsync(new DavRequest("PROPFIND", server.Address), TestContext.Current.CancellationToken)).Status);
        Assert.Equal(sent, string.Join(' ', server.Seen.Select(one => one.Contains("Authorization: Basic", StringComparison.OrdinalIgnoreCase) ? "yes" : "no")));
    }

    [Fact]
    public async Task Is_not_sent_where_something_else_is_asked_for()
    {
        await using var server = new Server(Bearer);
        await FailsAsync(CalDavProblem.NotCalDav, server, waits: true);
        Assert.DoesNotContain("Authorization", Assert.Single(server.Seen), StringComparison.OrdinalIgnoreCase);
    }

    [Theory]
    [InlineData("http://127.0.0.1:1/", CalDavProblem.Unprotected)]
    [InlineData("http://example.com/", CalDavProblem.Elsewhere)]
    [InlineData("//a:b:c/", CalDavProblem.NotCalDav)]
    public async Task Does_not_follow_to_what_is_not_encrypted_or_no_address(string to, CalDavProblem problem)
    {
        await using var server = new Server($"HTTP/1.1 301 Moved Permanently\r\nLocation: {to}\r\nContent-Length: 0\r\n\r\n");
        await FailsAsync(problem, server);
    }

    /// <summary>What speaks no TLS has no certificate that could be wrong.</summary>
    [Fact]
    public async Task Is_not_sent_to_what_speaks_no_TLS_and_that_is_no_wrong_certificate()
    {
        await using var server = new Server(None);
        await FailsAsync(CalDavProblem.Unreachable, server, secure: true);
    }

    [Theory]
    [InlineData("CN=127.0.0.1", 30)]
    [InlineData("CN=calendar.example.com", 30)]
    [InlineData("CN=127.0.0.1", -1)]
    public async Task Is_not_sent_where_the_certificate_cannot_be_trusted_and_that_is_said(string name, int days)
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest(name, key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        using var own = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-2), DateTimeOffset.UtcNow.AddDays(days));
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var read = ReadAsync(listener, own);
        var address = new Uri($"https://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}/");
        var failed = await Assert.ThrowsAsync<CalDavException>(() => Client(address, waits: false).SendAsync(new DavRequest("PROPFIND", address), TestContext.Current.CancellationToken));
        Assert.Equal((CalDavProblem.Certificate, OutsideFault.NotTrusted), (failed.Problem, failed.ToOutside().Fault));
        Assert.Equal("", await read);
    }

    /// <summary>What comes over the encrypted connection.</summary>
    private static async Task<string> ReadAsync(TcpListener listener, X509Certificate2 certificate)
    {
        using var client = await listener.AcceptTcpClientAsync();
        await using var encrypted = new SslStream(client.GetStream());
        try
        {
            await encrypted.AuthenticateAsServerAsync(certificate);
            using var text = new StreamReader(encrypted);
            return await text.ReadToEndAsync();
        }
        catch (Exception ended) when (ended is IOException or AuthenticationException)
        {
            return "";
        }
    }

    private static async Task FailsAsync(CalDavProblem problem, Server server, bool waits = false, bool secure = false)
    {
        var address = secure ? new Uri($"https://127.0.0.1:{server.Address.Port}/") : server.Address;
        var failed = await Assert.ThrowsAsync<CalDavException>(() => Client(server.Address, waits).SendAsync(new DavRequest("PROPFIND", address), TestContext.Current.CancellationToken));
        Assert.Equal(problem, failed.Problem);
    }

    private static CalDavClient Client(Uri address, bool waits) =>
        new(new CalDavConnections(new CalDavReach { Internal = [$"127.0.0.1:{address.Port}"] }), address, new CalDavCredentials("sam", "secret")) { Waits = waits };

    /// <summary>Answers each request with the next of what it is given, and then as before.</summary>
    private sealed class Server : IAsyncDisposable
    {
        private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
        private readonly Task _running;

        public Server(params string[] answers)
        {
            _listener.Start();
            Address = new Uri($"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}/");
            _running = RunAsync(answers);
        }

        public Uri Address { get; }

        public List<string> Seen { get; } = [];

        public async ValueTask DisposeAsync()
        {
            _listener.Stop();
            await _running;
        }

        private async Task RunAsync(string[] answers)
        {
            try
            {
                for (var n = 0; ; n++)
                {
                    using var client = await _listener.AcceptTcpClientAsync();
                    var stream = client.GetStream();
                    var buffer = new byte[8192];
                    Seen.Add(Encoding.Latin1.GetString(buffer, 0, await stream.ReadAsync(buffer)));
                    await stream.WriteAsync(Encoding.Latin1.GetBytes(answers[Math.Min(n, answers.Length - 1)].Replace("\r\nContent-Length", "\r\nConnection: close\r\nContent-Length", StringComparison.Ordinal)));
                }
            }
            catch (Exception stopped) when (stopped is SocketException or IOException or InvalidOperationException)
            {
                // the test is over
            }
        }
    }
}
