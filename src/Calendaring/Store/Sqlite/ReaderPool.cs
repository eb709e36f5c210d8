namespace Calendaring.Store.Sqlite;

/// <summary>Readers, made as they are needed, at most as many as the options say. The one used last is taken first: its pages are in memory and it may still stand at the newest moment.</summary>
/// <param name="path">The database file.</param>
/// <param name="limit">Readers at most.</param>
/// <param name="patience">How long a caller waits for a place at most.</param>
/// <param name="moments">The moments at which readers stand.</param>
internal sealed class ReaderPool(string path, int limit, TimeSpan patience, Moments moments) : IDisposable
{
    private readonly Lock _gate = new();
    private readonly Stack<Reader> _idle = new();
    private readonly SemaphoreSlim _places = new(limit);
    private int _waiting;
    private volatile bool _letGo;
    private volatile bool _closed;

    /// <summary>Whether readers let go of their moments as soon as they are given back, rather than keep them for the next request.</summary>
    public bool LetGo
    {
        get => _letGo;
        set => _letGo = value;
    }

    /// <summary>Readers that are taken.</summary>
    public int Taken => limit - _places.CurrentCount;

    /// <summary>Callers that wait for one.</summary>
    public int Waiting => Volatile.Read(ref _waiting);

    /// <summary>Makes the first reader at once. While one is open, the writer's connection is never the last: it can be closed and opened again without the log being taken away under a failing disk.</summary>
    public void MakeFirst()
    {
        var first = new Reader(Connection.Open(path, writable: false));
        first.Advance(moments);
        first.Release();
        _idle.Push(first);
    }

    /// <summary>A reader at the newest moment.</summary>
    /// <exception cref="StoreException">Busy: no place became free in time.</exception>
    public ValueTask<Reader> TakeAsync(CancellationToken cancellationToken)
    {
        ObjectDisposedException.ThrowIf(_closed, nameof(SqliteStore));
        return _places.Wait(0, cancellationToken) ? ValueTask.FromResult(TakeNow()) : TakeLaterAsync(cancellationToken);
    }

    public void GiveBack(Reader reader)
    {
        if (!IsKept(reader)) reader.Dispose();
        _places.Release();
    }

    /// <summary>Idle readers let go of their moments. None is missed in the meantime: a request that comes waits for this rather than make one more.</summary>
    public void ReleaseIdle()
    {
        lock (_gate)
        {
            var readers = _idle.ToArray();
            _idle.Clear();
            for (var i = readers.Length - 1; i >= 0; i--)
            {
                if (TryRelease(readers[i])) _idle.Push(readers[i]);
                else readers[i].Dispose();
            }
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _closed = true;
            while (_idle.TryPop(out var reader)) reader.Dispose();
        }
    }

    private bool IsKept(Reader reader)
    {
        if (reader.Connection.Busy > 0) return false;
        lock (_gate)
        {
            if (_closed || (_letGo && !TryRelease(reader))) return false;
            _idle.Push(reader);
            return true;
        }
    }

    private static bool TryRelease(Reader reader)
    {
        try
        {
            reader.Release();
            return true;
        }
        catch (StoreException)
        {
            return false;
        }
    }

    private async ValueTask<Reader> TakeLaterAsync(CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _waiting);
        try
        {
            if (!await _places.WaitAsync(patience, cancellationToken)) throw new StoreException(StoreFailureKind.Busy, "Too many readers use the store at once.");
        }
        finally
        {
            Interlocked.Decrement(ref _waiting);
        }

        return TakeNow();
    }

    private Reader TakeNow()
    {
        Reader? reader = null;
        try
        {
            lock (_gate) _idle.TryPop(out reader);
            reader ??= new Reader(Connection.Open(path, writable: false));
            reader.Advance(moments);
            return reader;
        }
        catch
        {
            reader?.Dispose();
            _places.Release();
            throw;
        }
    }
}
