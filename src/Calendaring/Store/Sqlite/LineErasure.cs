namespace Calendaring.Store.Sqlite;

/// <summary>Takes lines' documents away, and appends to each log concerned the statement that names them.</summary>
internal sealed class LineErasure(Connection connection)
{
    private static readonly Sql HeadOf = new("SELECT name, owner FROM logs WHERE id = ?");
    private readonly SortedDictionary<long, List<long>> _erased = [];

    /// <summary>The erasure of the lines for which a condition holds. What was erased before, and the store's own statements, stay.</summary>
    public static Sql Where(string condition) => new(
        $"""
        UPDATE lines SET document = NULL, subject = NULL
        WHERE {condition} AND document IS NOT NULL AND instr(document, CAST('{"{\"chain\":"}' AS BLOB)) <> 1
        RETURNING log_id, number
        """);

    public void Run(Statement erase)
    {
        using (erase)
        {
            while (erase.Step()) Note(erase.Integer(0)).Add(erase.Integer(1));
        }
    }

    /// <summary>Has a log get a statement, also when no line of it was erased: it has another owner now.</summary>
    public List<long> Note(long log)
    {
        if (!_erased.TryGetValue(log, out var numbers)) _erased.Add(log, numbers = []);
        return numbers;
    }

    public void State()
    {
        foreach (var (log, numbers) in _erased) State(connection, log, numbers);
    }

    public static void State(Connection connection, long log, IEnumerable<long> numbers)
    {
        string name, owner;
        using (var head = connection.Take(HeadOf).Bind(log))
        {
            head.Step();
            (name, owner) = (head.Text(0), head.Text(1));
        }

        WriteTransaction.AppendTo(connection, log, LogStatement.Write(name, owner, numbers), subject: null);
    }
}
