using System.Collections.Concurrent;

namespace Calendaring.Store.Sqlite;

/// <summary>Readers, made as they are needed, at most as many as the options say. The one used last is taken first: its pages are in memory and it may still stand at the newest moment.</summary>
internal sealed class ReaderPool(string path, int limit, Moments moments) : IDisposable
{
    private readonly ConcurrentStack<Reader> _idle = new();
    private readonly SemaphoreSlim _places = new(limit);
    private volatile bool _closed;

    /// <summary>Makes the first reader at once. While one is open, the writer's connection is never the last: it can be closed and opened again without the log being taken away under a failing disk.</summary>
    public void MakeFirst()
    {
        var first = new Reader(Connection.Open(path, writable: false));
        first.Advance(moments);
        first.Release();
        _idle.Push(first);
    }

    /// <summary>A reader at the newest moment.</summary>
    public ValueTask<Reader> TakeAsync(CancellationToken cancellationToken)
    {
        ObjectDisposedException.ThrowIf(_closed, nameof(SqliteStore));
        return _places.Wait(0, cancellationToken) ? ValueTask.FromResult(TakeNow()) : TakeLaterAsync(cancellationToken);
    }

    public void GiveBack(Reader reader)
    {
        if (reader.Connection.Busy > 0 || _closed) reader.Dispose();
        else _idle.Push(reader);
        _places.Release();
    }

    /// <summary>Idle readers let go of their moments.</summary>
    public void ReleaseIdle()
    {
        var readers = new List<Reader>();
        while (_idle.TryPop(out var reader)) readers.Add(reader);
        for (var i = readers.Count - 1; i >= 0; i--)
        {
            try
            {
                readers[i].Release();
                _idle.Push(readers[i]);
            }
            catch (StoreException)
            {
                readers[i].Dispose();
            }
        }
    }

    public void Dispose()
    {
        _closed = true;
        while (_idle.TryPop(out var reader)) reader.Dispose();
    }

    private async ValueTask<Reader> TakeLaterAsync(CancellationToken cancellationToken)
    {
        await _places.WaitAsync(cancellationToken);
        return TakeNow();
    }

    private Reader TakeNow()
    {
        Reader? reader = null;
        try
        {
            if (!_idle.TryPop(out reader)) reader = new Reader(Connection.Open(path, writable: false));
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
