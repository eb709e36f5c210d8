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
        new("DELETE FROM homes WHERE principal_id = ?"),
        new("DELETE FROM principals WHERE id = ?"),
        new("DELETE FROM records WHERE owner = ?"),
        new("DELETE FROM records WHERE id = ?"),
        new("UPDATE lines SET document = NULL, subject = NULL WHERE log_id IN (SELECT id FROM logs WHERE owner = ?)"),
        new("UPDATE lines SET document = NULL, subject = NULL WHERE subject = ?"),
        new("UPDATE logs SET owner = 'erased-' || lower(hex(randomblob(8))) WHERE owner = ?"),
    ];
    private static readonly Sql EraseMentions = new(
        """
        UPDATE lines SET document = NULL, subject = NULL
        WHERE log_id IN (SELECT id FROM logs WHERE name = ?) AND document IS NOT NULL AND instr(document, CAST(? AS BLOB)) > 0
        """);

    /// <summary>Lines of the tables' version 3 have a name and no id; within a practice the name is taken for the person.</summary>
    private static readonly Sql EraseNamed = new(
        """
        UPDATE lines SET document = NULL, subject = NULL
        WHERE log_id IN (SELECT g.id FROM logs g JOIN principals p ON p.id = g.owner WHERE g.name = ? AND p.practice_id IS ?) AND document IS NOT NULL
            AND CASE WHEN json_valid(CAST(document AS TEXT))
                THEN json_extract(CAST(document AS TEXT), '$.who') = ? AND json_extract(CAST(document AS TEXT), '$.personId') IS NULL END
        """);

    private StoreFailure? Erase(ErasePrincipal erase)
    {
        var id = erase.PrincipalId;
        if (!Catalog.Homes.TryGetValue(id, out var home)) return Fail(StoreFailureKind.NotFound);
        foreach (var sql in EraseHome) connection.Take(sql).Bind(id).Run();
        var namesakes = Catalog.Homes.Values.Select(other => other.Principal).Where(other => other.PracticeId == home.Principal.PracticeId && other.Id != id)
            .Select(other => other.DisplayName).ToHashSet(StringComparer.Ordinal);
        string[] names = [home.Principal.DisplayName, .. (erase.FormerNames ?? []).Where(name => !namesakes.Contains(name))];
        var quoted = System.Text.Json.JsonSerializer.Serialize(id);
        foreach (var log in erase.MentionedIn)
        {
            connection.Take(EraseMentions).Bind(log).Bind(quoted).Run();
            foreach (var name in names) connection.Take(EraseNamed).Bind(log).Bind(home.Principal.PracticeId).Bind(name).Run();
        }

        var practices = Catalog.Practices;
        if (home.Principal.PracticeId is { } practice) practices = practices.SetItem(practice, practices[practice].Remove(id));
        Catalog = Catalog with
        {
            RecordVersion = Catalog.RecordVersion + 1,
            Homes = Catalog.Homes.Remove(id),
            Logins = Catalog.Logins.Remove(home.Principal.Login),
            Practices = practices,
            Shelves = Catalog.Shelves.RemoveRange(home.Collections.Values),
        };
        return null;
    }
}
