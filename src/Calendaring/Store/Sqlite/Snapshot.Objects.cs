using NodaTime;

namespace Calendaring.Store.Sqlite;

internal sealed partial class Snapshot
{
    private static readonly Sql RowByName = new($"SELECT {RowColumns.List} FROM objects o WHERE o.collection_id = ? AND o.name = ?");
    private static readonly Sql VersionByName = new("SELECT o.id, o.name, o.change FROM objects o WHERE o.collection_id = ? AND o.name = ?");
    private static readonly Sql ObjectById = new($"SELECT {RowColumns.List}, b.bytes FROM objects o LEFT JOIN bodies b ON b.id = o.id WHERE o.id = ?");
    private static readonly Sql RowByUid = new($"SELECT {RowColumns.List} FROM objects o WHERE o.collection_id = ? AND o.uid = ?");
    private static readonly Sql ClosedCandidates = new(
        """
        SELECT o.id, o.name, o.change FROM objects o INDEXED BY objects_by_time
        WHERE o.collection_id = ?1 AND o.span = ?2 AND o.starts BETWEEN ?3 AND ?4 AND o.ends >= ?5 AND (?6 IS NULL OR o.component = ?6)
        """);
    private static readonly Sql OpenCandidates = new(
        """
        SELECT o.id, o.name, o.change FROM objects o INDEXED BY objects_by_time
        WHERE o.collection_id = ?1 AND o.span = ?2 AND (o.starts IS NULL OR o.starts <= ?3) AND (o.ends IS NULL OR o.ends >= ?4) AND (?5 IS NULL OR o.component = ?5)
        """);
    private static readonly Sql RowsByChange = new($"SELECT {RowColumns.List} FROM objects o WHERE o.collection_id = ? AND o.change > ? ORDER BY o.change");
    private static readonly Sql TombstonesByChange = new("SELECT name, change FROM tombstones WHERE collection_id = ? AND change > ? ORDER BY change");

    public ValueTask<ObjectRow?> FindRowAsync(long collectionId, string name)
    {
        if (_catalog.Shelves.TryGetValue(collectionId, out var shelf) && cache.Find(shelf.Collection, name) is { } kept) return new(kept.Row);
        using var statement = Connection.Take(RowByName).Bind(collectionId).Bind(name);
        return new(statement.Step() ? RowColumns.Read(statement, collectionId) : null);
    }

    public ValueTask<StoredObject?> FindObjectAsync(long collectionId, string name)
    {
        if (!_catalog.Shelves.TryGetValue(collectionId, out var shelf)) return new((StoredObject?)null);
        if (cache.Find(shelf.Collection, name) is { } kept) return new(kept);
        using var statement = Connection.Take(VersionByName).Bind(collectionId).Bind(name);
        return new(statement.Step() ? ReadObject(shelf.Collection, statement) : null);
    }

    public ValueTask<ObjectRow?> FindRowByUidAsync(long collectionId, string uid)
    {
        using var statement = Connection.Take(RowByUid).Bind(collectionId).Bind(uid);
        return new(statement.Step() ? RowColumns.Read(statement, collectionId) : null);
    }

    public IAsyncEnumerable<ObjectRow> ListRowsAsync(long collectionId) => ListRows(collectionId).ToAsyncEnumerable();

    public IAsyncEnumerable<StoredObject> ListCandidatesAsync(long collectionId, string? component, Instant? start, Instant? end) =>
        ListCandidates(collectionId, component, start, end).ToAsyncEnumerable();

    public IAsyncEnumerable<ChangeEntry> ListChangesAsync(long collectionId, long after) => ListChanges(collectionId, after).ToAsyncEnumerable();

    private IEnumerable<ObjectRow> ListRows(long collectionId)
    {
        if (!_catalog.Shelves.TryGetValue(collectionId, out var shelf)) return [];
        return ListingOf(shelf)?.Rows ?? WalkRows(shelf.Collection);
    }

    /// <summary>The listing of a collection at this moment; null when none of this moment or an earlier one is in memory.</summary>
    private Listing? ListingOf(Shelf shelf)
    {
        var collection = shelf.Collection;
        var kept = listings.Find(collection.Id);
        if (kept is null || kept.Change == collection.Change) return kept;
        // removals before what was swept are no longer known
        if (kept.Change > collection.Change || kept.Change < shelf.Swept) return null;
        var listing = kept.After(collection.Change, [.. WalkChanges(collection.Id, kept.Change)]);
        listings.Keep(collection.Id, listing);
        return listing;
    }

    private IEnumerable<ObjectRow> WalkRows(Collection collection)
    {
        List<ObjectRow>? all = [];
        var size = 0L;
        using (var statement = Connection.Take(RowsByChange).Bind(collection.Id).Bind(0L))
        {
            while (statement.Step())
            {
                cancelled.ThrowIfCancellationRequested();
                // one row for the listing and for what is in memory of the object
                var row = cache.Find(collection, statement.Text(0), statement.Integer(9))?.Row ?? RowColumns.Read(statement, collection.Id);
                size += Listing.SizeOf(row);
                if (size > listings.LargestListing) all = null;
                all?.Add(row);
                yield return row;
            }
        }

        if (all is not null) listings.Keep(collection.Id, new Listing(collection.Change, [.. all]));
    }

    /// <summary>Bounds are taken as belonging to the window, so that instantaneous objects and due times at its edge are candidates too (RFC 4791 §9.9).</summary>
    private IEnumerable<StoredObject> ListCandidates(long collectionId, string? component, Instant? start, Instant? end)
    {
        if (!_catalog.Shelves.TryGetValue(collectionId, out var shelf)) yield break;
        var from = start is { } first ? Columns.Ticks(first) : long.MinValue;
        var until = end is { } last ? Columns.TicksUp(last) : long.MaxValue;
        using (var open = Connection.Take(OpenCandidates).Bind(collectionId).Bind(Spans.Open).Bind(until).Bind(from).Bind(component))
        {
            while (open.Step()) yield return ReadObject(shelf.Collection, open);
        }
        using var closed = Connection.Take(ClosedCandidates);
        for (var span = 0; span < Spans.Open; span++)
        {
            closed.Again().Bind(collectionId).Bind(span).Bind(Spans.EarliestStart(span, from)).Bind(until).Bind(from).Bind(component);
            while (closed.Step()) yield return ReadObject(shelf.Collection, closed);
        }
    }

    /// <summary>The object of which id, name and change number are at hand: that very version may still be in memory.</summary>
    private StoredObject ReadObject(Collection collection, Statement version)
    {
        if (cache.Find(collection, version.Text(1), version.Integer(2)) is { } kept) return kept;
        using var statement = Connection.Take(ObjectById).Bind(version.Integer(0));
        statement.Step();
        var found = RowColumns.ReadWithBytes(statement, collection.Id);
        cache.Keep(collection, found);
        return found;
    }

    private IEnumerable<ChangeEntry> ListChanges(long collectionId, long after)
    {
        if (!_catalog.Shelves.TryGetValue(collectionId, out var shelf) || after >= shelf.Collection.Change) return [];
        if (after == 0) return ListRows(collectionId).Select(static row => new ChangeEntry(row.CollectionId, row.Name, row.Change, row));
        return recent.Find(shelf.Collection, after) is { } kept ? kept : WalkAndKeepChanges(shelf.Collection, after);
    }

    private IEnumerable<ChangeEntry> WalkAndKeepChanges(Collection collection, long after)
    {
        List<ChangeEntry>? all = [];
        foreach (var entry in WalkChanges(collection.Id, after))
        {
            if (all?.Count == RecentChanges.Longest) all = null;
            all?.Add(entry);
            yield return entry;
        }

        if (all is not null) recent.Keep(collection, after, [.. all]);
    }

    private IEnumerable<ChangeEntry> WalkChanges(long collectionId, long after)
    {
        using var rows = Connection.Take(RowsByChange).Bind(collectionId).Bind(after);
        using var tombstones = Connection.Take(TombstonesByChange).Bind(collectionId).Bind(after);
        var hasRow = rows.Step();
        var hasTombstone = tombstones.Step();
        while (hasRow || hasTombstone)
        {
            cancelled.ThrowIfCancellationRequested();
            if (hasRow && (!hasTombstone || rows.Integer(9) < tombstones.Integer(1)))
            {
                var row = RowColumns.Read(rows, collectionId);
                yield return new ChangeEntry(collectionId, row.Name, row.Change, row);
                hasRow = rows.Step();
            }
            else
            {
                yield return new ChangeEntry(collectionId, tombstones.Text(0), tombstones.Integer(1), null);
                hasTombstone = tombstones.Step();
            }
        }
    }
}
