using System.Text.RegularExpressions;
using CalDavServer.Commands;
using CalDavServer.Storage;
using CalDavServer.Storage.Backups;
using CalDavServer.Tests.Hosting;
using Xunit;

namespace CalDavServer.Tests.Operations;

public sealed class BackupTests
{
    [Fact]
    public async Task A_backup_made_under_traffic_is_whole_and_a_server_goes_on_from_it()
    {
        await using var program = new ServerProgram();
        await using var server = await PopulatedServer.StartAsync(program);
        Directory.CreateDirectory(Path.Combine(program.Data, "keys"));
        File.WriteAllText(Path.Combine(program.Data, "keys", "key-1.xml"), "<key/>");
        server.BeginTraffic();

        var made = await program.RunAsync("backup", "copy");

        Assert.True(await server.EndTrafficAsync() > 0);
        Assert.True(made.Code == 0, made.Error);
        Assert.Contains("Copying: 100 %", made.Error, StringComparison.Ordinal);
        Assert.Contains("Checking the copy: 100 %", made.Error, StringComparison.Ordinal);
        Assert.Contains("keep it where only you can read it", made.Output, StringComparison.Ordinal);
        var copy = Path.Combine(program.Folder, "copy");
        Assert.True(File.Exists(Path.Combine(copy, "keys", "key-1.xml")));
        Assert.False(Directory.Exists(copy + ".partial"));
        if (!OperatingSystem.IsWindows()) Assert.Equal("700", Convert.ToString((int)File.GetUnixFileMode(copy), 8));

        // not beside a server, and not over its data
        var beside = await program.RunAsync("restore", "copy", "--replace");
        Assert.Equal(1, beside.Code);
        Assert.Contains("stop it first", beside.Error, StringComparison.Ordinal);
        Assert.Equal(0, await ServerProgram.StopAsync(server.Running));
        Assert.Equal(1, (await program.RunAsync("restore", "copy")).Code);

        var restored = await program.RunAsync("restore", "copy", "--replace");

        Assert.True(restored.Code == 0, restored.Error);
        var aside = Assert.Single(Directory.GetDirectories(program.Data, "replaced-*"));
        Assert.Contains(aside, restored.Output, StringComparison.Ordinal);
        Assert.True(File.Exists(Path.Combine(aside, "calendar.db")));
        Assert.False(Directory.Exists(Path.Combine(program.Data, "restoring")));
        Assert.True(File.Exists(Path.Combine(program.Data, "keys", "key-1.xml")));
        await program.ServeAsync(null, "--urls", "http://127.0.0.1:0", "--no-demo");
        Assert.Equal(0, (await program.RunAsync("check")).Code);
    }

    [Fact]
    public async Task Sync_tokens_from_before_a_restore_are_not_valid()
    {
        await using var program = new ServerProgram();
        await using var server = await PopulatedServer.StartAsync(program);
        const string login = "bob@example.org";
        string[] paths = ["/dav/calendars/bob/", PopulatedServer.Calendar("bob")];
        var tokens = new Dictionary<string, string>();
        foreach (var path in paths)
        {
            var (_, text) = await server.SendAsync(server.Running.Url, login, "PROPFIND", path, "<D:propfind xmlns:D=\"DAV:\"><D:prop><D:sync-token/></D:prop></D:propfind>");
            tokens[path] = Regex.Match(text, "data:,[^<]+").Value;
            Assert.Equal(207, (await SyncAsync(server.Running, path)).Status);
        }

        Assert.Equal(0, (await program.RunAsync("backup", "copy")).Code);
        Assert.Equal(0, await ServerProgram.StopAsync(server.Running));
        Assert.Equal(0, (await program.RunAsync("restore", "copy", "--replace")).Code);
        var after = await program.ServeAsync(null, "--urls", "http://127.0.0.1:0", "--no-demo");

        foreach (var path in paths)
        {
            var (status, text) = await SyncAsync(after, path);
            Assert.Equal(403, status);
            Assert.Contains("valid-sync-token", text, StringComparison.Ordinal);
        }

        Task<(int Status, string Text)> SyncAsync(RunningServer running, string path) => server.SendAsync(
            running.Url, login, "REPORT", path,
            $"<D:sync-collection xmlns:D=\"DAV:\"><D:sync-token>{tokens[path]}</D:sync-token><D:sync-level>1</D:sync-level><D:prop><D:getetag/></D:prop></D:sync-collection>");
    }

    [Fact]
    public async Task A_backup_that_is_damaged_or_not_there_restores_nothing()
    {
        await using var program = new ServerProgram();
        Assert.Equal(0, (await program.RunAsync("add-practice", "Bay Street", "--zone", "Australia/Melbourne")).Code);
        Assert.Equal(0, (await program.RunAsync("backup", "copy")).Code);
        var before = File.ReadAllBytes(Path.Combine(program.Data, "calendar.db"));
        var database = Path.Combine(program.Folder, "copy", "calendar.db");
        var bytes = File.ReadAllBytes(database);
        bytes[^100] ^= 1;
        File.WriteAllBytes(database, bytes);

        var damaged = await program.RunAsync("restore", "copy", "--replace");
        File.Delete(database);
        var missing = await program.RunAsync("restore", "copy", "--replace");
        Directory.CreateDirectory(Path.Combine(program.Folder, "half"));

        Assert.Equal(1, damaged.Code);
        Assert.Contains("is damaged", damaged.Error, StringComparison.Ordinal);
        Assert.Equal(1, missing.Code);
        Assert.Equal(1, (await program.RunAsync("restore", "half", "--replace")).Code);
        Assert.Equal(3, (await program.RunAsync("restore", "nowhere")).Code);
        Assert.Equal(1, (await program.RunAsync("backup", "copy")).Code);
        Assert.Equal(3, (await program.RunAsync("backup", "nowhere/copy")).Code);
        Assert.Equal(before, File.ReadAllBytes(Path.Combine(program.Data, "calendar.db")));
        Assert.Empty(Directory.GetDirectories(program.Data, "re*"));
        Assert.Equal(0, (await program.RunAsync("check")).Code);
    }

    [Theory]
    [InlineData("Copying")]
    [InlineData("Checking the copy")]
    public async Task A_backup_that_is_stopped_leaves_nothing(string at)
    {
        await using var server = await TestServer.StartAsync();
        await server.AddPersonAsync("alice@example.com");
        using var stop = new CancellationTokenSource();
        var folder = Directory.CreateTempSubdirectory("backup-").FullName;

        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => BackupFolder.WriteAsync(server.Store, folder, Path.Combine(folder, "copy"), new Stopping(stop, at), stop.Token));

        Assert.Empty(Directory.GetFileSystemEntries(folder));
        Directory.Delete(folder);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void A_restore_that_was_interrupted_is_brought_to_its_end(int done)
    {
        var folder = Directory.CreateTempSubdirectory("restore-").FullName;
        var (staged, aside) = (Path.Combine(folder, "restoring"), Path.Combine(folder, "replaced-then"));
        Directory.CreateDirectory(staged);
        File.WriteAllText(Path.Combine(folder, "calendar.db"), "old");
        File.WriteAllText(Path.Combine(folder, "calendar.db-wal"), "old log");
        File.WriteAllText(Path.Combine(staged, "calendar.db"), "new");
        File.WriteAllText(Path.Combine(staged, "settings.json"), "{}");
        File.WriteAllText(Path.Combine(staged, "ready"), aside);
        if (done > 0)
        {
            Directory.CreateDirectory(aside + ".partial");
            File.Move(Path.Combine(folder, "calendar.db-wal"), Path.Combine(aside + ".partial", "calendar.db-wal"));
        }

        if (done > 1)
        {
            File.Move(Path.Combine(folder, "calendar.db"), Path.Combine(aside + ".partial", "calendar.db"));
            Directory.Move(aside + ".partial", aside);
        }

        if (done > 2) File.Move(Path.Combine(staged, "calendar.db"), Path.Combine(folder, "calendar.db"));

        Restore.Finish(folder);

        Assert.Equal("new", File.ReadAllText(Path.Combine(folder, "calendar.db")));
        Assert.Equal("{}", File.ReadAllText(Path.Combine(folder, "settings.json")));
        Assert.False(File.Exists(Path.Combine(folder, "calendar.db-wal")));
        Assert.Equal("old", File.ReadAllText(Path.Combine(aside, "calendar.db")));
        Assert.Equal("old log", File.ReadAllText(Path.Combine(aside, "calendar.db-wal")));
        Assert.False(Directory.Exists(staged));
        Directory.Delete(folder, true);
    }

    [Fact]
    public void A_restore_that_had_not_begun_is_forgotten()
    {
        var folder = Directory.CreateTempSubdirectory("restore-").FullName;
        Directory.CreateDirectory(Path.Combine(folder, "restoring"));
        File.WriteAllText(Path.Combine(folder, "calendar.db"), "old");
        File.WriteAllText(Path.Combine(folder, "restoring", "calendar.db"), "half");

        Restore.Finish(folder);

        Assert.Equal("old", File.ReadAllText(Path.Combine(folder, "calendar.db")));
        Assert.Single(Directory.GetFileSystemEntries(folder));
        Directory.Delete(folder, true);
    }

    /// <summary>Stops the command when a piece of work begins.</summary>
    private sealed class Stopping(CancellationTokenSource stop, string at) : Operator
    {
        public override void Tell(string work, double done)
        {
            if (work == at) stop.Cancel();
        }

        public override Task<bool> AskAsync(string question) => Task.FromResult(false);
    }
}
