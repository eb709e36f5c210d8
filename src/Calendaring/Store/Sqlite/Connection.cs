using System.Diagnostics.CodeAnalysis;
using SQLitePCL;

namespace Calendaring.Store.Sqlite;

/// <summary>A thin connection over the SQLite library with its prepared statements. Used by one thread at a time.</summary>
internal sealed class Connection : IDisposable
{
    private const int BusyMilliseconds = 5_000;

    /// <summary>Bytes for the pages that all connections together keep in memory; at the limit a connection takes the place of a page of its own for the next.</summary>
    private const long PageMemory = 8 << 20;

    private readonly sqlite3 _handle;
    private readonly string _folder;
    private Statement?[] _idle = new Statement?[64];
    private bool _closed;

    static Connection()
    {
        Batteries_V2.Init();
        _ = raw.sqlite3_soft_heap_limit64(PageMemory);
    }

    private Connection(sqlite3 handle, string folder)
    {
        _handle = handle;
        _folder = folder;
    }

    /// <summary>Statements that have been taken and not given back.</summary>
    public int Busy { get; private set; }

    /// <summary>Opens a database file. Readers cannot write.</summary>
    public static Connection Open(string path, bool writable, bool create = false)
    {
        var flags = raw.SQLITE_OPEN_NOMUTEX | (writable ? raw.SQLITE_OPEN_READWRITE : raw.SQLITE_OPEN_READONLY) | (create ? raw.SQLITE_OPEN_CREATE : 0);
        var code = raw.sqlite3_open_v2(path, out var handle, flags, null);
        var connection = new Connection(handle, Path.GetDirectoryName(Path.GetFullPath(path))!);
        try
        {
            connection.Check(code);
            connection.Check(raw.sqlite3_extended_result_codes(handle, 1));
            connection.Check(raw.sqlite3_busy_timeout(handle, BusyMilliseconds));
            connection.Execute("PRAGMA foreign_keys = ON; PRAGMA temp_store = MEMORY; PRAGMA trusted_schema = OFF");
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>Runs SQL text of several statements, without results.</summary>
    public void Execute(string text)
    {
        var code = raw.sqlite3_exec(_handle, text);
        if (code != raw.SQLITE_OK) throw Failure(raw.sqlite3_extended_errcode(_handle));
    }

    /// <summary>The first column of every row, as text. For pragmas and checks.</summary>
    public List<string> Read(string text)
    {
        using var statement = Prepare(new ReadOnlySpan<byte>(System.Text.Encoding.UTF8.GetBytes(text)));
        var rows = new List<string>();
        int code;
        while ((code = raw.sqlite3_step(statement)) == raw.SQLITE_ROW) rows.Add(raw.sqlite3_column_text(statement, 0).utf8_to_string() ?? string.Empty);
        if (code != raw.SQLITE_DONE) throw Failure(code);
        return rows;
    }

    /// <summary>The first column of the first row, as a number.</summary>
    public long ReadNumber(string text) => long.Parse(Read(text)[0], System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>Takes a statement, prepared once for this connection. A statement that is in use already is prepared again.</summary>
    public Statement Take(Sql sql)
    {
        if (sql.Number >= _idle.Length) Array.Resize(ref _idle, sql.Number * 2);
        var statement = _idle[sql.Number];
        if (statement is null) statement = new Statement(this, sql, Prepare(sql.Text));
        else _idle[sql.Number] = null;
        Busy++;
        return statement.Taken();
    }

    /// <summary>Runs a statement without parameters and results.</summary>
    public void Run(Sql sql) => Take(sql).Run();

    public long LastId => raw.sqlite3_last_insert_rowid(_handle);

    public int Changes => raw.sqlite3_changes(_handle);

    public bool InTransaction => raw.sqlite3_get_autocommit(_handle) == 0;

    /// <summary>Pages written to the log by this connection since it was last asked.</summary>
    public int TakePagesWritten()
    {
        const int pagesWritten = 9; // SQLITE_DBSTATUS_CACHE_WRITE
        return raw.sqlite3_db_status(_handle, pagesWritten, out var pages, out _, 1) == raw.SQLITE_OK ? pages : 0;
    }

    /// <summary>Copies committed pages from the log to the file, as far as readers allow; waits for nobody and nobody waits for it.</summary>
    public void Checkpoint() => _ = raw.sqlite3_wal_checkpoint_v2(_handle, "main", raw.SQLITE_CHECKPOINT_PASSIVE, out _, out _);

    /// <summary>Copies what is left in the log and waits for the readers that stand in it, so that the next commit begins it again; false when they are there for longer.</summary>
    public bool TryBeginLogAnew(int milliseconds)
    {
        _ = raw.sqlite3_busy_timeout(_handle, milliseconds);
        var code = raw.sqlite3_wal_checkpoint_v2(_handle, "main", raw.SQLITE_CHECKPOINT_RESTART, out _, out _);
        _ = raw.sqlite3_busy_timeout(_handle, BusyMilliseconds);
        return code == raw.SQLITE_OK;
    }

    /// <summary>Copies the whole log and makes its file empty; false when a reader stands in it for longer than is waited.</summary>
    public bool TryEmptyLog(int milliseconds)
    {
        _ = raw.sqlite3_busy_timeout(_handle, milliseconds);
        var code = raw.sqlite3_wal_checkpoint_v2(_handle, "main", raw.SQLITE_CHECKPOINT_TRUNCATE, out _, out _);
        _ = raw.sqlite3_busy_timeout(_handle, BusyMilliseconds);
        return code == raw.SQLITE_OK;
    }

    /// <summary>Ends the statement that runs, on whatever thread: it fails.</summary>
    public void Interrupt() => raw.sqlite3_interrupt(_handle);

    public void Dispose()
    {
        if (_closed) return;
        _closed = true;
        foreach (var statement in _idle) statement?.Close();
        _ = raw.sqlite3_close_v2(_handle);
        _handle.Dispose();
    }

    internal void GiveBack(Statement statement)
    {
        Busy--;
        ref var place = ref _idle[statement.Sql.Number];
        if (_closed || place is not null) statement.Close();
        else place = statement;
    }

    internal void Check(int code)
    {
        if (code != raw.SQLITE_OK) throw Failure(code);
    }

    /// <summary>The exception for a result code; the text names no content. What only a fault of the program brings about is no failure of the disk.</summary>
    internal Exception Failure(int code)
    {
        var reason = $"{raw.sqlite3_errstr(code).utf8_to_string()} (SQLite result {code})";
        if ((code & 0xff) is raw.SQLITE_CONSTRAINT or raw.SQLITE_MISMATCH or raw.SQLITE_MISUSE or raw.SQLITE_RANGE or raw.SQLITE_TOOBIG)
            return new InvalidOperationException($"The database was used wrongly: {reason}.");
        return new StoreException(IsFull(code) ? StoreFailureKind.NoSpace : StoreFailureKind.Unavailable, $"The database cannot be used: {reason}.", code: code);
    }

    /// <summary>SQLite says FULL for a failed write of data; a log index that could not be made longer says IOERR.</summary>
    [SuppressMessage("Design", "CA1031:Do not catch general exception types", Justification = "The free space is a hint only.")]
    private bool IsFull(int code)
    {
        if ((code & 0xff) == raw.SQLITE_FULL) return true;
        if ((code & 0xff) != raw.SQLITE_IOERR) return false;
        try
        {
            return new DriveInfo(_folder).AvailableFreeSpace < 64 * 1024;
        }
        catch (Exception)
        {
            return false;
        }
    }

    private sqlite3_stmt Prepare(ReadOnlySpan<byte> text)
    {
        const uint persistent = 1;
        var code = raw.sqlite3_prepare_v3(_handle, text, persistent, out var statement);
        if (code == raw.SQLITE_OK) return statement;
        throw Failure(code);
    }
}
