using System.Buffers;
using System.Text;
using SQLitePCL;

namespace Calendaring.Store.Sqlite;

/// <summary>
/// A prepared statement taken from a connection; disposing it gives it back. Parameters are bound in order; text is UTF-8, read and written as bytes
/// without the detour over terminated strings.
/// </summary>
internal sealed class Statement(Connection connection, Sql sql, sqlite3_stmt handle) : IDisposable
{
    private const int StackLimit = 512;
    private int _bound;
    private bool _taken;

    public Sql Sql { get; } = sql;

    public Statement Bind(long value)
    {
        connection.Check(raw.sqlite3_bind_int64(handle, ++_bound, value));
        return this;
    }

    public Statement Bind(long? value)
    {
        if (value is { } number) return Bind(number);
        connection.Check(raw.sqlite3_bind_null(handle, ++_bound));
        return this;
    }

    public Statement Bind(bool value) => Bind(value ? 1L : 0L);

    public Statement Bind(string? value)
    {
        var number = ++_bound;
        if (value is null) connection.Check(raw.sqlite3_bind_null(handle, number));
        else if (value.Length == 0) connection.Check(raw.sqlite3_bind_text(handle, number, value));
        else BindText(number, value);
        return this;
    }

    public Statement Bind(ReadOnlySpan<byte> bytes)
    {
        var number = ++_bound;
        connection.Check(bytes.IsEmpty ? raw.sqlite3_bind_zeroblob(handle, number, 0) : raw.sqlite3_bind_blob(handle, number, bytes));
        return this;
    }

    public Statement Bind(ReadOnlyMemory<byte>? bytes) => bytes is { } some ? Bind(some.Span) : Bind((long?)null);

    /// <summary>Goes to the next row; false at the end.</summary>
    public bool Step()
    {
        var code = raw.sqlite3_step(handle);
        if (code == raw.SQLITE_ROW) return true;
        if (code == raw.SQLITE_DONE) return false;
        throw connection.Failure(code);
    }

    /// <summary>Runs a statement that returns no rows, and gives it back.</summary>
    public void Run()
    {
        try
        {
            Step();
        }
        finally
        {
            Dispose();
        }
    }

    /// <summary>Makes the statement ready for other parameters.</summary>
    public Statement Again()
    {
        _ = raw.sqlite3_reset(handle);
        _bound = 0;
        return this;
    }

    public bool IsNull(int column) => raw.sqlite3_column_type(handle, column) == raw.SQLITE_NULL;

    public long Integer(int column) => raw.sqlite3_column_int64(handle, column);

    public long? IntegerOrNull(int column) => IsNull(column) ? null : Integer(column);

    public bool Boolean(int column) => raw.sqlite3_column_int64(handle, column) != 0;

    public string Text(int column) => Encoding.UTF8.GetString(raw.sqlite3_column_blob(handle, column));

    public string? TextOrNull(int column) => IsNull(column) ? null : Text(column);

    /// <summary>The bytes of a blob or text, good until the next step.</summary>
    public ReadOnlySpan<byte> Span(int column) => raw.sqlite3_column_blob(handle, column);

    public byte[] Bytes(int column) => Span(column).ToArray();

    public ReadOnlyMemory<byte>? BytesOrNull(int column) => IsNull(column) ? default(ReadOnlyMemory<byte>?) : Bytes(column);

    public void Dispose()
    {
        if (!_taken) return;
        _taken = false;
        _ = raw.sqlite3_reset(handle);
        connection.GiveBack(this);
    }

    internal Statement Taken()
    {
        _taken = true;
        _bound = 0;
        return this;
    }

    internal void Close() => handle.Dispose();

    private void BindText(int number, string value)
    {
        var most = Encoding.UTF8.GetMaxByteCount(value.Length);
        if (most <= StackLimit)
        {
            Span<byte> buffer = stackalloc byte[StackLimit];
            connection.Check(raw.sqlite3_bind_text(handle, number, buffer[..Encoding.UTF8.GetBytes(value, buffer)]));
            return;
        }
        var rented = ArrayPool<byte>.Shared.Rent(most);
        connection.Check(raw.sqlite3_bind_text(handle, number, rented.AsSpan(0, Encoding.UTF8.GetBytes(value, rented))));
        ArrayPool<byte>.Shared.Return(rented);
    }
}
