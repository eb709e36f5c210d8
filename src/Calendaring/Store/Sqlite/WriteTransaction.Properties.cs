using System.Text;

namespace Calendaring.Store.Sqlite;

internal sealed partial class WriteTransaction
{
    private const string OfProperty = $"{PropertyColumns.OfTarget} AND namespace = ? AND name = ?";

    private static readonly Sql FindProperty = new($"SELECT size FROM properties WHERE {OfProperty} AND level = ?");
    private static readonly Sql FindBelow = new($"SELECT 1 FROM properties WHERE {OfProperty} AND level < ?");
    private static readonly Sql PutProperty = new(
        """
        INSERT INTO properties (principal_id, collection_id, member, namespace, name, level, size, element) VALUES (?, ?, ?, ?, ?, ?, ?, ?)
        ON CONFLICT (principal_id, collection_id, member, namespace, name, level) DO UPDATE SET size = excluded.size, element = excluded.element
        """);
    private static readonly Sql DeleteProperty = new($"DELETE FROM properties WHERE {OfProperty} AND level = ?");
    private static readonly Sql SumProperties = new($"SELECT count(*), coalesce(sum(size), 0) FROM properties WHERE {PropertyColumns.OfTarget} AND level <= ?");
    private static readonly Sql SumOfTarget = new($"SELECT level, sum(size) FROM properties WHERE {PropertyColumns.OfTarget} GROUP BY level");
    private static readonly Sql DeleteOfTarget = new($"DELETE FROM properties WHERE {PropertyColumns.OfTarget}");
    private static readonly Sql SumOfCollection = new("SELECT level, sum(size) FROM properties WHERE principal_id = ? AND collection_id = ? AND level > ? GROUP BY level");
    private static readonly Sql DeleteOfCollection = new("DELETE FROM properties WHERE principal_id = ? AND collection_id = ? AND level > ?");
    private static readonly Sql MoveProperties = new("UPDATE properties SET collection_id = ? WHERE principal_id = ? AND collection_id = ?");
    private static readonly Sql WriteUsage = new("INSERT OR REPLACE INTO usage (principal_id, level, objects, bytes, property_bytes) VALUES (?, ?, ?, ?, ?)");

    private StoreFailure? Set(SetProperties set)
    {
        var target = set.Target;
        if (!Catalog.Homes.ContainsKey(target.PrincipalId)) return Fail(StoreFailureKind.NotFound);
        Shelf? shelf = null;
        if (target.CollectionId != 0 && (!Catalog.Shelves.TryGetValue(target.CollectionId, out shelf) || shelf.Collection.PrincipalId != target.PrincipalId)) return Fail(StoreFailureKind.NotFound);
        if (target.IsMember)
        {
            if (Find(target.CollectionId, target.Member) is not { Published: true } existing) return Fail(StoreFailureKind.NotFound);
            if (!Holds(set.Expected, existing)) return Fail(StoreFailureKind.Precondition);
        }

        var (count, bytes) = (0, 0L);
        foreach (var (name, element) in set.Properties)
        {
            var difference = Write(target, set.Level, name, element, target.IsCollection && shelf!.Collection.Properties.TryGet(name, out _));
            count += difference.Count;
            bytes += difference.Bytes;
        }

        Count(target.PrincipalId, set.Level, new LevelUsage(0, 0, bytes));
        if (target.IsCollection) Describe(shelf!);
        return set.Room is { } room ? Check(room, set, count, bytes) : null;
    }

    /// <summary>The row of a level. What a level removes while a lower one has it is noted as removed, so that the lower one keeps it.</summary>
    private (int Count, long Bytes) Write(PropertyTarget target, int level, PropertyName name, string? element, bool isOfServer)
    {
        long? before = null;
        using (var found = connection.Take(FindProperty).Bind(target).Bind(name.Namespace).Bind(name.Name).Bind(level))
        {
            if (found.Step()) before = found.Integer(0);
        }

        if (element is null && !isOfServer && !IsBelow(target, level, name))
        {
            if (before is not { } gone) return default;
            connection.Take(DeleteProperty).Bind(target).Bind(name.Namespace).Bind(name.Name).Bind(level).Run();
            return (-1, -gone);
        }

        var size = Encoding.UTF8.GetByteCount(element ?? name.Namespace + name.Name);
        connection.Take(PutProperty).Bind(target).Bind(name.Namespace).Bind(name.Name).Bind(level).Bind(size).Bind(element).Run();
        return (before is null ? 1 : 0, size - (before ?? 0));
    }

    private bool IsBelow(PropertyTarget target, int level, PropertyName name)
    {
        using var found = connection.Take(FindBelow).Bind(target).Bind(name.Namespace).Bind(name.Name).Bind(level);
        return found.Step();
    }

    private StoreFailure? Check(PropertyRoom room, SetProperties set, int count, long bytes)
    {
        if (count <= 0 && bytes <= 0) return null;
        long all, size;
        using (var sum = connection.Take(SumProperties).Bind(set.Target).Bind(set.Level))
        {
            sum.Step();
            (all, size) = (sum.Integer(0), sum.Integer(1));
        }

        if (count > 0 && all > room.Count) return Fail(StoreLimit.PropertyCount);
        if (bytes <= 0) return null;
        if (size > room.Bytes) return Fail(StoreLimit.PropertyBytes);
        return Catalog.Homes[set.Target.PrincipalId].Usage.PropertyBytesAt(set.Level) > room.BytesOfHome ? Fail(StoreLimit.PropertyBytesOfHome) : null;
    }

    private StoreFailure? Check(KeepWithin within)
    {
        if (!Catalog.Homes.TryGetValue(within.PrincipalId, out var home)) return Fail(StoreFailureKind.NotFound);
        var used = home.Usage.SeenAt(within.Level);
        if (used <= (_batchBegan.Homes.GetValueOrDefault(within.PrincipalId)?.Usage.SeenAt(within.Level) ?? 0)) return null;
        if (used > within.Bytes) return Fail(StoreLimit.Home);
        return home.Principal.GroupId is { } group && within.BytesOfGroup is { } most && Catalog.UsageOf(group, within.Level) > most ? Fail(StoreLimit.Group) : null;
    }

    /// <summary>A member that is removed, or not served any more, has no properties.</summary>
    private void ForgetProperties(PropertyTarget target)
    {
        var any = false;
        using (var sums = connection.Take(SumOfTarget).Bind(target)) any = Subtract(target.PrincipalId, sums);
        if (any) connection.Take(DeleteOfTarget).Bind(target).Run();
    }

    /// <summary>Those above a level, of a collection and all its members.</summary>
    private void ForgetPropertiesAbove(Collection collection, int level)
    {
        var any = false;
        using (var sums = connection.Take(SumOfCollection).Bind(collection.PrincipalId).Bind(collection.Id).Bind(level)) any = Subtract(collection.PrincipalId, sums);
        if (any) connection.Take(DeleteOfCollection).Bind(collection.PrincipalId).Bind(collection.Id).Bind(level).Run();
    }

    private bool Subtract(string principalId, Statement sums)
    {
        var any = false;
        while (sums.Step())
        {
            any = true;
            Count(principalId, (int)sums.Integer(0), new LevelUsage(0, 0, -sums.Integer(1)));
        }

        return any;
    }

    private void Count(string principalId, int level, LevelUsage difference)
    {
        var home = Catalog.Homes[principalId];
        Catalog = Catalog.With(home with { Usage = home.Usage.With(level, difference) });
        _changedHomes.Add(principalId);
    }

    private void WriteUsageOf(Home home)
    {
        var before = _before.Homes.GetValueOrDefault(home.Principal.Id)?.Usage ?? HomeUsage.None;
        for (var level = 0; level < StoreLevels.Count; level++)
        {
            var usage = home.Usage.Levels[level];
            if (usage == before.Levels[level]) continue;
            connection.Take(WriteUsage).Bind(home.Principal.Id).Bind(level).Bind(usage.Objects).Bind(usage.Bytes).Bind(usage.PropertyBytes).Run();
        }
    }

    private static StoreFailure Fail(StoreLimit limit) => new(StoreFailureKind.Quota, 0, Limit: limit);
}
