using NodaTime;

namespace Calendaring.Store.Sqlite;

internal sealed partial class Snapshot
{
    private static readonly Sql RecordById = new("SELECT version, document, due FROM records WHERE kind = ? AND owner = ? AND id = ?");
    private static readonly Sql RecordsOfOwner = new("SELECT id, version, document, due FROM records WHERE kind = ? AND owner = ? AND id >= ? ORDER BY id");
    private static readonly Sql RecordsAfter = new("SELECT id, version, document, due FROM records WHERE kind = ? AND owner = ? AND id > ? ORDER BY id");
    private static readonly Sql RecordsOfKind = new("SELECT owner, id, version, document, due FROM records WHERE kind = ? AND (owner, id) > (?, ?) ORDER BY owner, id");
    private static readonly Sql DueRecords = new("SELECT owner, id, version, document, due FROM records INDEXED BY records_by_due WHERE kind = ? AND due <= ? ORDER BY due, owner, id");

    public ValueTask<StoredRecord?> FindRecordAsync(string kind, string owner, string id)
    {
        using var statement = Connection.Take(RecordById).Bind(kind).Bind(owner).Bind(id);
        return new(statement.Step() ? new StoredRecord(kind, owner, id, statement.Integer(0), statement.Bytes(1)) { Due = Columns.InstantOf(statement.IntegerOrNull(2)) } : null);
    }

    public ValueTask<IReadOnlyList<StoredRecord>> ListRecordsAsync(string kind, string owner, string? afterId = null, int limit = int.MaxValue)
    {
        using var statement = Connection.Take(afterId is null ? RecordsOfOwner : RecordsAfter).Bind(kind).Bind(owner).Bind(afterId ?? string.Empty);
        var all = new List<StoredRecord>();
        while (all.Count < limit && statement.Step()) all.Add(new StoredRecord(kind, owner, statement.Text(0), statement.Integer(1), statement.Bytes(2)) { Due = Columns.InstantOf(statement.IntegerOrNull(3)) });
        return new(all);
    }

    public ValueTask<IReadOnlyList<StoredRecord>> ListRecordsOfAllAsync(string kind, string? afterOwner = null, string? afterId = null, int limit = int.MaxValue)
    {
        using var statement = Connection.Take(RecordsOfKind).Bind(kind).Bind(afterOwner ?? string.Empty).Bind(afterId ?? string.Empty);
        return new(ReadAll(statement, kind, limit));
    }

    public ValueTask<IReadOnlyList<StoredRecord>> ListDueRecordsAsync(string kind, Instant until, int limit = int.MaxValue)
    {
        using var statement = Connection.Take(DueRecords).Bind(kind).Bind(Columns.Ticks(until));
        return new(ReadAll(statement, kind, limit));
    }

    private static List<StoredRecord> ReadAll(Statement statement, string kind, int limit)
    {
        var all = new List<StoredRecord>();
        while (all.Count < limit && statement.Step())
        {
            var record = new StoredRecord(kind, statement.Text(0), statement.Text(1), statement.Integer(2), statement.Bytes(3));
            all.Add(record with { Due = Columns.InstantOf(statement.IntegerOrNull(4)) });
        }

        return all;
    }
}
