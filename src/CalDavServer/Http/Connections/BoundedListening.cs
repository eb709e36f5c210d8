using System.Net;
using System.Net.Sockets;
using System.Threading.Channels;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;

namespace CalDavServer.Http.Connections;

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

    // of those that wait to be accepted, before what others wait for has its turn
    private const int AtOnce = 16;
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
        private readonly Action<OpenConnection, bool> _heard;
        private readonly Task _accepting;
        private readonly Task _closing;

        public Listener(Socket listening, SocketConnectionContextFactory connections, ConnectionGate gate, SemaphoreSlim room)
        {
            (_listening, _connections, _gate, _room) = (listening, connections, gate, room);
            EndPoint = listening.LocalEndPoint!;
            _heard = Heard;
            _closing = CloseSilentAsync(_unbound.Token);
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
            await Task.WhenAll(_accepting, _closing);
        }

        public async ValueTask DisposeAsync()
        {
            await UnbindAsync();
            _unbound.Dispose();
            _connections.Dispose();
        }

        private async Task AcceptAllAsync(CancellationToken ends)
        {
            for (var count = 1; !ends.IsCancellationRequested; count++)
            {
                if (await AcceptOneAsync(ends) is { } socket) Hear(socket);
                // without a file left it would be tried again at once, and again
                else if (!ends.IsCancellationRequested) await Task.Delay(Pause, CancellationToken.None);
                if (count % AtOnce == 0) await Task.Yield();
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

        private void Hear(Socket socket)
        {
            OpenConnection? open = null;
            try
            {
                open = _gate.Enter(socket);
                if (open is null) Drop(socket);
                else if (open.Place is null) _ = HandOverAsync(open);
                else FirstWord.Await(open, _heard);
            }
            catch (Exception gone) when (gone is SocketException or ObjectDisposedException)
            {
                // closed by the other end, or for another connection
                Drop(socket, open);
            }
        }

        private void Heard(OpenConnection open, bool said)
        {
            try
            {
                said = said && open.Socket.Available > 0;
            }
            catch (Exception gone) when (gone is SocketException or ObjectDisposedException)
            {
                said = false;
            }

            if (said) _ = HandOverAsync(open);
            else Drop(open.Socket, open);
        }

        private async Task HandOverAsync(OpenConnection open)
        {
            ConnectionContext connection;
            try
            {
                if (EndPoint is IPEndPoint) open.Socket.NoDelay = true;
                connection = _connections.Create(open.Socket);
            }
            catch (Exception gone) when (gone is SocketException or ObjectDisposedException)
            {
                Drop(open.Socket, open);
                return;
            }

            connection.ConnectionClosed.UnsafeRegister(static room => ((SemaphoreSlim)room!).Release(), _room);
            open.HandOver(connection);
            if (_ready.Writer.TryWrite(connection)) return;
            _gate.Leave(open);
            await connection.DisposeAsync();
        }

        private void Drop(Socket socket, OpenConnection? open = null)
        {
            if (open is not null) _gate.Leave(open);
            socket.Dispose();
            _room.Release();
        }

        // often enough that nobody is silent for a tenth longer than is allowed
        private async Task CloseSilentAsync(CancellationToken ends)
        {
            using var every = new PeriodicTimer(_gate.LongestSilence / 10);
            try
            {
                while (await every.WaitForNextTickAsync(ends)) _gate.CloseSilent(_gate.LongestSilence);
            }
            catch (OperationCanceledException)
            {
                _gate.CloseSilent(TimeSpan.Zero);
            }
        }
    }
}
