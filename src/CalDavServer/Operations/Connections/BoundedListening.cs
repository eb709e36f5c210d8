using System.Net;
using System.Net.Sockets;
using System.Threading.Channels;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;

namespace CalDavServer.Operations.Connections;

/// <summary>
/// Accepts connections, and gives the web server those that have said something: one that is silent costs a socket, and none of the buffers that would be collected by the thousand while everybody waits.
/// None is accepted while as many as may be are open, those that are being closed among them: the system keeps the others waiting. Without it a flood is accepted faster than anything can be
/// closed, and a process that has no file left ends.
/// </summary>
/// <param name="gate">What lets connections in.</param>
/// <param name="room">How many more may be open, whatever the address they came to. Never disposed: the last connections are closed after everything else.</param>
/// <param name="logs">Where the transport logs.</param>
internal sealed class BoundedListening(ConnectionGate gate, SemaphoreSlim room, ILoggerFactory logs) : IConnectionListenerFactory
{
    private const int Backlog = 512;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    public ValueTask<IConnectionListener> BindAsync(EndPoint endpoint, CancellationToken cancellationToken = default)
    {
        var listening = Listen(endpoint);
        var connections = new SocketConnectionContextFactory(new SocketConnectionFactoryOptions(), logs.CreateLogger<SocketTransportFactory>());
        return new ValueTask<IConnectionListener>(new Listener(listening, connections, gate, room));
    }

    private static Socket Listen(EndPoint endpoint)
    {
        try
        {
            var listening = SocketTransportOptions.CreateDefaultBoundListenSocket(endpoint);
            listening.Listen(Backlog);
            return listening;
        }
        catch (SocketException failure) when (failure.SocketErrorCode == SocketError.AddressAlreadyInUse)
        {
            throw new AddressInUseException(failure.Message, failure);
        }
    }

    private sealed class Listener : IConnectionListener
    {
        private readonly Channel<ConnectionContext> _ready = Channel.CreateUnbounded<ConnectionContext>();
        private readonly CancellationTokenSource _unbound = new();
        private readonly Socket _listening;
        private readonly SocketConnectionContextFactory _connections;
        private readonly ConnectionGate _gate;
        private readonly SemaphoreSlim _room;
        private readonly Task _accepting;

        public Listener(Socket listening, SocketConnectionContextFactory connections, ConnectionGate gate, SemaphoreSlim room)
        {
            (_listening, _connections, _gate, _room) = (listening, connections, gate, room);
            EndPoint = listening.LocalEndPoint!;
            _accepting = AcceptAllAsync(_unbound.Token);
        }

        public EndPoint EndPoint { get; }

        public async ValueTask<ConnectionContext?> AcceptAsync(CancellationToken cancellationToken = default)
        {
            while (await _ready.Reader.WaitToReadAsync(cancellationToken))
            {
                if (_ready.Reader.TryRead(out var connection)) return connection;
            }

            return null;
        }

        public async ValueTask UnbindAsync(CancellationToken cancellationToken = default)
        {
            await _unbound.CancelAsync();
            _listening.Dispose();
            await _accepting;
        }

        public async ValueTask DisposeAsync()
        {
            await UnbindAsync();
            _unbound.Dispose();
            _connections.Dispose();
        }

        private async Task AcceptAllAsync(CancellationToken ends)
        {
            while (!ends.IsCancellationRequested)
            {
                if (await AcceptOneAsync(ends) is { } socket) _ = HearAsync(socket, ends);
                // without a file left it would be tried again at once, and again
                else if (!ends.IsCancellationRequested) await Task.Delay(Pause, CancellationToken.None);
            }

            _ready.Writer.TryComplete();
        }

        private async Task<Socket?> AcceptOneAsync(CancellationToken ends)
        {
            Socket? socket = null;
            try
            {
                await _room.WaitAsync(ends);
            }
            catch (OperationCanceledException)
            {
                return null;
            }

            try
            {
                return socket = await _listening.AcceptAsync(ends);
            }
            catch (Exception gone) when (gone is SocketException or ObjectDisposedException or OperationCanceledException)
            {
                // it has been closed since, or nothing is listened to any more
                return null;
            }
            finally
            {
                if (socket is null) _room.Release();
            }
        }

        private async Task HearAsync(Socket socket, CancellationToken ends)
        {
            OpenConnection? open = null;
            try
            {
                open = await _gate.EnterAsync(socket, ends);
                if (open is not null)
                {
                    await HandOverAsync(socket, open);
                    return;
                }
            }
            catch (Exception gone) when (gone is SocketException or ObjectDisposedException)
            {
                // closed by the other end, or for another connection
            }

            if (open is not null) _gate.Leave(open);
            socket.Dispose();
            _room.Release();
        }

        private async ValueTask HandOverAsync(Socket socket, OpenConnection open)
        {
            if (EndPoint is IPEndPoint) socket.NoDelay = true;
            var connection = _connections.Create(socket);
            connection.ConnectionClosed.UnsafeRegister(static room => ((SemaphoreSlim)room!).Release(), _room);
            open.HandOver(connection);
            if (_ready.Writer.TryWrite(connection)) return;
            _gate.Leave(open);
            await connection.DisposeAsync();
        }
    }
}
