using System.Net;
using Microsoft.AspNetCore.Connections;

namespace CalDavServer.Operations.Connections;

/// <summary>
/// Accepts no further connection while as many as may be are open, those that are being closed among them: the system keeps the others waiting. Without it a flood is accepted faster than anything can be
/// closed, and a process that has no file left ends.
/// </summary>
/// <param name="inner">What listens.</param>
/// <param name="room">How many more may be open, whatever the address they came to. Never disposed: the last connections are closed after everything else.</param>
internal sealed class BoundedListening(IConnectionListenerFactory inner, SemaphoreSlim room) : IConnectionListenerFactory
{
    public async ValueTask<IConnectionListener> BindAsync(EndPoint endpoint, CancellationToken cancellationToken = default) =>
        new Listener(await inner.BindAsync(endpoint, cancellationToken), room);

    private sealed class Listener(IConnectionListener inner, SemaphoreSlim room) : IConnectionListener
    {
        private readonly CancellationTokenSource _unbound = new();

        public EndPoint EndPoint => inner.EndPoint;

        public async ValueTask<ConnectionContext?> AcceptAsync(CancellationToken cancellationToken = default)
        {
            using var ends = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _unbound.Token);
            try
            {
                await room.WaitAsync(ends.Token);
            }
            catch (OperationCanceledException) when (_unbound.IsCancellationRequested)
            {
                return null;
            }

            ConnectionContext? accepted = null;
            try
            {
                accepted = await inner.AcceptAsync(cancellationToken);
                accepted?.ConnectionClosed.UnsafeRegister(static state => ((SemaphoreSlim)state!).Release(), room);
                return accepted;
            }
            finally
            {
                if (accepted is null) room.Release();
            }
        }

        public async ValueTask UnbindAsync(CancellationToken cancellationToken = default)
        {
            await _unbound.CancelAsync();
            await inner.UnbindAsync(cancellationToken);
        }

        public async ValueTask DisposeAsync()
        {
            await inner.DisposeAsync();
            _unbound.Dispose();
        }
    }
}
