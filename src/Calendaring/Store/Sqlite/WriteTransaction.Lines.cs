using System.Security.Cryptography;

namespace Calendaring.Store.Sqlite;

internal sealed partial class WriteTransaction
{
    private static readonly Sql FindLog = new("SELECT id FROM logs WHERE name = ? AND owner = ?");
    private static readonly Sql InsertLog = new("INSERT INTO logs (name, owner) VALUES (?, ?)");
    private static readonly Sql LastLine = new("SELECT number, hash FROM lines WHERE log_id = ? ORDER BY number DESC");
    private static readonly Sql InsertLine = new("INSERT INTO lines (log_id, number, subject, document, digest, hash) VALUES (?, ?, ?, ?, ?, ?)");
    private static readonly Sql EraseLog = new("UPDATE lines SET document = NULL, subject = NULL WHERE log_id = ?");
    private static readonly Sql EraseSubject = new("UPDATE lines SET document = NULL, subject = NULL WHERE log_id = ? AND subject = ?");

    private StoreFailure? Append(AppendLine append)
    {
        AppendTo(connection, append);
        CountChange();
        return null;
    }

    /// <summary>Nobody else writes: what is the last line now is the last line when this one is committed.</summary>
    internal static void AppendTo(Connection connection, AppendLine append)
    {
        Span<byte> hash = stackalloc byte[LogLine.HashSize];
        Span<byte> digest = stackalloc byte[LogLine.HashSize];
        var log = LogOf(connection, append.Log, append.Owner) ?? Create(connection, append.Log, append.Owner);
        hash.Clear();
        var number = ReadLast(connection, log, hash) + 1;
        SHA256.HashData(append.Document.Span, digest);
        LogLine.ChainHash(hash, number, digest, hash);
        connection.Take(InsertLine).Bind(log).Bind(number).Bind(append.Subject).Bind(append.Document.Span).Bind(digest).Bind(hash).Run();
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
        if (erase.Subject is null) connection.Take(EraseLog).Bind(log).Run();
        else connection.Take(EraseSubject).Bind(log).Bind(erase.Subject).Run();
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
        connection.Take(InsertLog).Bind(name).Bind(owner).Run();
        return connection.LastId;
    }

    private static long ReadLast(Connection connection, long log, Span<byte> hash)
    {
        using var statement = connection.Take(LastLine).Bind(log);
        if (!statement.Step()) return 0;
        statement.Span(1).CopyTo(hash);
        return statement.Integer(0);
    }
}
