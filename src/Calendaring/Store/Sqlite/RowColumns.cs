namespace Calendaring.Store.Sqlite;

/// <summary>The columns of an object's row, in the order in which every query asks for them.</summary>
internal static class RowColumns
{
    public const string List =
        "o.name, o.uid, o.etag, o.size, o.component, o.starts, o.ends, o.recurring, o.published, o.change, o.created, o.modified, o.schedule_tag, o.level, o.details_kind, o.details";

    /// <summary>Where the first column after the list is.</summary>
    public const int Count = 16;

    public static ObjectRow Read(Statement statement, long collectionId) => new(
        collectionId,
        statement.Text(0),
        statement.Text(2),
        (int)statement.Integer(3),
        new ObjectIndex(
            statement.Text(1),
            Component(statement.Span(4)),
            Columns.InstantOf(statement.IntegerOrNull(5)),
            Columns.InstantOf(statement.IntegerOrNull(6)),
            statement.Boolean(7)),
        statement.Boolean(8),
        statement.Integer(9),
        statement.TextOrNull(12),
        statement.IsNull(15) ? null : new ObjectDetails((int)statement.Integer(14), statement.Bytes(15)),
        (int)statement.Integer(13),
        Columns.InstantOf(statement.Integer(10)),
        Columns.InstantOf(statement.Integer(11)));

    /// <summary>A row with its bytes in the column after the list. Bytes that are not those of the ETag are never returned.</summary>
    public static StoredObject ReadWithBytes(Statement statement, long collectionId)
    {
        var row = Read(statement, collectionId);
        var bytes = statement.IsNull(Count) ? [] : statement.Bytes(Count);
        if (bytes.Length != row.Size || Columns.ETag(bytes) != row.ETag) throw new CorruptObjectException(collectionId, row.Name);
        return new StoredObject(row, bytes);
    }

    private static string Component(ReadOnlySpan<byte> name) =>
        name.SequenceEqual("VEVENT"u8) ? "VEVENT" : name.SequenceEqual("VTODO"u8) ? "VTODO" : System.Text.Encoding.UTF8.GetString(name);
}
