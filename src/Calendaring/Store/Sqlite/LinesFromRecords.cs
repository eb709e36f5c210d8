namespace Calendaring.Store.Sqlite;

/// <summary>The history was kept as records until version 4 of the tables: they become lines of a log of the same name and owner, in their order, with the documents as they were.</summary>
internal static class LinesFromRecords
{
    private const string Kind = "audit";

    private static readonly Sql Records = new(
        """
        SELECT owner, document, CASE WHEN json_valid(CAST(document AS TEXT)) THEN json_extract(CAST(document AS TEXT), '$.appointmentId') END
        FROM records WHERE kind = ? ORDER BY owner, id
        """);
    private static readonly Sql RemoveRecords = new("DELETE FROM records WHERE kind = ?");

    public static void Move(Connection connection)
    {
        using (var statement = connection.Take(Records).Bind(Kind))
        {
            while (statement.Step())
                WriteTransaction.AppendTo(connection, new AppendLine(Kind, statement.Text(0), statement.Octets(1), statement.TextOrNull(2)));
        }
        connection.Take(RemoveRecords).Bind(Kind).Run();
    }
}
