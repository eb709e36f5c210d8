namespace Calendaring.Store.Sqlite;

/// <summary>
/// The tables, by version (<c>user_version</c>). Instants are ticks of 100 ns since 1970 (UTC). Bytes are in a table of their own, with the id of their row,
/// so that a walk over rows does not read them.
/// </summary>
internal static class Schema
{
    /// <summary>Marks the file as ours: "CalS".</summary>
    public const long ApplicationId = 0x43616C53;

    /// <summary>One script for each version (Migrations/), in order; a file at version n has had the first n. What they say of records and documents is what was in files of before.</summary>
    private static readonly string[] Migrations = [.. ReadScripts()];

    private const int LogsVersion = 4;
    private const int OriginVersion = 8;

    /// <summary>The newest version.</summary>
    public static int Version => Migrations.Length;

    /// <summary>Brings a file to the newest version, or to an earlier one. A file of a later program, or of another, is left alone.</summary>
    public static void Migrate(Connection connection, int? target = null)
    {
        var version = connection.ReadNumber("PRAGMA user_version");
        var application = connection.ReadNumber("PRAGMA application_id");
        var isEmpty = connection.ReadNumber("SELECT count(*) FROM sqlite_master") == 0;
        if (!isEmpty && application != ApplicationId) throw new StoreException(StoreFailureKind.Unavailable, "The file is a database of another program.");
        if (version > Migrations.Length)
            throw new StoreException(StoreFailureKind.Unavailable, $"The database was made by a later version of the program (schema {version}; this one knows {Migrations.Length}).");
        for (var next = version; next < (target ?? Migrations.Length); next++)
        {
            connection.Execute($"BEGIN IMMEDIATE; {Migrations[next]}");
            if (next + 1 == LogsVersion) LinesFromRecords.Move(connection);
            if (next + 1 == OriginVersion) LogsStated.State(connection);
            connection.Execute($"PRAGMA application_id = {ApplicationId}; PRAGMA user_version = {next + 1}; COMMIT");
        }
    }

    private static IEnumerable<string> ReadScripts()
    {
        var assembly = typeof(Schema).Assembly;
        foreach (var name in assembly.GetManifestResourceNames().Where(name => name.EndsWith(".sql", StringComparison.Ordinal)).Order(StringComparer.Ordinal))
        {
            using var reader = new StreamReader(assembly.GetManifestResourceStream(name)!);
            yield return reader.ReadToEnd();
        }
    }
}
