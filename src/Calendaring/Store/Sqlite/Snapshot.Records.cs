namespace Calendaring.Store.Sqlite;

internal sealed partial class Snapshot
{
    private static readonly Sql RecordById = new("SELECT version, document FROM records WHERE kind = ? AND owner = ? AND id = ?");
    private static readonly Sql RecordsOfOwner = new("SELECT id, version, document FROM records WHERE kind = ? AND owner = ? AND id >= ? ORDER BY id");
    private static readonly Sql RecordsAfter = new("SELECT id, version, document FROM records WHERE kind = ? AND owner = ? AND id > ? ORDER BY id");

    public ValueTask<StoredRecord?> FindRecordAsync(string kind, string owner, string id)
    {
        using var statement = Connection.Take(RecordById).Bind(kind).Bind(owner).Bind(id);
        return new(statement.Step() ? new StoredRecord(kind, owner, id, statement.Integer(0), statement.Bytes(1)) : null);
    }

    public ValueTask<IReadOnlyList<StoredRecord>> ListRecordsAsync(string kind, string owner, string? afterId = null, int limit = int.MaxValue)
    {
        using var statement = Connection.Take(afterId is null ? RecordsOfOwner : RecordsAfter).Bind(kind).Bind(owner).Bind(afterId ?? string.Empty);
        var all = new List<StoredRecord>();
        while (all.Count < limit && statement.Step()) all.Add(new StoredRecord(kind, owner, statement.Text(0), statement.Integer(1), statement.Bytes(2)));
        return new(all);
    }
}
