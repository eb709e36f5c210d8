using System.Globalization;
using System.Text;
using NodaTime;
using SQLitePCL;

namespace Benchmarks.Alone;

/// <summary>The store's file, written with as few statements as its tables allow.</summary>
internal sealed class Database : IDisposable
{
    private readonly sqlite3 _handle;
    private readonly sqlite3_stmt _begin, _commit, _insertRow, _insertBody, _replaceRow, _replaceBody, _home, _usage, _change, _meta;
    private readonly long _collection;
    private long _changes = 1;

    public Database(string file, long collection)
    {
        _collection = collection;
        Check(raw.sqlite3_open_v2(file, out _handle, raw.SQLITE_OPEN_READWRITE | raw.SQLITE_OPEN_NOMUTEX, null));
        Check(raw.sqlite3_exec(_handle, "PRAGMA foreign_keys = ON; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA cache_size = -32000; PRAGMA wal_autocheckpoint = 2048"));
        _begin = Prepare("BEGIN IMMEDIATE");
        _commit = Prepare("COMMIT");
        _insertRow = Prepare(
            """
            INSERT INTO objects (collection_id, name, uid, etag, size, component, span, starts, ends, recurring, published, change, created, modified)
            VALUES (?1, ?2, ?3, ?4, ?5, 'VEVENT', 20, ?6, ?7, 0, 1, ?8, ?9, ?9)
            """);
        _insertBody = Prepare("INSERT INTO bodies (id, bytes) VALUES (?1, ?2)");
        _replaceRow = Prepare("UPDATE objects SET etag = ?3, size = ?4, change = ?5, modified = ?6 WHERE collection_id = ?1 AND name = ?2 RETURNING id");
        _replaceBody = Prepare("UPDATE bodies SET bytes = ?2 WHERE id = ?1");
        _home = Prepare("UPDATE homes SET change = ?1");
        _usage = Prepare("INSERT OR REPLACE INTO usage (principal_id, level, objects, bytes, property_bytes) VALUES ('alone', 4, ?1, ?1, 0)");
        _change = Prepare("UPDATE collection_changes SET change = ?2 WHERE collection_id = ?1");
        _meta = Prepare("UPDATE meta SET commit_number = commit_number + 1");
    }

    public void Dispose()
    {
        _ = raw.sqlite3_close_v2(_handle);
        foreach (var statement in (sqlite3_stmt[])[_begin, _commit, _insertRow, _insertBody, _replaceRow, _replaceBody, _home, _usage, _change, _meta]) statement.Dispose();
        _handle.Dispose();
    }

    /// <summary>One durable transaction.</summary>
    public void Commit(Action writes)
    {
        Run(_begin);
        writes();
        Integers(_home, _changes);
        Run(_home);
        Integers(_usage, _changes);
        Run(_usage);
        Integers(_change, _collection, _changes);
        Run(_change);
        Run(_meta);
        Run(_commit);
    }

    public void Insert(int number)
    {
        var name = NameOf(number);
        var bytes = BytesOf(name);
        Integers(_insertRow, _collection);
        Text(_insertRow, 2, name);
        Text(_insertRow, 3, name + "@caldav-bench");
        Text(_insertRow, 4, ETagOf(++_changes));
        Check(raw.sqlite3_bind_int64(_insertRow, 5, bytes.Length));
        Check(raw.sqlite3_bind_int64(_insertRow, 6, TimeOf(number)));
        Check(raw.sqlite3_bind_int64(_insertRow, 7, TimeOf(number) + TimeSpan.TicksPerHour));
        Check(raw.sqlite3_bind_int64(_insertRow, 8, _changes));
        Check(raw.sqlite3_bind_int64(_insertRow, 9, SystemClock.Instance.GetCurrentInstant().ToUnixTimeTicks()));
        Run(_insertRow);
        Integers(_insertBody, raw.sqlite3_last_insert_rowid(_handle));
        Check(raw.sqlite3_bind_blob(_insertBody, 2, bytes));
        Run(_insertBody);
    }

    public void Update(int number)
    {
        var name = NameOf(number);
        var bytes = BytesOf(name);
        Integers(_replaceRow, _collection);
        Text(_replaceRow, 2, name);
        Text(_replaceRow, 3, ETagOf(++_changes));
        Check(raw.sqlite3_bind_int64(_replaceRow, 4, bytes.Length));
        Check(raw.sqlite3_bind_int64(_replaceRow, 5, _changes));
        Check(raw.sqlite3_bind_int64(_replaceRow, 6, SystemClock.Instance.GetCurrentInstant().ToUnixTimeTicks()));
        if (raw.sqlite3_step(_replaceRow) != raw.SQLITE_ROW) throw new InvalidOperationException("There is no such row.");
        Integers(_replaceBody, raw.sqlite3_column_int64(_replaceRow, 0));
        Check(raw.sqlite3_reset(_replaceRow));
        Check(raw.sqlite3_bind_blob(_replaceBody, 2, bytes));
        Run(_replaceBody);
    }

    // as the load has them: each connection counts, and names follow one another
    private static string NameOf(int number) => string.Create(CultureInfo.InvariantCulture, $"new-{number % 16:D4}{number / 16:D8}.ics");

    private static byte[] BytesOf(string name) => Encoding.UTF8.GetBytes(name.PadRight(620, 'x'));

    private static string ETagOf(long change) => string.Create(CultureInfo.InvariantCulture, $"{change:x32}");

    private static long TimeOf(int number) => (20_000 * TimeSpan.TicksPerDay) + (number % 365 * TimeSpan.TicksPerDay);

    private sqlite3_stmt Prepare(string text)
    {
        Check(raw.sqlite3_prepare_v2(_handle, text, out var statement));
        return statement;
    }

    private void Integers(sqlite3_stmt statement, params ReadOnlySpan<long> values)
    {
        for (var n = 0; n < values.Length; n++) Check(raw.sqlite3_bind_int64(statement, n + 1, values[n]));
    }

    private void Text(sqlite3_stmt statement, int number, string value) => Check(raw.sqlite3_bind_text(statement, number, value));

    private void Run(sqlite3_stmt statement)
    {
        var code = raw.sqlite3_step(statement);
        if (code != raw.SQLITE_DONE) Check(code);
        Check(raw.sqlite3_reset(statement));
    }

    private void Check(int code)
    {
        if (code != raw.SQLITE_OK) throw new InvalidOperationException($"SQLite result {code}: {raw.sqlite3_errmsg(_handle).utf8_to_string()}");
    }
}
