using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using NodaTime;

namespace Calendaring.Store.Sqlite;

/// <summary>
/// The store in one SQLite file (with its log beside it). One writer commits groups of batches with <c>synchronous=FULL</c>; readers stand at one commit each and never wait for it.
/// Storing an object again with the same bytes keeps its ETag and is a change like any other: it gets a new change number.
/// </summary>
public sealed class SqliteStore : ICalendarStore, IStoreMaintenance
{
    private readonly string _path;
    private readonly IClock _clock;
    private readonly SqliteStoreOptions _options;
    private readonly DataLock _lock;
    private readonly Moments _moments;
    private readonly ReaderPool _readers;
    private readonly Writer _writer;
    private readonly StoreMeter _meter;
    private readonly ObjectCache _cache;
    private readonly Listings _listings;
    private readonly RecentChanges _recent = new();
    private readonly ITimer _housekeeping;
    private readonly ConcurrentDictionary<(string PrincipalId, string CredentialId), CredentialUse> _uses = new();
    private ImmutableArray<Action<ChangeNotice>> _listeners = [];
    private int _disposed;

    private SqliteStore(string path, IClock clock, SqliteStoreOptions options, DataLock dataLock, Connection connection, bool wasChecked)
    {
        _path = path;
        _clock = clock;
        _options = options;
        _lock = dataLock;
        WasCheckedAtStart = wasChecked;
        _moments = new Moments(CatalogTables.Read(connection));
        _cache = new ObjectCache(options.CacheSize);
        _listings = new Listings(options.ListingsSize);
        _readers = new ReaderPool(path, options.Readers, options.ReaderPatience.ToTimeSpan(), _moments);
        _readers.MakeFirst();
        _meter = new StoreMeter(this);
        _writer = new Writer(path, connection, clock, options, _moments, _readers, _meter, Notify);
        _meter.Watch(_writer, _readers, path);
        var interval = options.HousekeepingInterval.ToTimeSpan();
        _housekeeping = TimeProvider.System.CreateTimer(static store => _ = ((SqliteStore)store!).DoHousekeepingAsync(), this, interval, interval);
    }

    /// <summary>Whether the structure of the whole file was checked when it was opened; not so for a file larger than <see cref="SqliteStoreOptions.QuickCheckSize"/>.</summary>
    public bool WasCheckedAtStart { get; }

    /// <summary>Transactions committed since the store was opened: batches share them.</summary>
    public long Commits => _writer.Commits;

    /// <summary>Opens a store, making its file when there is none; the folder must exist.</summary>
    /// <param name="path">The database file.</param>
    /// <param name="clock">The current time, for Created, Modified and the age of tombstones.</param>
    /// <param name="options">How it works; null for the defaults.</param>
    /// <exception cref="StoreException">The file is in use, damaged, of another program or of a later version, or the disk cannot be written to.</exception>
    public static Task<SqliteStore> OpenAsync(string path, IClock clock, SqliteStoreOptions? options = null) =>
        Task.Run(() => Open(Path.GetFullPath(path), clock, options ?? new SqliteStoreOptions()));

    /// <inheritdoc/>
    public ValueTask<IStoreSnapshot> OpenSnapshotAsync(CancellationToken cancellationToken = default)
    {
        var taking = _readers.TakeAsync(cancellationToken);
        return taking.IsCompletedSuccessfully ? new(Snapshot(taking.Result, cancellationToken)) : WaitAsync(taking, cancellationToken);
    }

    /// <inheritdoc/>
    public ValueTask<BatchOutcome> ApplyAsync(StoreBatch batch, CancellationToken cancellationToken = default) => _writer.ApplyAsync(batch, cancellationToken);

    /// <inheritdoc/>
    public void NoteUse(CredentialUse use) => _uses[(use.PrincipalId, use.CredentialId)] = use;

    /// <inheritdoc/>
    public CredentialUse? FindNotedUse(string principalId, string credentialId) => _uses.TryGetValue((principalId, credentialId), out var use) ? use : null;

    /// <inheritdoc/>
    public IDisposable Subscribe(Action<ChangeNotice> listener)
    {
        ImmutableInterlocked.Update(ref _listeners, static (all, added) => all.Add(added), listener);
        return new Subscription(this, listener);
    }

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<string>> CheckAsync(IProgress<double>? progress = null, CancellationToken cancellationToken = default)
    {
        ObjectDisposedException.ThrowIf(_disposed != 0, this);
        return await Task.Run(() => Check(progress ?? new Progress<double>(), cancellationToken), cancellationToken);
    }

    /// <summary>Checks a file that nobody has open, e.g. a copy, without changing it.</summary>
    /// <exception cref="StoreException">It cannot be opened, or is no database.</exception>
    public static Task<IReadOnlyList<string>> CheckFileAsync(string path, IProgress<double> progress, CancellationToken cancellationToken = default) =>
        Task.Run(
            () =>
            {
                using var connection = Connection.Open(path, writable: false);
                return new IntegrityCheck(connection, CatalogTables.Read(connection)).Run(progress, cancellationToken);
            },
            cancellationToken);

    /// <summary>
    /// Ends every sync token that was given out for a file: each home and collection begins a new life. A copy that takes the place of a newer database counts its changes from an earlier number again,
    /// and a token from before would be taken for one of the same number.
    /// </summary>
    /// <exception cref="StoreException">The file cannot be written.</exception>
    public static Task EndSyncTokensAsync(string path) =>
        Task.Run(() =>
        {
            using var connection = Connection.Open(path, writable: true);
            connection.Execute("BEGIN; UPDATE homes SET incarnation = lower(hex(randomblob(8))); UPDATE collections SET incarnation = lower(hex(randomblob(8))); COMMIT");
        });

    /// <summary>Keeps every store from a file, as an open store does, until it is disposed.</summary>
    /// <exception cref="StoreException">The file is in use.</exception>
    public static IDisposable KeepClosed(string path) => DataLock.Take(path);

    /// <inheritdoc/>
    public Task BackupAsync(string path, IProgress<double>? progress = null, CancellationToken cancellationToken = default) =>
        Task.Run(() => Backup.Write(_path, Path.GetFullPath(path), progress, cancellationToken), cancellationToken);

    /// <inheritdoc/>
    public async ValueTask<BatchOutcome> PurgeDeletedAsync(CancellationToken cancellationToken = default)
    {
        await WriteUsesAsync();
        return await _writer.ApplyAsync(DeletedPurge.Batch, cancellationToken);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0) return;
        await _housekeeping.DisposeAsync();
        await WriteUsesAsync();
        _meter.Dispose();
        await Task.Run(() =>
        {
            _readers.Dispose();
            _writer.Dispose();
            _lock.Dispose();
        });
    }

    /// <summary>Writes noted uses and sweeps old tombstones; otherwise done now and then by itself.</summary>
    internal async Task DoHousekeepingAsync()
    {
        try
        {
            await WriteUsesAsync();
            await _writer.ApplyAsync(StoreBatch.Of(new SweepTombstones(_clock.GetCurrentInstant() - _options.TombstoneLifetime)), CancellationToken.None);
        }
        catch (ObjectDisposedException)
        {
            // the store was closed in the meantime
        }
    }

    private async Task WriteUsesAsync()
    {
        var uses = new List<CredentialUse>();
        foreach (var key in _uses.Keys)
        {
            if (_uses.TryRemove(key, out var use)) uses.Add(use);
        }
        if (uses.Count > 0) await _writer.ApplyAsync(StoreBatch.Of(new WriteUses(uses)), CancellationToken.None);
    }

    /// <summary>A reader of its own has no pages in memory: what is checked is what is on the disk.</summary>
    private IReadOnlyList<string> Check(IProgress<double> progress, CancellationToken cancellationToken)
    {
        using var reader = new Reader(Connection.Open(_path, writable: false));
        reader.Advance(_moments);
        return new IntegrityCheck(reader.Connection, reader.Catalog!).Run(progress, cancellationToken);
    }

    private async ValueTask<IStoreSnapshot> WaitAsync(ValueTask<Reader> taking, CancellationToken cancelled) => Snapshot(await taking, cancelled);

    private Snapshot Snapshot(Reader reader, CancellationToken cancelled) => new(reader, _readers, _cache, _listings, _recent, cancelled);

    [SuppressMessage("Design", "CA1031:Do not catch general exception types", Justification = "A listener's fault is not the writer's.")]
    private void Notify(ChangeNotice notice)
    {
        foreach (var listener in _listeners)
        {
            try
            {
                listener(notice);
            }
            catch (Exception)
            {
                // a notice is a hint: whoever loses it reads the change number later
            }
        }
    }

    private static SqliteStore Open(string path, IClock clock, SqliteStoreOptions options)
    {
        var dataLock = DataLock.Take(path);
        Connection? connection = null;
        try
        {
            connection = Writer.OpenConnection(path, options.MaximumSize, create: true);
            var wasChecked = CheckAtStart(path, connection, options);
            Schema.Migrate(connection);
            return new SqliteStore(path, clock, options, dataLock, connection, wasChecked);
        }
        catch
        {
            connection?.Dispose();
            dataLock.Dispose();
            throw;
        }
    }

    private static bool CheckAtStart(string path, Connection connection, SqliteStoreOptions options)
    {
        if (new FileInfo(path).Length > options.QuickCheckSize) return false;
        if (connection.Read("PRAGMA quick_check(1)") is [not "ok", ..])
            throw new StoreException(StoreFailureKind.Unavailable, "The database file is damaged: its structure is not whole. Restore a backup, or recover it with the sqlite3 tool.");
        return true;
    }

    private sealed class Subscription(SqliteStore store, Action<ChangeNotice> listener) : IDisposable
    {
        public void Dispose() => ImmutableInterlocked.Update(ref store._listeners, static (all, removed) => all.Remove(removed), listener);
    }
}
