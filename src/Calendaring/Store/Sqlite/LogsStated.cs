namespace Calendaring.Store.Sqlite;

/// <summary>Until version 8 of the tables a chain did not say whose it is, nor an erasure that it had happened: each log gets the statement that does.</summary>
internal static class LogsStated
{
    private static readonly Sql Blank = new("SELECT g.id, l.number FROM logs g LEFT JOIN lines l ON l.log_id = g.id AND l.document IS NULL ORDER BY g.id, l.number");

    public static void State(Connection connection)
    {
        var logs = new SortedDictionary<long, List<long>>();
        using (var statement = connection.Take(Blank))
        {
            while (statement.Step())
            {
                if (!logs.TryGetValue(statement.Integer(0), out var numbers)) logs.Add(statement.Integer(0), numbers = []);
                if (statement.IntegerOrNull(1) is { } number) numbers.Add(number);
            }
        }

        foreach (var (log, numbers) in logs) LineErasure.State(connection, log, numbers);
    }
}
