using System.Text;
using Calendaring.Store.Sqlite;
using NodaTime;

namespace Durability.Writer;

/// <summary>Writes until it is killed.</summary>
internal static class Load
{
    public static async Task RunAsync(string file)
    {
        await WarmUpAsync();
        await Console.In.ReadLineAsync();
        var store = await SqliteStore.OpenAsync(file, SystemClock.Instance);
        using var output = Console.OpenStandardOutput();
        var steps = new int[History.Writers];
        long collectionId;
        using (var snapshot = await store.OpenSnapshotAsync())
        {
            collectionId = (await snapshot.FindCollectionAsync(History.PrincipalId, History.CollectionName))!.Id;
            for (var writer = 0; writer < steps.Length; writer++) steps[writer] = await History.LastStepAsync(snapshot, writer);
        }
        await Task.WhenAll(Enumerable.Range(0, History.Writers).Select(writer => Task.Run(() => WriteAsync(store, collectionId, writer, steps[writer], output))));
    }

    /// <summary>Compiles the code on another store, so that the life of the process is spent with writing.</summary>
    private static async Task WarmUpAsync()
    {
        var folder = Directory.CreateTempSubdirectory("warm-");
        await using (var store = await SqliteStore.OpenAsync(Path.Combine(folder.FullName, "warm.db"), SystemClock.Instance))
        {
            var id = await History.MakeCollectionAsync(store);
            for (var step = 1; step < 30; step++) await store.ApplyAsync(History.Batch(id, 0, step));
            using var snapshot = await store.OpenSnapshotAsync();
            await History.LastStepAsync(snapshot, 0);
        }
        folder.Delete(recursive: true);
    }

    private static async Task WriteAsync(SqliteStore store, long collectionId, int writer, int step, Stream output)
    {
        while (true)
        {
            step++;
            var outcome = await store.ApplyAsync(History.Batch(collectionId, writer, step));
            if (!outcome.Succeeded) throw new InvalidOperationException($"Step {step} of writer {writer} failed: {outcome.Failure}.");
            var change = outcome.Puts.Count > 0 ? outcome.Puts[0].Row.Change : 0;
            var line = Encoding.UTF8.GetBytes($"{writer} {step} {change}\n");
            lock (output) output.Write(line);
        }
    }
}
