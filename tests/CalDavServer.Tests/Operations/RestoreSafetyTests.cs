using System.Security.Cryptography;
using Calendaring.Store;
using Calendaring.Store.Sqlite;
using NodaTime;
using Practice.People;
using Xunit;

namespace CalDavServer.Tests.Operations;

/// <summary>A restore gives nobody back what was taken from them, and a crafted backup reaches nothing but the data it replaces.</summary>
public sealed class RestoreSafetyTests
{
    [Fact]
    public async Task What_was_revoked_since_is_listed_and_stays_revoked_unless_it_is_wanted_again()
    {
        await using var program = await PracticeAsync();
        var phone = await DeviceAsync(program, "Phone");
        var id = Id(program);
        var session = new Session(Session.IdOf("secret"), default, SystemClock.Instance.GetCurrentInstant(), null, null);
        await WithAsync(program, async store => Assert.True((await store.ApplyAsync(StoreBatch.Of(session.Put(id)), TestContext.Current.CancellationToken)).Succeeded));
        await program.RunAsync("page-password", "maya");
        Assert.Equal(0, (await program.RunAsync("backup", "copy")).Code);
        Assert.Equal(0, (await program.RunAsync("app-password", "revoke", "maya", phone)).Code);
        var tablet = await DeviceAsync(program, "Tablet");

        var restored = await program.RunAsync("restore", "copy", "--replace");
        Assert.True(restored.Code == 0, restored.Error);
        Assert.Contains("maya: the app password 'Phone' was revoked", restored.Output, StringComparison.Ordinal);
        Assert.Contains("stays so", restored.Output, StringComparison.Ordinal);
        var devices = (await program.RunAsync("app-password", "list", "maya")).Output;
        Assert.DoesNotContain(phone, devices, StringComparison.Ordinal);
        Assert.DoesNotContain(tablet, devices, StringComparison.Ordinal);
        await WithAsync(program, async store =>
        {
            using var snapshot = await store.OpenSnapshotAsync(TestContext.Current.CancellationToken);
            Assert.Empty(await snapshot.ListRecordsAsync("session", id));
            Assert.Empty((await OneTimeLinks.ReadAsync(snapshot, id)).Links.All);
        });

        var revived = await program.RunAsync("restore", "copy", "--replace", "--revive");
        Assert.True(revived.Code == 0, revived.Error);
        Assert.Contains(phone, (await program.RunAsync("app-password", "list", "maya")).Output, StringComparison.Ordinal);
        Assert.Equal(0, (await program.RunAsync("check")).Code);
    }

    [Fact]
    public async Task A_passkey_that_was_removed_since_opens_nothing_again_and_one_that_was_only_used_is_not_asked_about()
    {
        await using var program = await PracticeAsync();
        var id = Id(program);
        var account = new Account("hash", default) { Passkeys = [new Passkey("lost", "key", "Phone", default, 3), new Passkey("kept", "key", "Desk", default, 3)] };
        await PutAsync(account);
        Assert.Equal(0, (await program.RunAsync("backup", "copy")).Code);
        await PutAsync(account with { LastSignIn = SystemClock.Instance.GetCurrentInstant(), Passkeys = [.. account.Passkeys.Select(passkey => passkey with { Counter = 9, LastUsed = SystemClock.Instance.GetCurrentInstant() })] });
        Assert.DoesNotContain("maya:", (await program.RunAsync("restore", "copy", "--replace")).Output, StringComparison.Ordinal);
        await PutAsync(account.Without("lost")!);
        var restored = await program.RunAsync("restore", "copy", "--replace");
        Assert.Contains("maya: passkeys were added or removed", restored.Output, StringComparison.Ordinal);
        await WithAsync(program, async store =>
        {
            using var snapshot = await store.OpenSnapshotAsync(TestContext.Current.CancellationToken);
            Assert.Equal(["kept"], (await Account.FindAsync(snapshot, id))!.Value.Account.Passkeys!.Select(passkey => passkey.Id));
        });

        Task PutAsync(Account now) => WithAsync(program, async store => Assert.True((await store.ApplyAsync(StoreBatch.Of(now.Put(id)), TestContext.Current.CancellationToken)).Succeeded));
    }

    [Fact]
    public async Task Where_nothing_is_left_to_compare_with_that_is_said()
    {
        await using var program = await PracticeAsync();
        Assert.Equal(0, (await program.RunAsync("backup", "copy")).Code);
        Directory.Delete(program.Data, recursive: true);
        var restored = await program.RunAsync("restore", "copy");
        Assert.True(restored.Code == 0, restored.Error);
        Assert.Contains("nothing to compare it with", restored.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ready")]
    [InlineData("../outside")]
    [InlineData("/tmp/outside")]
    [InlineData("keys/../calendar.db-wal")]
    [InlineData("keys/.hidden")]
    [InlineData("keys/a/b.xml")]
    [InlineData("calendar.db-wal")]
    [InlineData("commands.sock")]
    public async Task A_backup_that_names_another_file_restores_nothing(string name)
    {
        await using var program = await PracticeAsync();
        Assert.Equal(0, (await program.RunAsync("backup", "copy")).Code);
        var copy = Path.Combine(program.Folder, "copy");
        if (!Path.IsPathRooted(name))
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(copy, name))!);
            await File.WriteAllTextAsync(Path.Combine(copy, name), Path.Combine(program.Folder, "away"), TestContext.Current.CancellationToken);
        }

        await ListAsync(copy, name, Convert.ToHexStringLower(SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(Path.Combine(program.Folder, "away")))));
        var refused = await program.RunAsync("restore", "copy", "--replace");
        Assert.Equal(1, refused.Code);
        Assert.Contains("which no backup contains", refused.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Path.Combine(program.Data, "restoring")));
        Assert.Equal(0, (await program.RunAsync("app-password", "list", "maya")).Code);
    }

    [Fact]
    public async Task A_link_in_a_backup_is_not_followed()
    {
        await using var program = await PracticeAsync();
        Assert.Equal(0, (await program.RunAsync("backup", "copy")).Code);
        var secret = program.Write("secret", "{}");
        File.CreateSymbolicLink(Path.Combine(program.Folder, "copy", "settings.json"), secret);
        await ListAsync(Path.Combine(program.Folder, "copy"), "settings.json", Convert.ToHexStringLower(SHA256.HashData("{}"u8)));
        Assert.Contains("is a symbolic link", (await program.RunAsync("restore", "copy", "--replace")).Error, StringComparison.Ordinal);
        Assert.False(File.Exists(Path.Combine(program.Data, "settings.json")));
    }

    [Fact]
    public async Task A_restore_under_way_moves_the_data_nowhere_but_into_a_folder_of_theirs()
    {
        await using var program = await PracticeAsync();
        var staged = Directory.CreateDirectory(Path.Combine(program.Data, "restoring"));
        await File.WriteAllTextAsync(Path.Combine(staged.FullName, "ready"), Path.Combine(program.Folder, "away"), TestContext.Current.CancellationToken);
        Assert.Equal(1, (await program.RunAsync("check")).Code);
        Assert.False(Directory.Exists(Path.Combine(program.Folder, "away")));
        Assert.True(File.Exists(Path.Combine(program.Data, "calendar.db")));
    }

    private static async Task<ServerProgram> PracticeAsync()
    {
        var program = new ServerProgram();
        Assert.Equal(0, (await program.RunAsync("add-practice", "Riverbend", "--zone", "Australia/Melbourne")).Code);
        Assert.Equal(0, (await program.RunAsync("add-user", "maya", "--name", "Maya", "--practice", "Riverbend")).Code);
        return program;
    }

    private static async Task<string> DeviceAsync(ServerProgram program, string label) =>
        (await program.RunAsync("app-password", "new", "maya", "--label", label)).Output.Split('\n')[2][2..].Trim();

    private static string Id(ServerProgram program)
    {
        using var connection = new Microsoft.Data.Sqlite.SqliteConnection($"Data Source={Path.Combine(program.Data, "calendar.db")};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT id FROM principals";
        return (string)command.ExecuteScalar()!;
    }

    private static async Task WithAsync(ServerProgram program, Func<SqliteStore, Task> change)
    {
        await using var store = await SqliteStore.OpenAsync(Path.Combine(program.Data, "calendar.db"), SystemClock.Instance);
        await change(store);
    }

    private static async Task ListAsync(string copy, string name, string hash)
    {
        var path = Path.Combine(copy, "backup.json");
        var manifest = System.Text.Json.Nodes.JsonNode.Parse(await File.ReadAllTextAsync(path, TestContext.Current.CancellationToken))!;
        manifest["Files"]![name] = hash;
        await File.WriteAllTextAsync(path, manifest.ToJsonString(), TestContext.Current.CancellationToken);
    }
}
