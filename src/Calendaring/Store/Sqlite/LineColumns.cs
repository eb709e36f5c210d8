namespace Calendaring.Store.Sqlite;

/// <summary>The columns of a line, in the order in which every query asks for them.</summary>
internal static class LineColumns
{
    public const string List = "number, subject, document, digest, hash";

    public static LogLine Read(Statement statement, string log, string owner) => new(
        log,
        owner,
        statement.Integer(0),
        statement.TextOrNull(1),
        statement.BytesOrNull(2) ?? ReadOnlyMemory<byte>.Empty,
        statement.Bytes(3),
        statement.Bytes(4),
        Erased: statement.IsNull(2));
}
