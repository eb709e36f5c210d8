namespace Calendaring.Store.Sqlite;

internal sealed partial class Snapshot
{
    private const string LinesOfLog = $"SELECT {LineColumns.List} FROM lines WHERE log_id = (SELECT id FROM logs WHERE name = ? AND owner = ?)";

    private static readonly Sql LinesAfter = new(LinesOfLog + " AND number > ? ORDER BY number");
    private static readonly Sql LinesBefore = new(LinesOfLog + " AND number < ? ORDER BY number DESC");
    private static readonly Sql SubjectAfter = new(LinesOfLog + " AND number > ? AND subject = ? ORDER BY number");
    private static readonly Sql SubjectBefore = new(LinesOfLog + " AND number < ? AND subject = ? ORDER BY number DESC");

    private static readonly Sql Logs = new("SELECT name, owner, origin FROM logs ORDER BY id");

    public ValueTask<IReadOnlyList<LogHead>> ListLogsAsync()
    {
        using var statement = Connection.Take(Logs);
        var logs = new List<LogHead>();
        while (statement.Step()) logs.Add(new LogHead(statement.Text(0), statement.Text(1), statement.Bytes(2)));
        return new(logs);
    }

    public ValueTask<IReadOnlyList<LogLine>> ListLinesAsync(string log, string owner, long after = 0, int limit = int.MaxValue, string? subject = null) =>
        new(List(subject is null ? LinesAfter : SubjectAfter, log, owner, after, limit, subject));

    public ValueTask<IReadOnlyList<LogLine>> ListLastLinesAsync(string log, string owner, long before = long.MaxValue, int limit = int.MaxValue, string? subject = null) =>
        new(List(subject is null ? LinesBefore : SubjectBefore, log, owner, before, limit, subject));

    private List<LogLine> List(Sql sql, string log, string owner, long bound, int limit, string? subject)
    {
        using var statement = Connection.Take(sql).Bind(log).Bind(owner).Bind(bound);
        if (subject is not null) statement.Bind(subject);
        var lines = new List<LogLine>();
        while (lines.Count < limit && statement.Step()) lines.Add(LineColumns.Read(statement, log, owner));
        return lines;
    }
}
