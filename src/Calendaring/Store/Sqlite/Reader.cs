namespace Calendaring.Store.Sqlite;

/// <summary>A reading connection whose transaction stands at one commit, together with the catalog of that commit.</summary>
internal sealed class Reader(Connection connection) : IDisposable
{
    private static readonly Sql Begin = new("BEGIN");
    private static readonly Sql Rollback = new("ROLLBACK");
    private static readonly Sql CommitNumber = new("SELECT commit_number FROM meta");

    public Connection Connection { get; } = connection;

    /// <summary>The catalog of the moment at which the reader stands; null when it stands at none.</summary>
    public Catalog? Catalog { get; private set; }

    /// <summary>Goes to the newest moment. Nothing is to be done when no commit has happened since the last.</summary>
    public void Advance(Moments moments)
    {
        if (ReferenceEquals(Catalog, moments.Current)) return;
        while (true)
        {
            Release();
            Connection.Run(Begin);
            long number;
            using (var statement = Connection.Take(CommitNumber))
            {
                statement.Step();
                number = statement.Integer(0);
            }
            Catalog = moments.Find(number);
            if (Catalog is not null) return;
        }
    }

    /// <summary>Lets go of the moment.</summary>
    public void Release()
    {
        Catalog = null;
        if (Connection.InTransaction) Connection.Run(Rollback);
    }

    public void Dispose() => Connection.Dispose();
}
