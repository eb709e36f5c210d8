using System.Net;
using System.Net.Sockets;
using CalDavServer.Options;
using Microsoft.AspNetCore.Connections;

namespace CalDavServer.Http.Connections;

/// <summary>
/// What a connection meets first, before the web server and TLS: the limits on connections, and the time within which it has to say something. A proxy that is believed is neither counted by address nor
/// hurried: it opens connections ahead, and many people come through it.
/// </summary>
internal sealed class ConnectionGate(ServerOptions options)
{
    private readonly ConnectionTable _table = new(options.ConnectionsPerAddress, FileLimit.Connections(options.Connections));

    /// <summary>How long a connection may say nothing at first.</summary>
    public TimeSpan LongestSilence => options.LongestSilence;

    /// <summary>Lets a connection in; null when it is to be closed.</summary>
    public OpenConnection? Enter(Socket socket)
    {
        var peer = (socket.RemoteEndPoint as IPEndPoint)?.Address;
        var isProxy = new SocketPeer(peer, false).IsIn(options.Proxies);
        var open = new OpenConnection(socket, isProxy ? null : Origin.Of(peer).Place);
        return _table.TryEnter(open) ? open : null;
    }

    /// <summary>Closes those that have said nothing for so long. All are looked at together: a timer for each would be ten thousand timers.</summary>
    public void CloseSilent(TimeSpan longest) => _table.CloseSilent(longest);

    /// <summary>A connection that was let in has ended.</summary>
    public void Leave(OpenConnection open) => _table.Leave(open);

    /// <summary>The same when the web server has ended it.</summary>
    public async Task LeaveAfterAsync(ConnectionContext connection, ConnectionDelegate next)
    {
        try
        {
            await next(connection);
        }
        finally
        {
            if (connection.Features.Get<OpenConnection>() is { } open) _table.Leave(open);
        }
    }
}
