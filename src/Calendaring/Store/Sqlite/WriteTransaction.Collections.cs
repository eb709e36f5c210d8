namespace Calendaring.Store.Sqlite;

internal sealed partial class WriteTransaction
{
    private static readonly Sql InsertCollection = new(
        "INSERT INTO collections (principal_id, name, kind, components, incarnation, created, properties) VALUES (?, ?, ?, ?, ?, ?, ?)");
    private static readonly Sql InsertChange = new("INSERT INTO collection_changes (collection_id, change, described, replaced, modified, swept) VALUES (?, ?, ?, ?, ?, 0)");
    private static readonly Sql WriteProperties = new("UPDATE collections SET properties = ? WHERE id = ?");
    // in the order of before; the numbers are new, so that a sync tells of each member
    private static readonly Sql MoveMembers = new(
        """
        UPDATE objects SET collection_id = ?, change = ? + place
        FROM (SELECT id AS member, row_number() OVER (ORDER BY change) AS place FROM objects WHERE collection_id = ?) WHERE id = member
        """);
    private static readonly Sql CountMembers = new("SELECT count(*) FROM objects WHERE collection_id = ?");
    private static readonly Sql SizeOfMembers = new("SELECT level, count(*), sum(size) FROM objects WHERE collection_id = ? AND published GROUP BY level");
    private static readonly Sql[] DeleteWithMembers =
    [
        new("DELETE FROM bodies WHERE id IN (SELECT id FROM objects WHERE collection_id = ?)"),
        new("DELETE FROM objects WHERE collection_id = ?"),
        new("DELETE FROM tombstones WHERE collection_id = ?"),
        new("DELETE FROM collection_changes WHERE collection_id = ?"),
        new("DELETE FROM collections WHERE id = ?"),
    ];
    private static readonly Sql RemovedAt = new("SELECT change FROM collection_tombstones WHERE principal_id = ? AND name = ?");
    private static readonly Sql InsertCollectionTombstone = new("INSERT INTO collection_tombstones (principal_id, name, change, at) VALUES (?, ?, ?, ?)");
    private static readonly Sql DeleteCollectionTombstone = new("DELETE FROM collection_tombstones WHERE principal_id = ? AND name = ?");
    private static readonly Sql FindSweptHomes = new(
        "SELECT principal_id, max(change) FROM collection_tombstones INDEXED BY collection_tombstones_by_age WHERE at < ? GROUP BY principal_id");
    private static readonly Sql DeleteSweptCollections = new("DELETE FROM collection_tombstones WHERE principal_id = ? AND change <= ?");
    private static readonly Sql FindSwept = new("SELECT collection_id, max(change) FROM tombstones INDEXED BY tombstones_by_age WHERE at < ? GROUP BY collection_id");
    private static readonly Sql DeleteSwept = new("DELETE FROM tombstones WHERE collection_id = ? AND change <= ?");

    private StoreFailure? Create(CreateCollection create)
    {
        var given = create.Collection;
        if (!Catalog.Homes.TryGetValue(given.PrincipalId, out var home)) return Fail(StoreFailureKind.NotFound);
        if (home.Collections.ContainsKey(given.Name)) return Fail(StoreFailureKind.Exists);

        var incarnation = NewIncarnation();
        connection.Take(InsertCollection)
            .Bind(given.PrincipalId)
            .Bind(given.Name)
            .Bind(given.Kind)
            .Bind(string.Join(',', given.Components))
            .Bind(incarnation)
            .Bind(Columns.Ticks(given.Created))
            .Bind(Columns.Write(given.Properties))
            .Run();
        var collection = given with
        {
            Id = connection.LastId,
            Incarnation = incarnation,
            Change = home.Change + 1,
            DescribedAt = home.Change + 1,
            ReplacedAt = TakeRemoval(given.PrincipalId, given.Name),
            Components = [.. given.Components],
            Created = Columns.InstantOf(Columns.Ticks(given.Created)),
            Modified = Now,
        };
        connection.Take(InsertChange).Bind(collection.Id).Bind(collection.Change).Bind(collection.DescribedAt).Bind(collection.ReplacedAt).Bind(_now).Run();
        var collections = home.Collections.Add(collection.Name, collection.Id);
        Catalog = Catalog.With(home with { Change = collection.Change, Collections = collections, Usage = home.Usage with { Collections = collections.Count } }, new Shelf(collection, 0));
        Note(collection, collection.Change);
        var failure = create.Described is { } described ? Set(described with { Target = PropertyTarget.Of(collection) }) : null;
        _collections.Add(Catalog.Shelves[collection.Id].Collection);
        return failure;
    }

    private StoreFailure? Update(UpdateCollection update)
    {
        if (!Catalog.Shelves.TryGetValue(update.CollectionId, out var shelf)) return Fail(StoreFailureKind.NotFound);
        var properties = shelf.Collection.Properties;
        foreach (var (name, element) in update.Properties) properties = properties.With(name, element);
        connection.Take(WriteProperties).Bind(Columns.Write(properties)).Bind(update.CollectionId).Run();
        Describe(shelf with { Collection = shelf.Collection with { Properties = properties } });
        return null;
    }

    private void Describe(Shelf shelf)
    {
        var next = Catalog.Homes[shelf.Collection.PrincipalId].Change + 1;
        Change(shelf with { Collection = shelf.Collection with { DescribedAt = next } });
    }

    private StoreFailure? Check(ExpectCollection expected) =>
        Catalog.Shelves.TryGetValue(expected.CollectionId, out var shelf) && shelf.Collection.Change == expected.Change ? null : Fail(StoreFailureKind.Precondition);

    private StoreFailure? Check(ExpectHome expected) =>
        Catalog.Homes.TryGetValue(expected.PrincipalId, out var home) && home.Change == expected.Change ? null : Fail(StoreFailureKind.Precondition);

    private StoreFailure? Move(MoveCollection move)
    {
        if (!Catalog.Shelves.TryGetValue(move.CollectionId, out var shelf)) return Fail(StoreFailureKind.NotFound);
        if (Create(new CreateCollection(shelf.Collection with { Name = move.Name })) is { } failure) return failure;
        var made = _collections[^1];
        long members;
        using (var count = connection.Take(CountMembers).Bind(move.CollectionId))
        {
            count.Step();
            members = count.Integer(0);
        }
        connection.Take(MoveMembers).Bind(made.Id).Bind(made.Change).Bind(move.CollectionId).Run();
        ForgetPropertiesAbove(shelf.Collection, move.Level);
        connection.Take(MoveProperties).Bind(made.Id).Bind(made.PrincipalId).Bind(move.CollectionId).Run();
        var moved = made with { Change = made.Change + members };
        Catalog = Catalog.With(Catalog.Homes[made.PrincipalId] with { Change = moved.Change }, new Shelf(moved, 0));
        Note(moved, moved.Change);
        _collections[^1] = moved;
        return Delete(new DeleteCollection(move.CollectionId));
    }

    /// <summary>Forgets that a collection of a name was removed, and says when that was; 0 when it is not known to have been.</summary>
    private long TakeRemoval(string principalId, string name)
    {
        using (var statement = connection.Take(RemovedAt).Bind(principalId).Bind(name))
        {
            if (!statement.Step()) return 0;
            var change = statement.Integer(0);
            connection.Take(DeleteCollectionTombstone).Bind(principalId).Bind(name).Run();
            return change;
        }
    }

    private StoreFailure? Delete(DeleteCollection delete)
    {
        if (!Catalog.Shelves.TryGetValue(delete.CollectionId, out var shelf)) return Fail(StoreFailureKind.NotFound);
        using (var sums = connection.Take(SizeOfMembers).Bind(delete.CollectionId))
        {
            while (sums.Step()) Count(shelf.Collection.PrincipalId, (int)sums.Integer(0), default(LevelUsage) - new LevelUsage(sums.Integer(1), sums.Integer(2), 0));
        }

        ForgetPropertiesAbove(shelf.Collection, -1);
        foreach (var sql in DeleteWithMembers) connection.Take(sql).Bind(delete.CollectionId).Run();
        var change = Change(shelf);
        connection.Take(InsertCollectionTombstone).Bind(shelf.Collection.PrincipalId).Bind(shelf.Collection.Name).Bind(change).Bind(_now).Run();
        var home = Catalog.Homes[shelf.Collection.PrincipalId];
        var collections = home.Collections.Remove(shelf.Collection.Name);
        Catalog = Catalog with
        {
            Homes = Catalog.Homes.SetItem(home.Principal.Id, home with { Collections = collections, Usage = home.Usage with { Collections = collections.Count } }),
            Shelves = Catalog.Shelves.Remove(delete.CollectionId),
        };
        return null;
    }

    /// <summary>
    /// Removes tombstones that are old enough, and those with a lower change number whatever their age says (clocks may be set back): what stays is complete from the number noted.
    /// </summary>
    private StoreFailure? Sweep(SweepTombstones sweep)
    {
        SweepHomes(sweep);
        var found = new List<(long CollectionId, long Change)>();
        using (var statement = connection.Take(FindSwept).Bind(Columns.Ticks(sweep.Before)))
        {
            while (statement.Step()) found.Add((statement.Integer(0), statement.Integer(1)));
        }
        foreach (var (collectionId, change) in found)
        {
            connection.Take(DeleteSwept).Bind(collectionId).Bind(change).Run();
            var shelf = Catalog.Shelves[collectionId];
            Catalog = Catalog.With(shelf with { Swept = change });
            _sweptCollections.Add(collectionId);
        }
        return null;
    }

    private void SweepHomes(SweepTombstones sweep)
    {
        var found = new List<(string PrincipalId, long Change)>();
        using (var statement = connection.Take(FindSweptHomes).Bind(Columns.Ticks(sweep.Before)))
        {
            while (statement.Step()) found.Add((statement.Text(0), statement.Integer(1)));
        }
        foreach (var (principalId, change) in found)
        {
            connection.Take(DeleteSweptCollections).Bind(principalId).Bind(change).Run();
            Catalog = Catalog.With(Catalog.Homes[principalId] with { Swept = change });
            _changedHomes.Add(principalId);
        }
    }
}
