namespace Calendaring.Store.Sqlite;

internal sealed partial class WriteTransaction
{
    /// <summary>Each takes the principal's id; those that are referred to come last.</summary>
    private static readonly Sql[] EraseHome =
    [
        new("DELETE FROM bodies WHERE id IN (SELECT o.id FROM objects o JOIN collections c ON c.id = o.collection_id WHERE c.principal_id = ?)"),
        new("DELETE FROM objects WHERE collection_id IN (SELECT id FROM collections WHERE principal_id = ?)"),
        new("DELETE FROM tombstones WHERE collection_id IN (SELECT id FROM collections WHERE principal_id = ?)"),
        new("DELETE FROM collection_changes WHERE collection_id IN (SELECT id FROM collections WHERE principal_id = ?)"),
        new("DELETE FROM collections WHERE principal_id = ?"),
        new("DELETE FROM collection_tombstones WHERE principal_id = ?"),
        new("DELETE FROM credentials WHERE principal_id = ?"),
        new("DELETE FROM properties WHERE principal_id = ?"),
        new("DELETE FROM usage WHERE principal_id = ?"),
        new("DELETE FROM homes WHERE principal_id = ?"),
        new("DELETE FROM principals WHERE id = ?"),
        new("DELETE FROM records WHERE owner = ?"),
        new("DELETE FROM records WHERE id = ?"),
        // what belongs to something of theirs has their id and a slash before its own
        new("DELETE FROM records WHERE owner > ?1 || '/' AND owner < ?1 || '0'"),
    ];
    private static readonly Sql EraseOwned = LineErasure.Where("log_id IN (SELECT id FROM logs WHERE owner = ?)");
    private static readonly Sql EraseAbout = LineErasure.Where("subject = ?");
    private static readonly Sql EraseMentions = LineErasure.Where("log_id IN (SELECT id FROM logs WHERE name = ?) AND instr(document, CAST(? AS BLOB)) > 0");

    /// <summary>Lines of the tables' version 3 have a name and no id; within a group the name is taken for the person.</summary>
    private static readonly Sql EraseNamed = LineErasure.Where(
        """
        log_id IN (SELECT g.id FROM logs g JOIN principals p ON p.id = g.owner WHERE g.name = ? AND p.group_id IS ?)
            AND CASE WHEN json_valid(CAST(document AS TEXT))
                THEN json_extract(CAST(document AS TEXT), '$.who') = ? AND json_extract(CAST(document AS TEXT), '$.personId') IS NULL END
        """);
    private static readonly Sql RenameOwned = new("UPDATE logs SET owner = 'erased-' || lower(hex(randomblob(8))) WHERE owner = ? RETURNING id");

    private StoreFailure? Erase(ErasePrincipal erase)
    {
        var id = erase.PrincipalId;
        if (!Catalog.Homes.TryGetValue(id, out var home)) return Fail(StoreFailureKind.NotFound);
        foreach (var sql in EraseHome) connection.Take(sql).Bind(id).Run();
        var lines = new LineErasure(connection);
        lines.Run(connection.Take(EraseOwned).Bind(id));
        lines.Run(connection.Take(EraseAbout).Bind(id));
        using (var renamed = connection.Take(RenameOwned).Bind(id))
        {
            while (renamed.Step()) lines.Note(renamed.Integer(0));
        }

        var namesakes = Catalog.Homes.Values.Select(other => other.Principal).Where(other => other.GroupId == home.Principal.GroupId && other.Id != id)
            .Select(other => other.DisplayName).ToHashSet(StringComparer.Ordinal);
        string[] names = [home.Principal.DisplayName, .. (erase.FormerNames ?? []).Where(name => !namesakes.Contains(name))];
        var quoted = System.Text.Json.JsonSerializer.Serialize(id);
        foreach (var log in erase.MentionedIn)
        {
            lines.Run(connection.Take(EraseMentions).Bind(log).Bind(quoted));
            foreach (var name in names) lines.Run(connection.Take(EraseNamed).Bind(log).Bind(home.Principal.GroupId).Bind(name));
        }

        lines.State();
        Catalog = Catalog.Without(home) with { RecordVersion = Catalog.RecordVersion + 1 };
        return null;
    }
}
