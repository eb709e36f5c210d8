using System.Security.Cryptography;
using NodaTime;

namespace Calendaring.Store.Sqlite;

/// <summary>
/// One transaction of the writer with the batches of a group. The catalog is carried along as a value: a batch that fails puts back the value it began with, as its savepoint
/// does with the tables.
/// </summary>
internal sealed partial class WriteTransaction(Connection connection, Catalog catalog, Instant now)
{
    private static readonly Sql Savepoint = new("SAVEPOINT batch");
    private static readonly Sql RollBackBatch = new("ROLLBACK TO batch");
    private static readonly Sql Release = new("RELEASE batch");
    private static readonly Sql WriteMeta = new("UPDATE meta SET commit_number = ?, record_version = ?");
    private static readonly Sql WriteHome = new("UPDATE homes SET change = ?, swept = ? WHERE principal_id = ?");
    private static readonly Sql WriteChange = new("UPDATE collection_changes SET change = ?, swept = ?, described = ?, modified = ? WHERE collection_id = ?");

    private readonly Catalog _before = catalog;
    private readonly HashSet<string> _changedHomes = new(StringComparer.Ordinal);
    private readonly Dictionary<long, ChangeNotice> _notices = [];
    private readonly HashSet<long> _sweptCollections = [];
    private readonly long _now = Columns.Ticks(now);
    private List<PutOutcome> _puts = [];
    private Catalog _batchBegan = catalog;
    private List<Collection> _collections = [];

    /// <summary>The catalog as the batches applied so far leave it.</summary>
    public Catalog Catalog { get; private set; } = catalog;

    /// <summary>Whether there is anything to commit: every change changes the catalog, and a batch that failed has put it back.</summary>
    public bool HasChanges => !ReferenceEquals(Catalog, _before);

    /// <summary>The collections changed, each with its last change number.</summary>
    public IReadOnlyCollection<ChangeNotice> Notices => _notices.Values;

    private Instant Now => Columns.InstantOf(_now);

    /// <summary>Applies a batch whole, or nothing of it.</summary>
    public BatchOutcome Apply(StoreBatch batch)
    {
        var before = _batchBegan = Catalog;
        _puts = [];
        _collections = [];
        connection.Run(Savepoint);
        var operations = batch.Operations;
        for (var number = 0; number < operations.Count; number++)
        {
            if (Apply(operations[number]) is not { } failure) continue;
            connection.Run(RollBackBatch);
            connection.Run(Release);
            Catalog = before;
            return new BatchOutcome(failure with { Operation = number }, [], []);
        }
        connection.Run(Release);
        return new BatchOutcome(null, _puts, _collections);
    }

    /// <summary>Writes what is written once for all batches, and returns the catalog that the commit will make true.</summary>
    public Catalog Finish()
    {
        foreach (var id in _changedHomes)
        {
            if (!Catalog.Homes.TryGetValue(id, out var home)) continue;
            connection.Take(WriteHome).Bind(home.Change).Bind(home.Swept).Bind(id).Run();
            WriteUsageOf(home);
        }
        _sweptCollections.UnionWith(_notices.Keys);
        foreach (var id in _sweptCollections)
        {
            if (Catalog.Shelves.TryGetValue(id, out var shelf)) Write(shelf);
        }
        Catalog = Catalog with { CommitNumber = Catalog.CommitNumber + 1 };
        connection.Take(WriteMeta).Bind(Catalog.CommitNumber).Bind(Catalog.RecordVersion).Run();
        return Catalog;
    }

    private void Write(Shelf shelf) => connection.Take(WriteChange)
        .Bind(shelf.Collection.Change)
        .Bind(shelf.Swept)
        .Bind(shelf.Collection.DescribedAt)
        .Bind(Columns.Ticks(shelf.Collection.Modified))
        .Bind(shelf.Collection.Id)
        .Run();

    private StoreFailure? Apply(StoreOperation operation) => operation switch
    {
        PutObject put => Put(put),
        DeleteObject delete => Delete(delete),
        PutRecord put => Put(put),
        DeleteRecord delete => Delete(delete),
        ExpectRecord expected => Check(expected),
        AppendLine append => Append(append),
        ExpectLine expected => Check(expected),
        EraseLines erase => Erase(erase),
        CreateCollection create => Create(create),
        UpdateCollection update => Update(update),
        MoveCollection move => Move(move),
        DeleteCollection delete => Delete(delete),
        ExpectCollection expected => Check(expected),
        ExpectHome expected => Check(expected),
        CreatePrincipal create => Create(create),
        ErasePrincipal erase => Erase(erase),
        UpdatePrincipal update => Update(update),
        SetProperties set => Set(set),
        KeepWithin within => Check(within),
        SetDeactivated set => Set(set),
        RenamePrincipal rename => Rename(rename),
        PutCredential put => Put(put),
        ChangeCredential change => Change(change),
        DeleteCredential delete => Delete(delete),
        WriteUses uses => Write(uses),
        SweepTombstones sweep => Sweep(sweep),
        _ => throw new ArgumentException($"The store knows no operation {operation.GetType().Name}.", nameof(operation)),
    };

    /// <summary>Gives the next change number of the home to a change in a collection.</summary>
    private long Change(Shelf shelf, HomeUsage? usage = null)
    {
        var home = Catalog.Homes[shelf.Collection.PrincipalId];
        var change = home.Change + 1;
        Catalog = Catalog.With(
            home with { Change = change, Usage = usage ?? home.Usage },
            shelf with { Collection = shelf.Collection with { Change = change, Modified = Now } });
        Note(shelf.Collection, change);
        return change;
    }

    private void Note(Collection collection, long change)
    {
        _changedHomes.Add(collection.PrincipalId);
        _notices[collection.Id] = new ChangeNotice(collection.PrincipalId, collection.Id, change);
    }

    private static string NewIncarnation() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8));

    private static StoreFailure Fail(StoreFailureKind kind, string? conflictingName = null) => new(kind, 0, conflictingName);
}
