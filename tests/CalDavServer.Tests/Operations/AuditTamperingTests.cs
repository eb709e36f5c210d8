using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.Data.Sqlite;
using Xunit;

namespace CalDavServer.Tests.Operations;

/// <summary>Whoever can write to the database file cannot make an audit log say something else unnoticed.</summary>
public sealed class AuditTamperingTests
{
    private static readonly string[] People = ["maya", "tom"];

    [Theory]
    [InlineData("UPDATE lines SET document = NULL, subject = NULL WHERE number = 1", "line 1 was blanked")]
    [InlineData("UPDATE logs SET owner = owner || 'x' WHERE name = 'practice-audit'", "has another name or owner")]
    [InlineData("UPDATE logs SET owner = 'erased-00' WHERE name = 'practice-audit'", "has another name or owner")]
    [InlineData("UPDATE logs SET name = 'audit' WHERE name = 'practice-audit'", "has another name or owner")]
    public async Task What_is_blanked_or_given_to_somebody_else_is_not_whole(string change, string said)
    {
        await using var program = await PracticeAsync();
        Assert.Equal(0, (await program.RunAsync("audit", "verify", "Riverbend")).Code);
        Alter(program, change);
        var verified = await program.RunAsync("audit", "verify", "Riverbend");
        Assert.Equal(1, verified.Code);
        Assert.Contains(said, verified.Output, StringComparison.Ordinal);
        Assert.Equal(1, (await program.RunAsync("check")).Code);
    }

    [Fact]
    public async Task An_erasure_is_counted_and_leaves_the_hashes_of_before_in_the_chain()
    {
        await using var program = await PracticeAsync();
        var before = Hash(await program.RunAsync("audit", "verify", "Riverbend"));
        Assert.Equal(0, (await program.RunAsync("erase-practitioner", "tom", "--yes")).Code);
        var verified = await program.RunAsync("audit", "verify", "Riverbend", "--expect", before);
        Assert.True(verified.Code == 0, verified.Output + verified.Error);
        Assert.Matches(@"Riverbend: intact, \d+ lines, [1-9]\d* of them erased, last hash", verified.Output);
        Assert.NotEqual(before, Hash(verified));
        Assert.Equal(0, (await program.RunAsync("check")).Code);
    }

    [Fact]
    public async Task A_hash_that_was_kept_is_missed_and_one_that_is_none_is_refused()
    {
        await using var program = await PracticeAsync();
        var missed = await program.RunAsync("audit", "verify", "Riverbend", "--expect", new string('a', 64));
        Assert.Equal(1, missed.Code);
        Assert.Contains("No log has a line with the hash", missed.Error, StringComparison.Ordinal);
        Assert.Equal(1, (await program.RunAsync("audit", "verify", "Riverbend", "--expect", "abc")).Code);
    }

    [Fact]
    public async Task Anchors_outside_the_folder_show_a_log_that_was_written_anew_and_are_signed()
    {
        await using var program = await PracticeAsync();
        Assert.Equal(0, (await program.RunAsync("audit", "anchor", "--output", "anchors.jsonl")).Code);
        Assert.Equal(1, (await program.RunAsync("audit", "anchor", "--output", Path.Combine(program.Data, "anchors.jsonl"))).Code);
        Assert.Equal(0, (await program.RunAsync("audit", "verify", "Riverbend", "--anchors", "anchors.jsonl")).Code);

        var path = Path.Combine(program.Folder, "anchors.jsonl");
        var anchors = await File.ReadAllTextAsync(path, TestContext.Current.CancellationToken);
        var number = JsonDocument.Parse(anchors.Split('\n')[0]).RootElement.GetProperty("number").GetInt64();
        await File.WriteAllTextAsync(path, anchors.Replace($"\"number\":{number},", $"\"number\":{number + 1},", StringComparison.Ordinal), TestContext.Current.CancellationToken);
        Assert.Contains("not an anchor that this server signed", (await program.RunAsync("audit", "verify", "Riverbend", "--anchors", "anchors.jsonl")).Error, StringComparison.Ordinal);
        await File.WriteAllTextAsync(path, anchors, TestContext.Current.CancellationToken);

        Alter(program, "DROP TRIGGER lines_are_never_removed; DELETE FROM lines WHERE number = (SELECT max(number) FROM lines)");
        Assert.Equal(0, (await program.RunAsync("audit", "verify", "Riverbend")).Code);
        var missed = await program.RunAsync("audit", "verify", "Riverbend", "--anchors", "anchors.jsonl");
        Assert.Equal(1, missed.Code);
        Assert.Contains("is in no log", missed.Error, StringComparison.Ordinal);
    }

    private static async Task<ServerProgram> PracticeAsync()
    {
        var program = new ServerProgram();
        Assert.Equal(0, (await program.RunAsync("add-practice", "Riverbend", "--zone", "Australia/Melbourne")).Code);
        foreach (var login in People)
        {
            Assert.Equal(0, (await program.RunAsync("add-user", login, "--name", login, "--practice", "Riverbend")).Code);
            Assert.Equal(0, (await program.RunAsync("app-password", "new", login)).Code);
        }

        return program;
    }

    private static string Hash(CommandResult verified) => Regex.Match(verified.Output, "Riverbend: .*last hash ([0-9a-f]{64})").Groups[1].Value;

    private static void Alter(ServerProgram program, string sql)
    {
        using var connection = new SqliteConnection($"Data Source={Path.Combine(program.Data, "calendar.db")};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
