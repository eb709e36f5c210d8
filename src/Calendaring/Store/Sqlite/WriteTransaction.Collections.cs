using System.Security.Cryptography;

namespace Calendaring.Store.Sqlite;

internal sealed partial class WriteTransaction
{
    private static readonly Sql InsertCollection = new(
        "INSERT INTO collections (principal_id, name, kind, components, incarnation, created, properties) VALUES (?, ?, ?, ?, ?, ?, ?)");
    private static readonly Sql InsertChange = new("INSERT INTO collection_changes (collection_id, change, swept) VALUES (?, ?, 0)");
    private static readonly Sql WriteProperties = new("UPDATE collections SET properties = ? WHERE id = ?");
    private static readonly Sql SizeOfMembers = new("SELECT coalesce(sum(size), 0) FROM objects WHERE collection_id = ?");
    private static readonly Sql[] DeleteWithMembers =
    [
        new("DELETE FROM bodies WHERE id IN (SELECT id FROM objects WHERE collection_id = ?)"),
        new("DELETE FROM objects WHERE collection_id = ?"),
        new("DELETE FROM tombstones WHERE collection_id = ?"),
        new("DELETE FROM collection_changes WHERE collection_id = ?"),
        new("DELETE FROM collections WHERE id = ?"),
    ];
    private static readonly Sql FindSwept = new("SELECT collection_id, max(change) FROM tombstones INDEXED BY tombstones_by_age WHERE at < ? GROUP BY collection_id");
    private static readonly Sql DeleteSwept = new("DELETE FROM tombstones WHERE collection_id = ? AND change <= ?");

    private StoreFailure? Create(CreateCollection create)
    {
        var given = create.Collection;
        if (!Catalog.Homes.TryGetValue(given.PrincipalId, out var home)) return Fail(StoreFailureKind.NotFound);
        if (home.Collections.ContainsKey(given.Name)) return Fail(StoreFailureKind.Exists);

        var incarnation = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8));
        connection.Take(InsertCollection)
            .Bind(given.PrincipalId)
            .Bind(given.Name)
            .Bind((long)given.Kind)
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
            Components = [.. given.Components],
            Created = Columns.InstantOf(Columns.Ticks(given.Created)),
        };
        connection.Take(InsertChange).Bind(collection.Id).Bind(collection.Change).Run();
        Catalog = Catalog.With(home with { Change = collection.Change, Collections = home.Collections.Add(collection.Name, collection.Id) }, new Shelf(collection, 0));
        Note(collection, collection.Change);
        _collections.Add(collection);
        return null;
    }

    private StoreFailure? Update(UpdateCollection update)
    {
        if (!Catalog.Shelves.TryGetValue(update.CollectionId, out var shelf)) return Fail(StoreFailureKind.NotFound);
        if (update.ExpectedChange is { } expected && expected != shelf.Collection.Change) return Fail(StoreFailureKind.Precondition);
        connection.Take(WriteProperties).Bind(Columns.Write(update.Properties)).Bind(update.CollectionId).Run();
        Change(shelf with { Collection = shelf.Collection with { Properties = update.Properties } });
        return null;
    }

    private StoreFailure? Delete(DeleteCollection delete)
    {
        if (!Catalog.Shelves.TryGetValue(delete.CollectionId, out var shelf)) return Fail(StoreFailureKind.NotFound);
        long size;
        using (var sum = connection.Take(SizeOfMembers).Bind(delete.CollectionId))
        {
            sum.Step();
            size = sum.Integer(0);
        }
        foreach (var sql in DeleteWithMembers) connection.Take(sql).Bind(delete.CollectionId).Run();
        Change(shelf, -size);
        var home = Catalog.Homes[shelf.Collection.PrincipalId];
        Catalog = Catalog with
        {
            Homes = Catalog.Homes.SetItem(home.Principal.Id, home with { Collections = home.Collections.Remove(shelf.Collection.Name) }),
            Shelves = Catalog.Shelves.Remove(delete.CollectionId),
        };
        return null;
    }

    /// <summary>
    /// Removes tombstones that are old enough, and those with a lower change number whatever their age says (clocks may be set back): what stays is complete from the number noted.
    /// </summary>
    private StoreFailure? Sweep(SweepTombstones sweep)
    {
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
}
