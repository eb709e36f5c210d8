using NodaTime;

namespace Calendaring.Store.Sqlite;

internal sealed partial class WriteTransaction
{
    private static readonly Sql FindForChange = new("SELECT id, etag, change, uid, size, created, level, published FROM objects WHERE collection_id = ? AND name = ?");
    private static readonly Sql FindNameByUid = new("SELECT name FROM objects WHERE collection_id = ? AND uid = ?");
    private static readonly Sql InsertRow = new(
        """
        INSERT INTO objects (uid, etag, size, component, span, starts, ends, recurring, published, change, modified, schedule_tag, level, details_kind, details, collection_id, name, created)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        """);
    private static readonly Sql ReplaceRow = new(
        """
        UPDATE objects SET uid = ?, etag = ?, size = ?, component = ?, span = ?, starts = ?, ends = ?, recurring = ?, published = ?, change = ?, modified = ?, schedule_tag = ?,
            level = ?, details_kind = ?, details = ? WHERE id = ?
        """);
    private static readonly Sql InsertBody = new("INSERT INTO bodies (id, bytes) VALUES (?, ?)");
    private static readonly Sql ReplaceBody = new("INSERT INTO bodies (id, bytes) VALUES (?, ?) ON CONFLICT (id) DO UPDATE SET bytes = excluded.bytes");
    private static readonly Sql DeleteBody = new("DELETE FROM bodies WHERE id = ?");
    private static readonly Sql DeleteRow = new("DELETE FROM objects WHERE id = ?");
    private static readonly Sql InsertTombstone = new("INSERT INTO tombstones (collection_id, name, change, at) VALUES (?, ?, ?, ?)");
    private static readonly Sql DeleteTombstone = new("DELETE FROM tombstones WHERE collection_id = ? AND name = ?");

    private readonly record struct Existing(long Id, string ETag, long Change, string Uid, int Size, long Created, int Level, bool Published)
    {
        public LevelUsage Usage => Published ? new LevelUsage(1, Size, 0) : default;
    }

    private StoreFailure? Put(PutObject put)
    {
        if (!Catalog.Shelves.TryGetValue(put.CollectionId, out var shelf)) return Fail(StoreFailureKind.NotFound);
        var existing = Find(put.CollectionId, put.Name);
        if (!Holds(put.Expected, existing)) return Fail(StoreFailureKind.Precondition);
        if (existing?.Uid != put.Index.Uid && NameOfUid(put.CollectionId, put.Index.Uid) is { } holder) return Fail(StoreFailureKind.UidConflict, holder);

        if (existing is not null && !put.Published) ForgetProperties(PropertyTarget.Of(shelf.Collection, put.Name));
        var change = Change(shelf, UsageAfter(put, existing, Catalog.Homes[shelf.Collection.PrincipalId].Usage));
        var row = Row(put, change, existing is { } earlier ? Columns.InstantOf(earlier.Created) : Now);
        if (existing is { } old) Replace(old.Id, row, put.Bytes.Span);
        else Insert(row, put.Bytes.Span);
        _puts.Add(new PutOutcome(existing is null, row));
        return null;
    }

    private StoreFailure? Delete(DeleteObject delete)
    {
        if (!Catalog.Shelves.TryGetValue(delete.CollectionId, out var shelf)) return Fail(StoreFailureKind.NotFound);
        if (Find(delete.CollectionId, delete.Name) is not { } existing) return Fail(StoreFailureKind.NotFound);
        if (!Holds(delete.Expected, existing)) return Fail(StoreFailureKind.Precondition);

        connection.Take(DeleteBody).Bind(existing.Id).Run();
        connection.Take(DeleteRow).Bind(existing.Id).Run();
        ForgetProperties(PropertyTarget.Of(shelf.Collection, delete.Name));
        var change = Change(shelf, Catalog.Homes[shelf.Collection.PrincipalId].Usage.With(existing.Level, default(LevelUsage) - existing.Usage));
        connection.Take(InsertTombstone).Bind(delete.CollectionId).Bind(delete.Name).Bind(change).Bind(_now).Run();
        return null;
    }

    private static HomeUsage UsageAfter(PutObject put, Existing? existing, HomeUsage usage)
    {
        var after = put.Published ? new LevelUsage(1, put.Bytes.Length, 0) : default;
        if (existing is not { } before) return usage.With(put.Level, after);
        return before.Level == put.Level ? usage.With(put.Level, after - before.Usage) : usage.With(before.Level, default(LevelUsage) - before.Usage).With(put.Level, after);
    }

    /// <summary>The row as it will be read back: instants as exact as the columns are.</summary>
    private ObjectRow Row(PutObject put, long change, Instant created)
    {
        var index = put.Index with
        {
            Start = put.Index.Start is { } start ? Columns.InstantOf(Columns.Ticks(start)) : null,
            End = put.Index.End is { } end ? Columns.InstantOf(Columns.TicksUp(end)) : null,
        };
        return new ObjectRow(
            put.CollectionId,
            put.Name,
            Columns.ETag(put.Bytes.Span),
            put.Bytes.Length,
            index,
            put.Published,
            change,
            put.ScheduleTag,
            put.Details,
            put.Level,
            created,
            Now);
    }

    private void Insert(ObjectRow row, ReadOnlySpan<byte> bytes)
    {
        BindRow(connection.Take(InsertRow), row).Bind(row.CollectionId).Bind(row.Name).Bind(Columns.Ticks(row.Created)).Run();
        connection.Take(InsertBody).Bind(connection.LastId).Bind(bytes).Run();
        connection.Take(DeleteTombstone).Bind(row.CollectionId).Bind(row.Name).Run();
    }

    private void Replace(long id, ObjectRow row, ReadOnlySpan<byte> bytes)
    {
        BindRow(connection.Take(ReplaceRow), row).Bind(id).Run();
        connection.Take(ReplaceBody).Bind(id).Bind(bytes).Run();
    }

    private static Statement BindRow(Statement statement, ObjectRow row)
    {
        long? starts = row.Index.Start is { } start ? Columns.Ticks(start) : null;
        long? ends = row.Index.End is { } end ? Columns.Ticks(end) : null;
        return statement
            .Bind(row.Index.Uid)
            .Bind(row.ETag)
            .Bind(row.Size)
            .Bind(row.Index.Component)
            .Bind(Spans.Of(starts, ends))
            .Bind(starts)
            .Bind(ends)
            .Bind(row.Index.Recurring)
            .Bind(row.Published)
            .Bind(row.Change)
            .Bind(Columns.Ticks(row.Modified))
            .Bind(row.ScheduleTag)
            .Bind(row.Level)
            .Bind(row.Details?.Kind ?? 0)
            .Bind(row.Details?.Document);
    }

    private Existing? Find(long collectionId, string name)
    {
        using var statement = connection.Take(FindForChange).Bind(collectionId).Bind(name);
        if (!statement.Step()) return null;
        return new Existing(statement.Integer(0), statement.Text(1), statement.Integer(2), statement.Text(3), (int)statement.Integer(4), statement.Integer(5), (int)statement.Integer(6), statement.Boolean(7));
    }

    private string? NameOfUid(long collectionId, string uid)
    {
        using var statement = connection.Take(FindNameByUid).Bind(collectionId).Bind(uid);
        return statement.Step() ? statement.Text(0) : null;
    }

    private static bool Holds(Expectation expected, Existing? existing) => expected.Kind switch
    {
        ExpectationKind.Any => true,
        ExpectationKind.Absent => existing is null,
        ExpectationKind.Present => existing is not null,
        ExpectationKind.ETag => existing is { } some && some.ETag == expected.ETag,
        ExpectationKind.Change => existing is { } some && some.Change == expected.Change,
        _ => throw new ArgumentOutOfRangeException(nameof(expected)),
    };
}
