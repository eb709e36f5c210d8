using System.Diagnostics;

namespace CalDavServer.Dav.Xml;

/// <summary>
/// The way of a long answer to its client. A client that reads slowly must not keep a snapshot, of which there are few: what it has not taken yet is kept in
/// memory within a budget that all answers share. Beyond that it is waited for, by some answers at once and for a bounded time.
/// </summary>
internal sealed class Sending(HttpResponse response) : IDisposable
{
    private const int MaxKept = 8 * 1024 * 1024;
    private const long MaxKeptByAll = 128 * 1024 * 1024;
    private const int MaxWaiting = 32;

    private static readonly SemaphoreSlim Waiting = new(MaxWaiting);
    private static long _keptByAll;

    private TimeSpan _patience = TimeSpan.FromSeconds(60);
    private Task _flush = Task.CompletedTask;
    private long _unsent;
    private long _kept;

    /// <summary>Whether the client is behind and there is room to keep what is written meanwhile.</summary>
    /// <param name="octets">How many octets are written and not yet handed over.</param>
    public bool TryKeep(int octets)
    {
        if (_flush.IsCompleted || octets > MaxKept) return false;
        var more = _unsent + octets - _kept;
        if (Interlocked.Add(ref _keptByAll, more) > MaxKeptByAll)
        {
            Interlocked.Add(ref _keptByAll, -more);
            return false;
        }

        _kept += more;
        return true;
    }

    /// <summary>Waits until what was handed over is on its way.</summary>
    /// <exception cref="SlowClientException">The client has not taken it in time, or too many others are waited for.</exception>
    public async ValueTask WaitAsync(CancellationToken cancellationToken)
    {
        if (_flush.IsCompleted)
        {
            await EndAsync();
            return;
        }

        if (!Waiting.Wait(0, CancellationToken.None)) throw new SlowClientException();
        var since = Stopwatch.GetTimestamp();
        try
        {
            await _flush.WaitAsync(_patience, cancellationToken);
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
        await EndAsync();
    }

    /// <summary>Waits for as long as the server's least rate allows: for when nothing is held any more.</summary>
    public async ValueTask EndAsync()
    {
        await _flush;
        _unsent = 0;
        Forget();
    }

    /// <summary>Hands octets over, after a wait for the ones before.</summary>
    public void Start(ReadOnlyMemory<byte> octets, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        _unsent = octets.Length;
        // in one piece: the octets are copied before the call returns
        var flush = response.BodyWriter.WriteAsync(octets, cancellationToken);
        _flush = flush.IsCompletedSuccessfully ? Task.CompletedTask : flush.AsTask();
    }

    public void Dispose() => Forget();

    private void Forget()
    {
        Interlocked.Add(ref _keptByAll, -_kept);
        _kept = 0;
    }
}

/// <summary>A client reads so slowly that its answer is given up.</summary>
internal sealed class SlowClientException() : Exception("The client reads its answer too slowly.");
