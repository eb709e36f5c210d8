namespace Calendaring.Store.Sqlite;

internal sealed partial class Snapshot
{
    // the index has everything but the element: a bag is not read for the names in it
    private static readonly Sql PropertyNames = new(
        $"SELECT rowid, namespace, name, level FROM properties INDEXED BY properties_by_name WHERE {PropertyColumns.OfTarget} AND level <= ? ORDER BY namespace, name, level DESC");
    private static readonly Sql PropertyElement = new("SELECT element FROM properties WHERE rowid = ?");
    private static readonly Sql LeveledProperties = new($"SELECT level, namespace, name, element FROM properties WHERE {PropertyColumns.OfTarget} AND level <= ?");
    private static readonly Sql MembersWithProperties = new(
        "SELECT DISTINCT member FROM properties INDEXED BY properties_by_name WHERE principal_id = ? AND collection_id = ? AND member > '' AND level <= ?");

    public ValueTask<HomeUsage> GetUsageAsync(string principalId) => new(_catalog.Homes.GetValueOrDefault(principalId)?.Usage ?? HomeUsage.None);

    public ValueTask<long> GroupUsageAsync(string groupId, int level) => new(_catalog.UsageOf(groupId, level));

    public ValueTask<PropertyBag> ReadPropertiesAsync(PropertyTarget target, int level, IReadOnlyCollection<PropertyName>? names = null)
    {
        var bottom = target.IsCollection ? _catalog.Shelves.GetValueOrDefault(target.CollectionId)?.Collection.Properties ?? PropertyBag.Empty : PropertyBag.Empty;
        var rows = FindTopmost(target, level, names);
        if (rows.Count == 0) return new(bottom);
        var values = new Dictionary<PropertyName, string>(bottom.Values);
        foreach (var (name, row) in rows)
        {
            using var statement = Connection.Take(PropertyElement).Bind(row);
            if (statement.Step() && statement.TextOrNull(0) is { } element) values[name] = element;
            else values.Remove(name);
        }

        return new(PropertyBag.Of(values));
    }

    public ValueTask<IReadOnlyList<LeveledProperty>> ListPropertiesAsync(PropertyTarget target, int level)
    {
        using var statement = Connection.Take(LeveledProperties).Bind(target).Bind(level);
        var all = new List<LeveledProperty>();
        while (statement.Step()) all.Add(new LeveledProperty((int)statement.Integer(0), new PropertyName(statement.Text(1), statement.Text(2)), statement.TextOrNull(3)));
        return new(all);
    }

    public ValueTask<IReadOnlySet<string>> ListMembersWithPropertiesAsync(Collection collection, int level)
    {
        using var statement = Connection.Take(MembersWithProperties).Bind(collection.PrincipalId).Bind(collection.Id).Bind(level);
        var all = new HashSet<string>(StringComparer.Ordinal);
        while (statement.Step()) all.Add(statement.Text(0));
        return new(all);
    }

    private List<(PropertyName Name, long Row)> FindTopmost(PropertyTarget target, int level, IReadOnlyCollection<PropertyName>? names)
    {
        var wanted = names is null ? null : names as IReadOnlySet<PropertyName> ?? names.ToHashSet();
        var rows = new List<(PropertyName Name, long Row)>();
        using var statement = Connection.Take(PropertyNames).Bind(target).Bind(level);
        PropertyName? last = null;
        while (statement.Step())
        {
            var name = new PropertyName(statement.Text(1), statement.Text(2));
            if (name == last) continue;
            last = name;
            if (wanted is null || wanted.Contains(name)) rows.Add((name, statement.Integer(0)));
        }

        return rows;
    }
}
