using System.Security.Cryptography;

namespace Calendaring.Store.Sqlite;

/// <summary>The history was kept as records until version 4 of the tables: they become lines of a log of the same name and owner, in their order, with the documents as they were.</summary>
internal static class LinesFromRecords
{
    private const string Kind = "audit";

    private static readonly Sql Records = new("SELECT owner, document, subject FROM history");
    private static readonly Sql DropHistory = new("DROP VIEW history");
    private static readonly Sql RemoveRecords = new("DELETE FROM records WHERE kind = ?");
    private static readonly Sql InsertLog = new("INSERT INTO logs (name, owner) VALUES (?, ?)");
    private static readonly Sql InsertLine = new("INSERT INTO lines (log_id, number, subject, document, digest, hash) VALUES (?, ?, ?, ?, ?, ?)");

    public static void Move(Connection connection)
    {
        using (var statement = connection.Take(Records))
        {
            var (owner, log, number, hash) = ((string?)null, 0L, 0L, new byte[LogLine.HashSize]);
            while (statement.Step())
            {
                if (statement.Text(0) != owner)
                {
                    owner = statement.Text(0);
                    connection.Take(InsertLog).Bind(Kind).Bind(owner).Run();
                    (log, number) = (connection.LastId, 0);
                    Array.Clear(hash);
                }

                var digest = SHA256.HashData(statement.Span(1));
                LogLine.ChainHash(hash, ++number, digest, hash);
                connection.Take(InsertLine).Bind(log).Bind(number).Bind(statement.TextOrNull(2)).Bind(statement.Bytes(1)).Bind(digest).Bind(hash).Run();
            }
        }
        connection.Take(RemoveRecords).Bind(Kind).Run();
        connection.Run(DropHistory);
    }
}
