using System.Collections.Immutable;

namespace Calendaring.Store.Sqlite;

/// <summary>Reads the whole catalog from its tables, once at the start.</summary>
internal static class CatalogTables
{
    private static readonly Sql Meta = new("SELECT commit_number, record_version FROM meta");
    private static readonly Sql Principals = new(
        "SELECT p.id, p.login, p.display_name, p.email, p.kind, p.group_id, h.change, h.incarnation, h.swept, p.deactivated FROM principals p JOIN homes h ON h.principal_id = p.id");
    private static readonly Sql Credentials = new(
        "SELECT principal_id, id, label, secret_kind, secret_hash, read_only, level_name, created, last_used, last_address, last_user_agent FROM credentials ORDER BY principal_id, created, id");
    private static readonly Sql Collections = new(
        "SELECT c.id, c.principal_id, c.name, c.kind, c.components, c.incarnation, n.change, c.created, c.properties, n.swept, n.described, n.replaced, n.modified FROM collections c JOIN collection_changes n ON n.collection_id = c.id");

    private static readonly Sql Usage = new("SELECT principal_id, level, objects, bytes, property_bytes FROM usage");

    public static Catalog Read(Connection connection)
    {
        var usage = ReadUsage(connection);
        var credentials = ReadCredentials(connection);
        var shelves = ImmutableDictionary.CreateBuilder<long, Shelf>();
        var names = ReadCollections(connection, shelves);
        var homes = Catalog.Empty.Homes.ToBuilder();
        var logins = Catalog.Empty.Logins.ToBuilder();
        var groups = new Dictionary<string, ImmutableSortedSet<string>.Builder>(StringComparer.Ordinal);
        var emails = new Dictionary<string, ImmutableSortedSet<string>.Builder>(StringComparer.Ordinal);
        using (var statement = connection.Take(Principals))
        {
            while (statement.Step())
            {
                var principal = new Principal(
                    statement.Text(0),
                    statement.Text(1),
                    statement.Text(2),
                    statement.TextOrNull(3),
                    (int)statement.Integer(4),
                    statement.TextOrNull(5))
                {
                    Deactivated = Columns.InstantOf(statement.IntegerOrNull(9)),
                };
                homes[principal.Id] = new Home(
                    principal,
                    statement.Integer(6),
                    usage.GetValueOrDefault(principal.Id, HomeUsage.None) with { Collections = names.GetValueOrDefault(principal.Id)?.Count ?? 0 },
                    credentials.TryGetValue(principal.Id, out var own) ? [.. own] : [],
                    names.TryGetValue(principal.Id, out var children) ? children.ToImmutable() : Home.NoCollections,
                    statement.Text(7),
                    statement.Integer(8));
                logins[principal.Login] = principal.Id;
                AddTo(groups, principal.GroupId, principal.Id);
                AddTo(emails, Columns.KeyOfEmail(principal.Email), principal.Id);
            }
        }
        using var meta = connection.Take(Meta);
        meta.Step();
        return new Catalog(
            meta.Integer(0),
            meta.Integer(1),
            homes.ToImmutable(),
            logins.ToImmutable(),
            Frozen(emails),
            Frozen(groups),
            shelves.ToImmutable());
    }

    private static void AddTo(Dictionary<string, ImmutableSortedSet<string>.Builder> groups, string? name, string id)
    {
        if (name is null) return;
        if (!groups.TryGetValue(name, out var members)) groups[name] = members = ImmutableSortedSet.CreateBuilder<string>(StringComparer.Ordinal);
        members.Add(id);
    }

    private static ImmutableDictionary<string, ImmutableSortedSet<string>> Frozen(Dictionary<string, ImmutableSortedSet<string>.Builder> groups) =>
        groups.ToImmutableDictionary(group => group.Key, group => group.Value.ToImmutable(), StringComparer.Ordinal);

    private static Dictionary<string, HomeUsage> ReadUsage(Connection connection)
    {
        var all = new Dictionary<string, HomeUsage>(StringComparer.Ordinal);
        using var statement = connection.Take(Usage);
        while (statement.Step())
        {
            var home = all.GetValueOrDefault(statement.Text(0), HomeUsage.None);
            all[statement.Text(0)] = home.With((int)statement.Integer(1), new LevelUsage(statement.Integer(2), statement.Integer(3), statement.Integer(4)));
        }

        return all;
    }

    private static Dictionary<string, List<Credential>> ReadCredentials(Connection connection)
    {
        var all = new Dictionary<string, List<Credential>>(StringComparer.Ordinal);
        using var statement = connection.Take(Credentials);
        while (statement.Step())
        {
            var credential = new Credential(
                statement.Text(1),
                statement.Text(0),
                statement.Text(2),
                (SecretKind)statement.Integer(3),
                statement.Text(4),
                statement.Boolean(5),
                statement.Text(6),
                Columns.InstantOf(statement.Integer(7)),
                Columns.InstantOf(statement.IntegerOrNull(8)),
                statement.TextOrNull(9),
                statement.TextOrNull(10));
            if (!all.TryGetValue(credential.PrincipalId, out var own)) all[credential.PrincipalId] = own = [];
            own.Add(credential);
        }
        return all;
    }

    private static Dictionary<string, ImmutableSortedDictionary<string, long>.Builder> ReadCollections(
        Connection connection, ImmutableDictionary<long, Shelf>.Builder shelves)
    {
        var names = new Dictionary<string, ImmutableSortedDictionary<string, long>.Builder>(StringComparer.Ordinal);
        using var statement = connection.Take(Collections);
        while (statement.Step())
        {
            var collection = new Collection(
                statement.Integer(0),
                statement.Text(1),
                statement.Text(2),
                (int)statement.Integer(3),
                statement.Text(4).Split(',', StringSplitOptions.RemoveEmptyEntries),
                statement.Text(5),
                statement.Integer(6),
                Columns.InstantOf(statement.Integer(7)),
                Columns.ReadProperties(statement, 8),
                statement.Integer(10),
                statement.Integer(11))
            {
                Modified = Columns.InstantOf(statement.Integer(12)),
            };
            shelves[collection.Id] = new Shelf(collection, statement.Integer(9));
            if (!names.TryGetValue(collection.PrincipalId, out var own)) names[collection.PrincipalId] = own = Home.NoCollections.ToBuilder();
            own[collection.Name] = collection.Id;
        }
        return names;
    }
}
