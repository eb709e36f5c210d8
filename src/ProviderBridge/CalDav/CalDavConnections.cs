using System.Collections.Concurrent;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;

namespace ProviderBridge.CalDav;

/// <summary>The connections to CalDAV servers. Whoever names a server decides where this one connects to: what is internal is looked at when it is connected to, so that no name can stand for it.</summary>
public sealed class CalDavConnections : IDisposable
{
    private const int MostOld = 10_000;
    private readonly HttpMessageInvoker _pool;

    /// <summary>A connection for each request.</summary>
    private readonly HttpMessageInvoker _single;

    /// <summary>Servers that close each connection without a word (HTTP/1.0, as Radicale speaks it): what is sent into one that is being closed is lost.</summary>
    private readonly ConcurrentDictionary<string, bool> _old = new(StringComparer.OrdinalIgnoreCase);

    /// <param name="reach">Which servers may be asked.</param>
    public CalDavConnections(CalDavReach reach)
    {
        ArgumentNullException.ThrowIfNull(reach);
        Reach = reach;
        (_pool, _single) = (Make(TimeSpan.FromMinutes(5)), Make(TimeSpan.Zero));
    }

    /// <summary>Which servers may be asked.</summary>
    public CalDavReach Reach { get; }

    /// <inheritdoc/>
    public void Dispose()
    {
        _pool.Dispose();
        _single.Dispose();
    }

    internal async Task<HttpResponseMessage> SendAsync(HttpRequestMessage message, CancellationToken cancellationToken)
    {
        var server = message.RequestUri!.Authority;
        var response = await (_old.ContainsKey(server) ? _single : _pool).SendAsync(message, cancellationToken);
        if (response.Version < HttpVersion.Version11 && _old.Count < MostOld) _old.TryAdd(server, true);
        return response;
    }

    private HttpMessageInvoker Make(TimeSpan lifetime) => new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        // what is compressed on the way gets a version of its own from some, which no request may name
        AutomaticDecompression = DecompressionMethods.None,
        ConnectCallback = ConnectAsync,
        ConnectTimeout = TimeSpan.FromSeconds(15),
        MaxConnectionsPerServer = 8,
        MaxResponseHeadersLength = 32,
        PooledConnectionLifetime = lifetime,
        SslOptions = new SslClientAuthenticationOptions { RemoteCertificateValidationCallback = static (_, _, _, wrong) => wrong == SslPolicyErrors.None ? true : throw new CalDavException(CalDavProblem.Certificate, "The server's certificate cannot be trusted.") },
        UseCookies = false,
        UseProxy = false,
    });

    private async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancelled)
    {
        var (host, port) = (context.DnsEndPoint.Host, context.DnsEndPoint.Port);
        var found = IPAddress.TryParse(host, out var literal) ? [literal] : await Dns.GetHostAddressesAsync(host, cancelled);
        var open = Reach.AllowsInternal(host, port) ? found : Array.FindAll(found, address => !InternalAddress.Is(address));
        if (open.Length == 0) throw new CalDavException(CalDavProblem.Internal, "The server is on this server's own network, where connecting is not allowed.");
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(open, port, cancelled);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
