namespace Calendaring.Store.Sqlite;

/// <summary>How a resource is named in the table of properties.</summary>
internal static class PropertyColumns
{
    public const string OfTarget = "principal_id = ? AND collection_id = ? AND member = ?";

    public static Statement Bind(this Statement statement, PropertyTarget target) =>
        statement.Bind(target.PrincipalId).Bind(target.CollectionId).Bind(target.Member);
}
