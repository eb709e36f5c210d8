using System.Net.Sockets;
using Microsoft.Extensions.ObjectPool;

namespace CalDavServer.Http.Connections;

/// <summary>
/// Waits until a connection says something. Used again for one connection after the other: thousands may come and go each second without a word, and what is made for each of them stops everybody when it is
/// collected. For the same reason their end is no exception.
/// </summary>
internal sealed class FirstWord : SocketAsyncEventArgs
{
    private const int Kept = 1024;
    private static readonly ObjectPool<FirstWord> Pool = new DefaultObjectPool<FirstWord>(new DefaultPooledObjectPolicy<FirstWord>(), Kept);

    private OpenConnection? _open;
    private Action<OpenConnection, bool>? _heard;

    /// <summary>One that waits for nothing.</summary>
    public FirstWord()
        : base(true)
    {
        SetBuffer(Memory<byte>.Empty);
    }

    /// <summary>Tells when the connection has said something, which is left for the web server, or has ended. Fails when it is closed already.</summary>
    public static void Await(OpenConnection open, Action<OpenConnection, bool> heard)
    {
        var word = Pool.Get();
        (word._open, word._heard) = (open, heard);
        try
        {
            if (!open.Socket.ReceiveAsync(word)) word.Tell();
        }
        catch (ObjectDisposedException)
        {
            word.Return();
            throw;
        }
    }

    /// <inheritdoc/>
    protected override void OnCompleted(SocketAsyncEventArgs e) => Tell();

    private void Tell()
    {
        var (open, heard, said) = (_open!, _heard!, SocketError == SocketError.Success);
        Return();
        heard(open, said);
    }

    private void Return()
    {
        (_open, _heard) = (null, null);
        Pool.Return(this);
    }
}
