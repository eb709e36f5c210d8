using System.Diagnostics;
using Calendaring.Store;
using Calendaring.Store.Sqlite;
using Durability.Writer;
using NodaTime;
using Xunit;

namespace Durability;

/// <summary>Full, failing and read-only disks.</summary>
public sealed class DiskTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("durability-");
    private bool _mounted;

    private string FilePath => Path.Combine(_folder.FullName, "calendar.db");

    private string FillerPath => Path.Combine(_folder.FullName, "filler");

    public void Dispose()
    {
        // lazily: a process started meanwhile by another test may hold it for a moment
        if (_mounted) Run("umount", "--lazy", _folder.FullName);
        _folder.Delete(recursive: true);
    }

    /// <summary>On a small disk of its own where the user may mount one, else up to the size that the store is given: either way it is the same words to the caller.</summary>
    [Fact]
    public async Task A_full_disk_is_NoSpace_loses_nothing_and_the_store_goes_on_when_there_is_space_again()
    {
        var options = new SqliteStoreOptions();
        if (TryMount("size=6m")) await File.WriteAllBytesAsync(FillerPath, new byte[2 << 20]);
        else options = options with { MaximumSize = 1 << 20 };

        await using (var store = await SqliteStore.OpenAsync(FilePath, SystemClock.Instance, options))
        {
            var id = await History.MakeCollectionAsync(store);
            var acknowledged = await FillAsync(store, id);
            Assert.True(acknowledged > 20);
            Assert.Equal(StoreFailureKind.NoSpace, (await store.ApplyAsync(Big(id, "more"))).Failure!.Kind);
            Assert.Equal(acknowledged, await CountAsync(store, id));

            if (_mounted) File.Delete(FillerPath);
            else await store.ApplyAsync(StoreBatch.Of(new DeleteObject(id, "n0"), new DeleteObject(id, "n1"), new DeleteObject(id, "n2")));
            Assert.True((await store.ApplyAsync(Big(id, "after"))).Succeeded);
            Assert.Empty(await store.CheckAsync());
            await CountAsync(store, id);
        }
        await using var again = await SqliteStore.OpenAsync(FilePath, SystemClock.Instance);
        Assert.Empty(await again.CheckAsync());
    }

    [Fact]
    public async Task A_batch_that_does_not_fit_does_not_fail_the_small_ones_beside_it()
    {
        await using var store = await SqliteStore.OpenAsync(FilePath, SystemClock.Instance, new SqliteStoreOptions { MaximumSize = 1 << 20 });
        var id = await History.MakeCollectionAsync(store);
        var small = new List<Task<BatchOutcome>>();
        var large = new List<Task<BatchOutcome>>();
        for (var n = 0; n < 20; n++)
        {
            small.Add(store.ApplyAsync(StoreBatch.Of(Put(id, $"s{n}", 500))).AsTask());
            large.Add(store.ApplyAsync(StoreBatch.Of(Put(id, $"l{n}", 2 << 20))).AsTask());
        }
        Assert.All(await Task.WhenAll(small), o => Assert.True(o.Succeeded));
        Assert.All(await Task.WhenAll(large), o => Assert.Equal(StoreFailureKind.NoSpace, o.Failure!.Kind));
        Assert.Equal(20, await CountAsync(store, id));
        Assert.Empty(await store.CheckAsync());
    }

    [Fact]
    public async Task A_failing_disk_is_Unavailable_is_read_on_and_the_store_goes_on_when_it_is_back()
    {
        using var child = new Child("failing-disk", FilePath);
        Assert.Equal("ok", (await child.Output.WaitAsync(TimeSpan.FromSeconds(60))).Trim() + await child.Errors);
    }

    [Fact]
    public async Task A_read_only_disk_refuses_the_start_with_a_clear_message_and_keeps_everything()
    {
        var canMount = TryMount("size=6m");
        long id;
        await using (var store = await SqliteStore.OpenAsync(FilePath, SystemClock.Instance))
        {
            id = await History.MakeCollectionAsync(store);
            Assert.True((await store.ApplyAsync(Big(id, "a"))).Succeeded);
        }
        SetReadOnly(canMount, true);
        var refused = await Assert.ThrowsAsync<StoreException>(() => SqliteStore.OpenAsync(FilePath, SystemClock.Instance));
        Assert.Equal(StoreFailureKind.Unavailable, refused.Kind);
        Assert.Contains("cannot be written", refused.Message, StringComparison.Ordinal);
        SetReadOnly(canMount, false);
        await using var again = await SqliteStore.OpenAsync(FilePath, SystemClock.Instance);
        Assert.Equal(1, await CountAsync(again, id));
    }

    private static async Task<int> FillAsync(SqliteStore store, long id)
    {
        for (var n = 0; n < 2000; n++)
        {
            var outcome = await store.ApplyAsync(Big(id, $"n{n}"));
            if (outcome.Succeeded) continue;
            Assert.Equal(StoreFailureKind.NoSpace, outcome.Failure!.Kind);
            return n;
        }
        throw new InvalidOperationException("The disk did not get full.");
    }

    private static async Task<int> CountAsync(SqliteStore store, long id)
    {
        using var snapshot = await store.OpenSnapshotAsync();
        var count = 0;
        await foreach (var row in snapshot.ListRowsAsync(id))
        {
            Assert.NotNull(await snapshot.FindObjectAsync(id, row.Name));
            count++;
        }
        return count;
    }

    private static StoreBatch Big(long id, string name) => StoreBatch.Of(Put(id, name, 20_000));

    private static PutObject Put(long id, string name, int size) => new(id, name, new byte[size], new ObjectIndex("uid-" + name, "VEVENT", null, null, false));

    private bool TryMount(string options) => _mounted = Environment.UserName == "root" && Run("mount", "-t", "tmpfs", "-o", options, "tmpfs", _folder.FullName);

    /// <summary>Without a mount of its own the folder's permissions do it: they bind every user who may not mount.</summary>
    private void SetReadOnly(bool mounted, bool readOnly)
    {
        if (mounted) Assert.True(Run("mount", "-o", readOnly ? "remount,ro" : "remount,rw", _folder.FullName));
        else
        {
            Assert.True(Run("chmod", readOnly ? "a-w" : "u+w", _folder.FullName, FilePath));
            if (File.Exists(FilePath + ".lock")) Run("chmod", readOnly ? "a-w" : "u+w", FilePath + ".lock");
        }
    }

    private static bool Run(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
        process.WaitForExit();
        return process.ExitCode == 0;
    }
}
