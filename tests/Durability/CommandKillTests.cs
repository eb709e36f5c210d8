using System.Diagnostics;
using System.IO.Compression;
using System.Text;
using Calendaring.ICalendar;
using Calendaring.Store;
using Calendaring.Store.Sqlite;
using NodaTime;
using Practice;
using Practice.Groups;
using Practice.Hx;
using Xunit;

namespace Durability;

/// <summary>The commands that write much are killed at random moments: the data are whole after it, and the same command given again completes.</summary>
public sealed class CommandKillTests : IAsyncLifetime
{
    private const int Kills = 3;
    private const int Objects = 1200;
    private const string Login = "anna@example.org";
    private const string Marker = "zzannazz";
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("durability-");
    private readonly Random _random = new();

    private string Data => PathOf("data");

    public async ValueTask InitializeAsync()
    {
        Directory.CreateDirectory(Data);
        await using var store = await SqliteStore.OpenAsync(DatabaseOf(Data), SystemClock.Instance);
        await FillAsync(store);
    }

    public ValueTask DisposeAsync()
    {
        _folder.Delete(recursive: true);
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task An_erasure_that_is_killed_has_happened_or_not_and_leaves_nothing_when_it_is_given_again()
    {
        for (var kill = 0; kill < Kills; kill++)
        {
            var data = PathOf($"erased-{kill}");
            Directory.CreateDirectory(data);
            File.Copy(DatabaseOf(Data), DatabaseOf(data));
            // once when it has happened, and the file has not been written anew
            await KillAsync("Erasing", data, ["erase-practitioner", Login, "--yes"], kill == 0 ? 2 : 1);
            var left = await CountAsync(data);
            Assert.True(left is null or Objects, $"{left} of {Objects} objects are left.");
            var again = await RunAsync(data, "erase-practitioner", Login, "--yes");

            // killed after its last word it has nothing to do any more
            Assert.True(again.Code == 0 || (again.Code == 3 && left is null), again.Error);
            Assert.Null(await CountAsync(data));
            Assert.All(Directory.GetFiles(data), file => Assert.False(Has(file, Marker), $"Something of who was erased is in {Path.GetFileName(file)}."));
            Directory.Delete(data, recursive: true);
        }
    }

    [Fact]
    public async Task An_export_that_is_killed_has_no_name_and_is_whole_when_it_is_given_again()
    {
        for (var kill = 0; kill < 2; kill++)
        {
            var name = kill % 2 == 0 ? $"out-{kill}" : $"out-{kill}.zip";
            await KillAsync("Exporting", Data, ["export", Login, PathOf(name)]);
            Assert.Equal(Objects, await CountAsync(Data));
            if (!Path.Exists(PathOf(name))) Assert.Equal((0, ""), await FailureAsync(Data, "export", Login, PathOf(name)));
            if (name.EndsWith(".zip", StringComparison.Ordinal)) await ZipFile.ExtractToDirectoryAsync(PathOf(name), PathOf($"out-{kill}"), TestContext.Current.CancellationToken);
            Assert.Equal(Objects, Directory.GetFiles(PathOf($"out-{kill}"), "*.ics", SearchOption.AllDirectories).Length);
            Assert.Empty(Directory.GetFileSystemEntries(_folder.FullName, "*.partial"));
        }
    }

    [Fact]
    public async Task A_backup_that_is_killed_has_no_name_and_is_whole_when_it_is_given_again()
    {
        for (var kill = 0; kill < 2; kill++)
        {
            var target = PathOf($"copy-{kill}");
            await KillAsync("Copying", Data, ["backup", target]);
            Assert.Equal(Objects, await CountAsync(Data));
            if (!Directory.Exists(target)) Assert.Equal((0, ""), await FailureAsync(Data, "backup", target));
            Assert.Empty(await SqliteStore.CheckFileAsync(DatabaseOf(target), new Progress<double>(), TestContext.Current.CancellationToken));
            Assert.Empty(Directory.GetFileSystemEntries(_folder.FullName, "*.partial"));
        }
    }

    [Fact]
    public async Task A_restore_that_is_killed_leaves_the_old_data_or_the_backup_and_completes_when_it_is_given_again()
    {
        Assert.Equal((0, ""), await FailureAsync(Data, "backup", PathOf("copy")));
        var data = PathOf("restored");
        Directory.CreateDirectory(data);
        await using (var old = await SqliteStore.OpenAsync(DatabaseOf(data), SystemClock.Instance)) await new PracticeDirectory(old, SystemClock.Instance).CreatePracticeAsync("Old", "UTC");
        for (var kill = 0; kill < Kills; kill++)
        {
            await KillAsync("Copying", data, ["restore", PathOf("copy"), "--replace"]);
            Assert.Equal((0, ""), await FailureAsync(data, "check"));
            var found = await CountAsync(data);
            Assert.True(found is null or Objects, $"{found} of {Objects} objects are there.");
            Assert.Equal((0, ""), await FailureAsync(data, "restore", PathOf("copy"), "--replace"));
            Assert.Equal(Objects, await CountAsync(data));
            Assert.False(Directory.Exists(Path.Combine(data, "restoring")));
            foreach (var aside in Directory.GetDirectories(data, "replaced-*")) Directory.Delete(aside, recursive: true);
        }
    }

    private string PathOf(string name) => Path.Combine(_folder.FullName, name);

    private static string DatabaseOf(string folder) => Path.Combine(folder, "calendar.db");

    private static async Task FillAsync(SqliteStore store)
    {
        var directory = new PracticeDirectory(store, SystemClock.Instance);
        var practice = await directory.CreatePracticeAsync("Riverbend", "Australia/Melbourne");
        var anna = await directory.CreatePersonAsync(Login, Marker, Login, PrincipalRole.Practitioner, practice.Id);
        long hx;
        using (var snapshot = await store.OpenSnapshotAsync(TestContext.Current.CancellationToken)) hx = (await snapshot.FindCollectionAsync(anna.Id, HxCalendar.CollectionName))!.Id;
        foreach (var numbers in Enumerable.Range(0, Objects).Chunk(200))
        {
            StoreOperation[] puts = [.. numbers.Select(number => Put(hx, number))];
            Assert.True((await store.ApplyAsync(new StoreBatch(puts), TestContext.Current.CancellationToken)).Succeeded);
        }
    }

    private static PutObject Put(long hx, int number)
    {
        var bytes = Encoding.UTF8.GetBytes(
            $"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Test//EN\r\nBEGIN:VEVENT\r\nUID:{number}\r\nDTSTAMP:20260301T000000Z\r\nDTSTART:20260302T000000Z\r\n"
            + string.Concat(Enumerable.Range(0, 60).Select(line => $"X-LINE-{line}:{Marker} {number} and some more words on this line\r\n")) + "END:VEVENT\r\nEND:VCALENDAR\r\n");
        return new PutObject(hx, $"{number}.ics", bytes, ObjectIndexer.Index(CalendarObject.Parse(bytes)));
    }

    /// <summary>Checks a store, and counts Anna's objects; null when she is not there.</summary>
    private static async Task<int?> CountAsync(string data)
    {
        await using var store = await SqliteStore.OpenAsync(DatabaseOf(data), SystemClock.Instance);
        Assert.Empty(await store.CheckAsync(cancellationToken: TestContext.Current.CancellationToken));
        using var snapshot = await store.OpenSnapshotAsync(TestContext.Current.CancellationToken);
        if (await snapshot.FindPrincipalByLoginAsync(Login) is not { } anna) return null;
        return await snapshot.ListRowsAsync((await snapshot.FindCollectionAsync(anna.Id, HxCalendar.CollectionName))!.Id).CountAsync(TestContext.Current.CancellationToken);
    }

    /// <summary>Kills a command at a random moment after its first words on its work; with more lines, at once after so many.</summary>
    private async Task KillAsync(string work, string data, string[] arguments, int afterLines = 1)
    {
        using var process = Start(data, arguments);
        var output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        for (var line = 0; line < afterLines; line++)
        {
            var said = await process.StandardError.ReadLineAsync(TestContext.Current.CancellationToken).AsTask().WaitAsync(Limit, TestContext.Current.CancellationToken);
            Assert.StartsWith(work, said, StringComparison.Ordinal);
        }

        if (afterLines == 1) await Task.Delay(_random.Next(0, 120), TestContext.Current.CancellationToken);
        process.Kill();
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        await output;
    }

    private static async Task<(int Code, string Error)> FailureAsync(string data, params string[] arguments)
    {
        var (code, error) = await RunAsync(data, arguments);
        return code == 0 ? (0, "") : (code, error);
    }

    private static async Task<(int Code, string Error)> RunAsync(string data, params string[] arguments)
    {
        using var process = Start(data, arguments);
        var output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        var error = await process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken).WaitAsync(Limit, TestContext.Current.CancellationToken);
        await output;
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (process.ExitCode, error);
    }

    private static Process Start(string data, string[] arguments) =>
        Process.Start(new ProcessStartInfo("dotnet", ["exec", Path.Combine(AppContext.BaseDirectory, "CalDavServer.dll"), .. arguments, "--data", data])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;

    private static bool Has(string file, string word) => File.ReadAllBytes(file).AsSpan().IndexOf(Encoding.UTF8.GetBytes(word)) >= 0;
}
