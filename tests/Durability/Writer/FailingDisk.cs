using System.Runtime.InteropServices;
using Calendaring.Store;
using Calendaring.Store.Sqlite;
using NodaTime;

namespace Durability.Writer;

/// <summary>
/// Makes every write that lengthens a file fail with an I/O error, by the process's own limit on file sizes, and takes it back later: needs no privilege. What is told is the first thing that is not so.
/// </summary>
internal static partial class FailingDisk
{
    private const int FileSizeLimit = 1;
    private const int FileSizeSignal = 25;
    private const nint Ignore = 1;
    private const ulong Unlimited = ulong.MaxValue;

    public static async Task<string> RunAsync(string file)
    {
        _ = Signal(FileSizeSignal, Ignore);
        await using (var store = await SqliteStore.OpenAsync(file, SystemClock.Instance))
        {
            var id = await History.MakeCollectionAsync(store);
            var acknowledged = await WriteAsync(store, id, 0, 20);
            if (acknowledged != 20) return "the first writes failed";

            Limit(256 * 1024);
            var before = acknowledged;
            acknowledged += await WriteAsync(store, id, before, 1000);
            if (acknowledged >= before + 1000) return "the limit was never met";
            Limit(0);
            for (var again = 0; again < 3; again++)
            {
                var failed = await store.ApplyAsync(Step(id, acknowledged));
                if (failed.Failure?.Kind != StoreFailureKind.Unavailable) return $"a write to a failing disk came to {failed.Failure?.Kind.ToString() ?? "a success"}";
            }
            if (await CountAsync(store, id) != acknowledged) return "what was acknowledged is not what can be read while the disk fails";

            Limit(Unlimited);
            if (await WriteAsync(store, id, acknowledged, 50) != 50) return "the store did not go on when the disk came back";
            acknowledged += 50;
            if (await CountAsync(store, id) != acknowledged) return "objects are missing after the disk came back";
            if (await store.CheckAsync() is [var fault, ..]) return fault;
            before = acknowledged;
            await using var second = await ReopenAsync(store, file);
            if (await CountAsync(second, id) != before) return "objects are missing after opening again";
        }
        return "ok";
    }

    private static async Task<SqliteStore> ReopenAsync(SqliteStore store, string file)
    {
        await store.DisposeAsync();
        return await SqliteStore.OpenAsync(file, SystemClock.Instance);
    }

    private static async Task<int> WriteAsync(SqliteStore store, long id, int first, int count)
    {
        for (var n = 0; n < count; n++)
        {
            if (!(await store.ApplyAsync(Step(id, first + n))).Succeeded) return n;
        }
        return count;
    }

    private static StoreBatch Step(long id, int number) =>
        StoreBatch.Of(new PutObject(id, $"n{number}", new byte[3000], new ObjectIndex($"u{number}", "VEVENT", null, null, false)));

    private static async Task<int> CountAsync(SqliteStore store, long id)
    {
        using var snapshot = await store.OpenSnapshotAsync();
        var count = 0;
        await foreach (var row in snapshot.ListRowsAsync(id))
        {
            if (await snapshot.FindObjectAsync(id, row.Name) is not null) count++;
        }
        return count;
    }

    private static void Limit(ulong bytes)
    {
        var limit = new ResourceLimit { Soft = bytes, Hard = Unlimited };
        if (SetLimit(FileSizeLimit, ref limit) != 0) throw new InvalidOperationException("The limit on file sizes cannot be set.");
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct ResourceLimit
    {
        public ulong Soft;
        public ulong Hard;
    }

    [DllImport("libc", EntryPoint = "setrlimit", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int SetLimit(int resource, ref ResourceLimit limit);

    [DllImport("libc", EntryPoint = "signal", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern nint Signal(int number, nint action);
}
