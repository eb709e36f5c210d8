using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Threading.Channels;
using NodaTime;

namespace Calendaring.Store.Sqlite;

/// <summary>
/// The one thread that writes. It takes what has queued up, applies it in one transaction with a savepoint for each batch, commits once (one fsync) and then acknowledges all:
/// while one group is on its way to the disk the next gathers.
/// </summary>
internal sealed class Writer : IDisposable
{
    private const long PageSize = 4096;

    private static readonly Sql Begin = new("BEGIN IMMEDIATE");
    private static readonly Sql Commit = new("COMMIT");

    private readonly string _path;
    private readonly IClock _clock;
    private readonly SqliteStoreOptions _options;
    private readonly Moments _moments;
    private readonly LogCopier _copier;
    private readonly Action<ChangeNotice> _notify;
    private readonly StoreMeter _meter;
    private readonly ReaderPool _readers;
    private readonly Channel<QueuedBatch> _queue;
    private readonly Thread _thread;
    private readonly List<QueuedBatch> _group = [];
    private readonly List<BatchOutcome> _outcomes = [];
    private Connection? _connection;
    private long _commits;

    public Writer(string path, Connection connection, IClock clock, SqliteStoreOptions options, Moments moments, ReaderPool readers, StoreMeter meter, Action<ChangeNotice> notify)
    {
        _path = path;
        _connection = connection;
        _clock = clock;
        _options = options;
        _moments = moments;
        _readers = readers;
        _copier = new LogCopier(path, readers);
        _notify = notify;
        _meter = meter;
        _queue = Channel.CreateBounded<QueuedBatch>(new BoundedChannelOptions(options.QueueLength) { SingleReader = true });
        _thread = new Thread(Run) { IsBackground = true, Name = "store writer" };
        _thread.Start();
    }

    /// <summary>Transactions committed since the start.</summary>
    public long Commits => Interlocked.Read(ref _commits);

    /// <summary>Batches that wait.</summary>
    public int Waiting => _queue.Reader.Count;

    /// <summary>Hands a batch to the writer; waits for a place in the queue when it is full.</summary>
    public async ValueTask<BatchOutcome> ApplyAsync(StoreBatch batch, CancellationToken cancellationToken)
    {
        var queued = new QueuedBatch(batch);
        if (!_queue.Writer.TryWrite(queued))
        {
            try
            {
                await _queue.Writer.WriteAsync(queued, cancellationToken);
            }
            catch (ChannelClosedException)
            {
                throw new ObjectDisposedException(nameof(SqliteStore));
            }
        }
        return await queued.Task.WaitAsync(cancellationToken);
    }

    /// <summary>Writes what is queued, then ends.</summary>
    public void Dispose()
    {
        _queue.Writer.TryComplete();
        _thread.Join();
        _copier.Stop();
        _connection?.Dispose();
    }

    private void Run()
    {
        var queue = _queue.Reader;
        while (queue.WaitToReadAsync().AsTask().GetAwaiter().GetResult())
        {
            while (Gather(queue))
            {
                Write(_group);
                if (_connection is { } connection) _copier.Follow(connection);
            }
        }
    }

    private bool Gather(ChannelReader<QueuedBatch> queue)
    {
        _group.Clear();
        var size = 0L;
        while (_group.Count < _options.GroupLength && size < _options.GroupSize && queue.TryRead(out var queued))
        {
            _group.Add(queued);
            size += queued.Size;
        }
        return _group.Count > 0;
    }

    /// <summary>
    /// Writes a group. When it does not fit on the disk as a whole, or one of its batches is not as the contract asks, each batch is tried alone, so that none fails for another.
    /// </summary>
    [SuppressMessage("Design", "CA1031:Do not catch general exception types", Justification = "The exception goes to the caller whose batch it is; the writer goes on.")]
    private void Write(List<QueuedBatch> group)
    {
        try
        {
            if (group is [{ Batch: var only }] && ReferenceEquals(only, DeletedPurge.Batch)) PurgeNow(group[0]);
            else if (group.Exists(queued => ReferenceEquals(queued.Batch, DeletedPurge.Batch))) foreach (var queued in group.ToArray()) Write([queued]);
            else CommitGroup(group);
        }
        catch (StoreException e) when (e.Kind == StoreFailureKind.Unavailable || group.Count == 1)
        {
            Recover(reopen: true);
            foreach (var queued in group) End(queued, new BatchOutcome(new StoreFailure(e.Kind, 0, Code: e.Code), [], []));
        }
        catch (Exception e)
        {
            Recover(reopen: e is InvalidOperationException);
            if (group.Count == 1) group[0].TrySetException(e);
            else foreach (var queued in group.ToArray()) Write([queued]);
        }
    }

    private void CommitGroup(List<QueuedBatch> group)
    {
        var began = Stopwatch.GetTimestamp();
        var connection = _connection ??= OpenConnection(_path, _options.MaximumSize);
        connection.Run(Begin);
        var transaction = new WriteTransaction(connection, _moments.Current, _clock.GetCurrentInstant());
        _outcomes.Clear();
        foreach (var queued in group) _outcomes.Add(transaction.Apply(queued.Batch));
        if (transaction.HasChanges)
        {
            var catalog = transaction.Finish();
            _moments.Announce(catalog);
            connection.Run(Commit);
            _moments.Publish(catalog);
            Interlocked.Increment(ref _commits);
            _meter.Committed(began, group.Count);
        }
        else
        {
            Recover(reopen: false);
        }
        for (var i = 0; i < group.Count; i++) End(group[i], _outcomes[i]);
        if (!transaction.HasChanges) return;
        foreach (var notice in transaction.Notices) _notify(notice);
    }

    private void PurgeNow(QueuedBatch queued)
    {
        _copier.Stop();
        var failure = DeletedPurge.Run(_connection ??= OpenConnection(_path, _options.MaximumSize), _readers);
        End(queued, new BatchOutcome(failure, [], []));
    }

    private void End(QueuedBatch queued, BatchOutcome outcome)
    {
        if (outcome.Failure is { } failure) _meter.Failed(failure.Kind);
        queued.TrySetResult(outcome);
    }

    /// <summary>Ends a transaction that is not to be. A connection that met an I/O error is opened again: it may be the file that came back, not the handle.</summary>
    private void Recover(bool reopen)
    {
        if (_connection is not { } connection) return;
        try
        {
            if (connection.InTransaction) connection.Execute("ROLLBACK");
        }
        catch (Exception e) when (e is StoreException or InvalidOperationException)
        {
            reopen = true;
        }
        if (!reopen) return;
        connection.Dispose();
        _connection = null;
    }

    /// <summary>Opens the writing connection: every commit reaches the disk before it is acknowledged.</summary>
    public static Connection OpenConnection(string path, long? maximumSize, bool create = false)
    {
        var connection = Connection.Open(path, writable: true, create);
        try
        {
            connection.Execute("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 0; PRAGMA cache_size = -32000; PRAGMA journal_size_limit = 67108864");
            if (maximumSize is { } size) connection.Execute($"PRAGMA max_page_count = {Math.Max(1, size / PageSize)}");
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }
}
