using System.Security.Cryptography;

namespace Calendaring.Store.Sqlite;

internal sealed partial class WriteTransaction
{
    private static readonly Sql FindLog = new("SELECT id FROM logs WHERE name = ? AND owner = ?");
    private static readonly Sql InsertLog = new("INSERT INTO logs (name, owner, origin) VALUES (?, ?, ?)");
    private static readonly Sql LastLine = new("SELECT number, hash FROM lines WHERE log_id = ? ORDER BY number DESC");
    private static readonly Sql OriginOf = new("SELECT origin FROM logs WHERE id = ?");
    private static readonly Sql InsertLine = new("INSERT INTO lines (log_id, number, subject, document, digest, hash) VALUES (?, ?, ?, ?, ?, ?)");
    private static readonly Sql EraseLog = LineErasure.Where("log_id = ?");
    private static readonly Sql EraseSubject = LineErasure.Where("log_id = ? AND subject = ?");

    private StoreFailure? Append(AppendLine append)
    {
        if (LogStatement.Is(append.Document.Span)) return Fail(StoreFailureKind.Precondition);
        AppendTo(connection, LogOf(connection, append.Log, append.Owner) ?? Create(connection, append.Log, append.Owner), append.Document.Span, append.Subject);
        CountChange();
        return null;
    }

    /// <summary>Nobody else writes: what is the last line now is the last line when this one is committed.</summary>
    internal static void AppendTo(Connection connection, long log, ReadOnlySpan<byte> document, string? subject)
    {
        Span<byte> hash = stackalloc byte[LogLine.HashSize];
        Span<byte> digest = stackalloc byte[LogLine.HashSize];
        var last = ReadLast(connection, log, hash);
        if (last == 0) ReadOrigin(connection, log, hash);
        SHA256.HashData(document, digest);
        LogLine.ChainHash(hash, last + 1, digest, hash);
        connection.Take(InsertLine).Bind(log).Bind(last + 1).Bind(subject).Bind(document).Bind(digest).Bind(hash).Run();
    }

    private StoreFailure? Check(ExpectLine expected)
    {
        Span<byte> hash = stackalloc byte[LogLine.HashSize];
        var last = LogOf(connection, expected.Log, expected.Owner) is { } log ? ReadLast(connection, log, hash) : 0;
        return last == expected.Number ? null : Fail(StoreFailureKind.Precondition);
    }

    private StoreFailure? Erase(EraseLines erase)
    {
        if (LogOf(connection, erase.Log, erase.Owner) is not { } log) return null;
        var erasure = new LineErasure(connection);
        if (erase.Subject is null) erasure.Run(connection.Take(EraseLog).Bind(log));
        else erasure.Run(connection.Take(EraseSubject).Bind(log).Bind(erase.Subject));
        erasure.State();
        CountChange();
        return null;
    }

    /// <summary>A transaction that leaves the catalog as it was is not committed.</summary>
    private void CountChange() => Catalog = Catalog with { RecordVersion = Catalog.RecordVersion + 1 };

    private static long? LogOf(Connection connection, string name, string owner)
    {
        using var statement = connection.Take(FindLog).Bind(name).Bind(owner);
        return statement.Step() ? statement.Integer(0) : null;
    }

    private static long Create(Connection connection, string name, string owner)
    {
        connection.Take(InsertLog).Bind(name).Bind(owner).Bind(LogLine.OriginOf(name, owner)).Run();
        return connection.LastId;
    }

    private static long ReadLast(Connection connection, long log, Span<byte> hash)
    {
        using var statement = connection.Take(LastLine).Bind(log);
        if (!statement.Step()) return 0;
        statement.Span(1).CopyTo(hash);
        return statement.Integer(0);
    }

    private static void ReadOrigin(Connection connection, long log, Span<byte> hash)
    {
        using var statement = connection.Take(OriginOf).Bind(log);
        if (statement.Step()) statement.Span(0).CopyTo(hash);
    }
}
