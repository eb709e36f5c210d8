using System.Buffers;
using System.Diagnostics;
using System.IO.Pipelines;
using CalDavServer.Http;
using CalDavServer.Http.Fairness;

namespace CalDavServer.Dav.Xml;

/// <summary>
/// The way of a long answer to its client, piece by piece. A client that reads slowly must not keep a snapshot, of which there are few: the pieces it has not taken yet are kept in
/// memory within a budget that all answers share. Beyond that it is waited for, by some answers at once and for a bounded time.
/// </summary>
internal sealed class Sending(HttpResponse response, CancellationToken cancelled, TimeSpan? longestPiece = null) : IDisposable
{
    private const long MaxKept = 8 * 1024 * 1024;
    private const long MaxKeptByAll = 128 * 1024 * 1024;
    private const int MaxWaiting = 32;

    // a client that reads is a moment behind: it needs none of the places of those that are waited for
    private static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(250);

    // of a piece, when the buffers before the network are full: a client that takes less than a kilobyte in a second is not waited for
    private static readonly TimeSpan LongestPiece = TimeSpan.FromSeconds(30);

    private static readonly SemaphoreSlim Waiting = new(MaxWaiting);
    private static long _keptByAll;

    private readonly WorkTurn? _turn = response.HttpContext.Features.Get<WorkTurn>();
    private readonly Lock _gate = new();
    private readonly Queue<(byte[] Buffer, int Length)> _pieces = new();
    private TimeSpan _patience = TimeSpan.FromSeconds(60);
    private Task _going = Task.CompletedTask;
    private bool _isGoing;
    private bool _ended;
    private long _kept;

    /// <summary>Whether there is room to keep a piece until the client takes it.</summary>
    public bool HasRoomFor(int bytes)
    {
        if (_going.IsCompleted) return true;
        return Interlocked.Read(ref _kept) + bytes <= MaxKept && Interlocked.Read(ref _keptByAll) + bytes <= MaxKeptByAll;
    }

    /// <summary>Waits until all pieces are on their way.</summary>
    /// <exception cref="SlowClientException">The client has not taken them in time, or too many others are waited for.</exception>
    public async ValueTask WaitAsync()
    {
        _turn?.Pause();
        await WaitForClientAsync();
        if (_turn is not null) await _turn.ResumeAsync(cancelled);
    }

    /// <summary>Waits until the last piece is on its way: for when nothing is held any more.</summary>
    /// <exception cref="SlowClientException">The client reads too slowly, or not at all.</exception>
    public Task EndAsync()
    {
        _turn?.Pause();
        return _going;
    }

    /// <summary>Takes over a piece in a buffer of the shared pool, and sends it after those before. What befell one of those befalls the caller.</summary>
    public void Take(byte[] buffer, int length)
    {
        cancelled.ThrowIfCancellationRequested();
        if (_going.IsFaulted) _going.GetAwaiter().GetResult();
        lock (_gate)
        {
            _pieces.Enqueue((buffer, length));
            Count(length);
            if (_isGoing) return;
            _isGoing = true;
        }

        _going = SendAsync();
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _ended = true;
            while (_pieces.TryDequeue(out var piece)) GiveBack(piece);
        }
    }

    private async Task SendAsync()
    {
        while (true)
        {
            ValueTask<FlushResult> flush;
            lock (_gate)
            {
                if (_ended || !_pieces.TryDequeue(out var piece))
                {
                    _isGoing = false;
                    return;
                }

                // the bytes are copied before the call returns
                try
                {
                    flush = response.BodyWriter.WriteAsync(piece.Buffer.AsMemory(0, piece.Length), cancelled);
                }
                finally
                {
                    GiveBack(piece);
                }
            }

            if (flush.IsCompleted) await flush;
            else await InTimeAsync(flush.AsTask());
        }
    }

    private async ValueTask WaitForClientAsync()
    {
        if (await IsSentSoonAsync()) return;
        if (!Waiting.Wait(0, CancellationToken.None)) throw new SlowClientException();
        var since = Stopwatch.GetTimestamp();
        try
        {
            await _going.WaitAsync(_patience, cancelled);
        }
        catch (TimeoutException)
        {
            throw new SlowClientException();
        }
        finally
        {
            Waiting.Release();
        }

        var left = _patience - Stopwatch.GetElapsedTime(since);
        _patience = left > TimeSpan.Zero ? left : TimeSpan.Zero;
    }

    private async ValueTask<bool> IsSentSoonAsync()
    {
        await Task.WhenAny(_going, Task.Delay(Moment, cancelled));
        if (_going.IsCompleted) await _going;
        return _going.IsCompleted;
    }

    private async Task InTimeAsync(Task flush)
    {
        try
        {
            await flush.WaitAsync(longestPiece ?? LongestPiece, cancelled);
        }
        catch (TimeoutException)
        {
            throw new SlowClientException();
        }
    }

    private void GiveBack((byte[] Buffer, int Length) piece)
    {
        ArrayPool<byte>.Shared.Return(piece.Buffer);
        Count(-piece.Length);
    }

    private void Count(int bytes)
    {
        Interlocked.Add(ref _kept, bytes);
        Interlocked.Add(ref _keptByAll, bytes);
    }
}
