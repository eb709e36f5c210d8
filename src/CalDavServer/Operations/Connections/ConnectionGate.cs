using System.Net;
using System.Net.Sockets;
using CalDavServer.Access;
using Microsoft.AspNetCore.Connections;

namespace CalDavServer.Operations.Connections;

/// <summary>
/// What a connection meets first, before the web server and TLS: the limits on connections, and the time within which it has to say something. A proxy that is believed is neither counted by address nor
/// hurried: it opens connections ahead, and many people come through it.
/// </summary>
internal sealed class ConnectionGate(ServerOptions options)
{
    private readonly ConnectionTable _table = new(options.ConnectionsPerAddress, FileLimit.Connections(options.Connections));

    /// <summary>Lets a connection in once it has said something; null when it is to be closed. What it said is left for the web server.</summary>
    /// <param name="socket">Its socket.</param>
    /// <param name="ends">Ends the wait.</param>
    public async ValueTask<OpenConnection?> EnterAsync(Socket socket, CancellationToken ends)
    {
        var peer = (socket.RemoteEndPoint as IPEndPoint)?.Address;
        var isProxy = new SocketPeer(peer, false).IsIn(options.Proxies);
        var open = new OpenConnection(socket, isProxy ? null : Origin.Of(peer).Place);
        if (!_table.TryEnter(open)) return null;
        if (isProxy || await SaysSomethingAsync(socket, ends)) return open;
        _table.Leave(open);
        return null;
    }

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

    // there may be thousands that end without a word, every second: none of them is worth an exception on its way
    private async ValueTask<bool> SaysSomethingAsync(Socket socket, CancellationToken ends)
    {
        using var silence = CancellationTokenSource.CreateLinkedTokenSource(ends);
        silence.CancelAfter(options.LongestSilence);
        Task word = socket.ReceiveAsync(Memory<byte>.Empty, SocketFlags.None, silence.Token).AsTask();
        await word.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return word.IsCompletedSuccessfully && socket.Available > 0;
    }
}
