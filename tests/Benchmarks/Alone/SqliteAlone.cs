using System.Diagnostics;
using System.Globalization;
using Calendaring.Store;
using Calendaring.Store.Sqlite;
using NodaTime;

namespace Benchmarks.Alone;

/// <summary>
/// What SQLite alone can commit durably: <c>sqlite FOLDER [SECONDS]</c> writes on one thread the rows and bytes that W1 and W8 write, into the server's own tables with the server's own pragmas,
/// sixteen to a commit, as sixteen connections can have at most under way. Nobody is asked for a password, nothing is parsed, no condition looked at, and no one waits for an answer.
/// It prints one line for each: the workload and the writes a second.
/// </summary>
internal static class SqliteAlone
{
    private const int Batch = 16;
    private const int Updated = 2000;

    public static async Task<int> RunAsync(string[] args)
    {
        if (args is not [var folder, ..] || args.Length > 2)
        {
            await Console.Error.WriteLineAsync("usage: sqlite FOLDER [SECONDS]");
            return 2;
        }

        var length = TimeSpan.FromSeconds(args.Length == 2 ? double.Parse(args[1], CultureInfo.InvariantCulture) : 4);
        var file = Path.Combine(folder, "alone.db");
        var collection = await MakeAsync(file);
        using (var database = new Database(file, collection))
        {
            Measure("W8", length, n => database.Update(n % Updated), () => Enumerable.Range(0, Updated).ToList().ForEach(database.Insert), database);
            Measure("W1", length, n => database.Insert(Updated + n), () => { }, database);
        }

        foreach (var left in Directory.GetFiles(folder, "alone.db*")) File.Delete(left);
        return 0;
    }

    /// <summary>The tables are made by the store itself.</summary>
    private static async Task<long> MakeAsync(string file)
    {
        await using var store = await SqliteStore.OpenAsync(file, SystemClock.Instance);
        var principal = new Principal("alone", "alone", "alone", null, 2, null);
        var collection = new Collection(0, "alone", "alone", Collection.OrdinaryKind, ["VEVENT"], string.Empty, 0, SystemClock.Instance.GetCurrentInstant(), PropertyBag.Empty);
        var outcome = await store.ApplyAsync(StoreBatch.Of(new CreatePrincipal(principal), new CreateCollection(collection)));
        return outcome.Collections[0].Id;
    }

    private static void Measure(string workload, TimeSpan length, Action<int> write, Action prepare, Database database)
    {
        database.Commit(prepare);
        var written = 0;
        void WriteBatch()
        {
            for (var n = 0; n < Batch; n++) write(written++);
        }

        for (var warm = 0; warm < 200; warm++) database.Commit(WriteBatch);
        var before = written;
        var watch = Stopwatch.StartNew();
        while (watch.Elapsed < length) database.Commit(WriteBatch);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{workload} {(written - before) / watch.Elapsed.TotalSeconds:F0}"));
    }
}
