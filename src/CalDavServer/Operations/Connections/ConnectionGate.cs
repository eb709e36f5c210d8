using System.Net;
using CalDavServer.Access;
using Microsoft.AspNetCore.Connections;

namespace CalDavServer.Operations.Connections;

/// <summary>
/// What a connection meets first, before TLS: the limits on connections, and the time within which it has to say something. A proxy that is believed is neither counted by address nor hurried: it opens
/// connections ahead, and many people come through it.
/// </summary>
internal sealed class ConnectionGate(ServerOptions options)
{
    private readonly ConnectionTable _table = new(options.ConnectionsPerAddress, FileLimit.Connections(options.Connections));

    /// <summary>Lets a connection through, or ends it.</summary>
    public async Task PassAsync(ConnectionContext connection, ConnectionDelegate next)
    {
        var peer = (connection.RemoteEndPoint as IPEndPoint)?.Address;
        var isProxy = new SocketPeer(peer, false).IsIn(options.Proxies);
        var open = new OpenConnection(connection, isProxy ? null : Origin.Of(peer).Place);
        if (!_table.TryEnter(open)) return;
        try
        {
            if (!isProxy && !await SaysSomethingAsync(connection)) return;
            connection.Features.Set(open);
            await next(connection);
        }
        finally
        {
            _table.Leave(open);
        }
    }

    // what was said is left for who comes next
    private async ValueTask<bool> SaysSomethingAsync(ConnectionContext connection)
    {
        using var silence = CancellationTokenSource.CreateLinkedTokenSource(connection.ConnectionClosed);
        silence.CancelAfter(options.LongestSilence);
        try
        {
            var read = await connection.Transport.Input.ReadAsync(silence.Token);
            connection.Transport.Input.AdvanceTo(read.Buffer.Start);
            return !read.Buffer.IsEmpty;
        }
        catch (Exception gone) when (gone is OperationCanceledException or IOException)
        {
            return false;
        }
    }
}
