using System.Runtime.Versioning;
using Xunit;

namespace CalDavServer.Tests.Operations;

/// <summary>Nobody but the server's own user can read what it keeps or writes.</summary>
[UnsupportedOSPlatform("windows")]
public sealed class PrivateFilesTests
{
    private const UnixFileMode Others =
        UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;
    private const UnixFileMode Open = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute
        | UnixFileMode.GroupRead | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute;

    [Fact]
    public async Task Whatever_is_made_in_an_open_folder_is_private_backups_restores_and_exports_included()
    {
        await using var program = new ServerProgram();
        Directory.CreateDirectory(program.Data, Open);
        File.SetUnixFileMode(program.Data, Open);
        var server = await program.ServeAsync(null, "--urls", "http://127.0.0.1:0");
        AssertPrivate(program.Data);
        foreach (string[] command in (string[][])[["backup", "copy"], ["audit", "export", "Riverbend Allied Health", "--output", "audit.csv"], ["audit", "anchor", "--output", "anchors.jsonl"], ["export", "maya", "mine"], ["export", "maya", "mine.zip"]])
        {
            var done = await program.RunAsync(command);
            Assert.True(done.Code == 0 || command[1] == "export", done.Error);
        }

        await ServerProgram.StopAsync(server);
        AssertPrivate(program.Data);
        foreach (var made in Directory.EnumerateFileSystemEntries(program.Folder)) AssertPrivate(made);
        Assert.Equal(0, (await program.RunAsync("restore", "copy", "--replace")).Code);
        AssertPrivate(program.Data);
    }

    [Fact]
    public async Task Files_that_were_open_are_closed_at_the_next_start()
    {
        await using var program = new ServerProgram();
        Assert.Equal(0, (await program.RunAsync("add-practice", "Riverbend", "--zone", "Australia/Melbourne")).Code);
        Directory.CreateDirectory(Path.Combine(program.Data, "keys"));
        await File.WriteAllTextAsync(Path.Combine(program.Data, "keys", "key-1.xml"), "<key/>", TestContext.Current.CancellationToken);
        foreach (var path in Directory.EnumerateFileSystemEntries(program.Data, "*", SearchOption.AllDirectories).Append(program.Data)) File.SetUnixFileMode(path, Open);
        Assert.Equal(0, (await program.RunAsync("check")).Code);
        AssertPrivate(program.Data);
    }

    [Fact]
    public async Task A_folder_that_others_use_is_refused_with_the_command_that_makes_one()
    {
        await using var program = new ServerProgram();
        Directory.CreateDirectory(program.Data);
        File.SetUnixFileMode(program.Data, Open | UnixFileMode.OtherWrite | UnixFileMode.StickyBit);
        var refused = await program.RunAsync("add-practice", "Riverbend", "--zone", "Australia/Melbourne");
        Assert.Equal(1, refused.Code);
        Assert.Contains("mkdir -m 700 ", refused.Error, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFileSystemEntries(program.Data));
    }

    [Theory]
    [InlineData("""{"metricstoken": "0123456789abcdef"}""", "metricstoken")]
    [InlineData("""{"Kestrel": {"Certificates": {"Default": {"Password": "x"}}}}""", "Kestrel.Certificates.Default.Password")]
    [InlineData("""{"log": "text"}""", null)]
    public void Settings_with_secrets_that_others_can_read_are_warned_of(string text, string? named)
    {
        var folder = Directory.CreateTempSubdirectory("settings-");
        var path = Path.Combine(folder.FullName, "settings.json");
        File.WriteAllText(path, text);
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead);
        var warning = CalDavServer.Hosting.Settings.Exposed(folder.FullName);
        if (named is null) Assert.Null(warning);
        else Assert.Contains($"{named} in it. Close it with: chmod 600 {path}", warning, StringComparison.Ordinal);
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        Assert.Null(CalDavServer.Hosting.Settings.Exposed(folder.FullName));
        folder.Delete(recursive: true);
    }

    private static void AssertPrivate(string path)
    {
        var entries = Directory.Exists(path) ? Directory.EnumerateFileSystemEntries(path, "*", SearchOption.AllDirectories).Append(path) : [path];
        foreach (var entry in entries) Assert.True((File.GetUnixFileMode(entry) & Others) == 0, $"{entry} is {File.GetUnixFileMode(entry)}");
    }
}
