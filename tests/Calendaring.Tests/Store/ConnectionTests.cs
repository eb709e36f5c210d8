using Calendaring.Store;
using Calendaring.Store.Sqlite;
using Xunit;

namespace Calendaring.Tests.Store;

/// <summary>What a result code of the database is taken for.</summary>
public sealed class ConnectionTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("connection-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void A_broken_constraint_is_a_fault_of_the_program_and_no_failure_of_the_disk()
    {
        using var connection = Connection.Open(Path.Combine(_folder.FullName, "a.db"), writable: true, create: true);
        connection.Execute("CREATE TABLE rows (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE); INSERT INTO rows VALUES (1, 'Anna Miller')");

        foreach (var wrong in new[] { "INSERT INTO rows VALUES (2, 'Anna Miller')", "INSERT INTO rows VALUES (2, NULL)", "INSERT INTO rows VALUES ('x', 'y')", "INSERT INTO rows VALUES (2, zeroblob(2000000000))" })
        {
            var fault = Assert.Throws<InvalidOperationException>(() => connection.Execute(wrong));
            Assert.Contains("SQLite result", fault.Message, StringComparison.Ordinal);
            Assert.DoesNotContain("Anna", fault.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_file_that_is_no_database_is_Unavailable_with_the_database_s_code()
    {
        var path = Path.Combine(_folder.FullName, "b.db");
        File.WriteAllText(path, new string('x', 5000));
        using var connection = Connection.Open(path, writable: true);

        var failure = Assert.Throws<StoreException>(() => connection.Read("PRAGMA user_version"));

        Assert.Equal((StoreFailureKind.Unavailable, 26), (failure.Kind, failure.Code));
    }
}
