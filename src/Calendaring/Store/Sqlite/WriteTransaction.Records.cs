namespace Calendaring.Store.Sqlite;

internal sealed partial class WriteTransaction
{
    private static readonly Sql FindVersion = new("SELECT version FROM records WHERE kind = ? AND owner = ? AND id = ?");
    private static readonly Sql ReplaceRecord = new(
        """
        INSERT INTO records (kind, owner, id, version, document, due) VALUES (?, ?, ?, ?, ?, ?)
        ON CONFLICT (kind, owner, id) DO UPDATE SET version = excluded.version, document = excluded.document, due = excluded.due
        """);
    private static readonly Sql RemoveRecord = new("DELETE FROM records WHERE kind = ? AND owner = ? AND id = ?");

    /// <summary>Versions come from one counter of the store: a record made again never has the version of its forerunner.</summary>
    private StoreFailure? Put(PutRecord put)
    {
        if (put.ExpectedVersion is { } expected && expected != (VersionOf(put.Kind, put.Owner, put.Id) ?? 0)) return Fail(StoreFailureKind.Precondition);
        var version = Catalog.RecordVersion + 1;
        Catalog = Catalog with { RecordVersion = version };
        connection.Take(ReplaceRecord).Bind(put.Kind).Bind(put.Owner).Bind(put.Id).Bind(version).Bind(put.Document.Span).Bind(put.Due is { } due ? Columns.Ticks(due) : (long?)null).Run();
        return null;
    }

    private StoreFailure? Delete(DeleteRecord delete)
    {
        if (VersionOf(delete.Kind, delete.Owner, delete.Id) is not { } version) return Fail(StoreFailureKind.NotFound);
        if (delete.ExpectedVersion is { } expected && expected != version) return Fail(StoreFailureKind.Precondition);
        Catalog = Catalog with { RecordVersion = Catalog.RecordVersion + 1 };
        connection.Take(RemoveRecord).Bind(delete.Kind).Bind(delete.Owner).Bind(delete.Id).Run();
        return null;
    }

    private StoreFailure? Check(ExpectRecord expected) =>
        (VersionOf(expected.Kind, expected.Owner, expected.Id) ?? 0) == expected.Version ? null : Fail(StoreFailureKind.Precondition);

    private long? VersionOf(string kind, string owner, string id)
    {
        using var statement = connection.Take(FindVersion).Bind(kind).Bind(owner).Bind(id);
        return statement.Step() ? statement.Integer(0) : null;
    }
}
