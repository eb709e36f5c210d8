using Calendaring.Store;
using Xunit;

namespace Calendaring.Tests.Store;

public abstract partial class StoreContract
{
    [Fact]
    public async Task Lines_are_numbered_by_log_and_owner_and_each_follows_from_the_one_before_it()
    {
        await ApplyAsync(Line("one"), Line("two"), Line("other", owner: "bert"), Line("money", log: "credits"));
        await ReopenAsync();
        await ApplyAsync(Line(string.Empty));
        var lines = await LinesAsync();
        Assert.Equal([(1L, "one"), (2L, "two"), (3L, string.Empty)], lines.Select(Read));
        AssertChained(lines);
        Assert.Equal([(1L, "other")], (await LinesAsync(owner: "bert")).Select(Read));
        Assert.Equal([(1L, "money")], (await LinesAsync(log: "credits")).Select(Read));
        Assert.Empty(await LinesAsync(log: "none"));
        Assert.NotEqual(lines[0].Hash.ToArray(), lines[1].Hash.ToArray());
    }

    [Fact]
    public async Task Lines_are_read_page_by_page_from_either_end_and_by_subject()
    {
        await ApplyAsync([.. Enumerable.Range(1, 20).Select(n => Line($"{n}", subject: n % 3 == 0 ? "three" : n % 2 == 0 ? "two" : null))]);
        using var snapshot = await Store.OpenSnapshotAsync();
        Assert.Equal([5, 6, 7], (await snapshot.ListLinesAsync("log", "anna", after: 4, limit: 3)).Select(line => line.Number));
        Assert.Equal([20, 19], (await snapshot.ListLastLinesAsync("log", "anna", limit: 2)).Select(line => line.Number));
        Assert.Equal([18, 17], (await snapshot.ListLastLinesAsync("log", "anna", before: 19, limit: 2)).Select(line => line.Number));
        Assert.Equal([9, 12], (await snapshot.ListLinesAsync("log", "anna", after: 6, limit: 2, subject: "three")).Select(line => line.Number));
        Assert.Equal([15, 12], (await snapshot.ListLastLinesAsync("log", "anna", before: 18, limit: 2, subject: "three")).Select(line => line.Number));
        Assert.Empty(await snapshot.ListLinesAsync("log", "anna", after: 20));
        Assert.Empty(await snapshot.ListLinesAsync("log", "anna", limit: 0));
        Assert.Empty(await snapshot.ListLinesAsync("log", "anna", subject: "four"));
        Assert.Equal("three", (await snapshot.ListLinesAsync("log", "anna", after: 2, limit: 1))[0].Subject);
    }

    [Fact]
    public async Task A_batch_that_fails_leaves_no_line_and_no_gap()
    {
        await ApplyAsync(Line("one"));
        await FailAsync(Line("lost"), new DeleteRecord("none", "none", "none"));
        await ApplyAsync(Line("two"));
        var lines = await LinesAsync();
        Assert.Equal([(1L, "one"), (2L, "two")], lines.Select(Read));
        AssertChained(lines);
    }

    [Fact]
    public async Task Those_who_append_at_once_never_fail_for_each_other()
    {
        await Task.WhenAll(Enumerable.Range(0, 500).Select(n => ApplyAsync(Line($"{n}"), Line($"{n} again"))));
        var lines = await LinesAsync();
        AssertChained(lines);
        Assert.Equal(1000, lines.Count);
        for (var n = 0; n < lines.Count; n += 2) Assert.Equal(Read(lines[n]).Text + " again", Read(lines[n + 1]).Text);
    }

    [Fact]
    public async Task A_decision_is_applied_only_while_the_last_line_is_the_one_that_was_read()
    {
        await ApplyAsync(new ExpectLine("log", "anna", 0), Line("one"));
        Assert.Equal(StoreFailureKind.Precondition, (await FailAsync(new ExpectLine("log", "anna", 0), Line("lost"))).Kind);
        Assert.Equal(StoreFailureKind.Precondition, (await FailAsync(new ExpectLine("log", "anna", 2), Line("lost"))).Kind);
        await ApplyAsync(new ExpectLine("log", "anna", 1), Line("two"), new ExpectLine("log", "anna", 2));
        Assert.Equal([(1L, "one"), (2L, "two")], (await LinesAsync()).Select(Read));

        var races = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Store.ApplyAsync(StoreBatch.Of(new ExpectLine("log", "anna", 2), Line("three"))).AsTask()));
        Assert.Single(races, outcome => outcome.Succeeded);
        Assert.Equal(3, (await LinesAsync()).Count);
    }

    [Fact]
    public async Task An_erased_line_has_lost_what_it_said_and_its_chain_still_holds()
    {
        await ApplyAsync(Line("one", subject: "x"), Line("two", subject: "y"), Line("three", subject: "x"), Line("other", owner: "bert", subject: "x"));
        var before = await LinesAsync();
        await ApplyAsync(new EraseLines("log", "anna", "x"));
        await ReopenAsync();
        await ApplyAsync(Line("four"));
        var lines = await LinesAsync();
        Assert.Equal([(1L, ""), (2L, "two"), (3L, ""), (5L, "four")], lines.Where(line => line.Number != 4).Select(Read));
        Assert.Equal([(1L, 1L), (3L, 3L)], LogStatement.Read(lines[3])!.Erased);
        Assert.Equal([true, false, true, false, false], lines.Select(line => line.Erased));
        Assert.Equal([null, "y", null, null, null], lines.Select(line => line.Subject));
        Assert.Equal(before.Select(line => Convert.ToHexString(line.Hash.Span)), lines.Take(3).Select(line => Convert.ToHexString(line.Hash.Span)));
        AssertChained(lines);
        Assert.Empty(await AskAsync(s => s.ListLinesAsync("log", "anna", subject: "x")));
        Assert.False((await LinesAsync(owner: "bert"))[0].Erased);

        await ApplyAsync(new EraseLines("log", "anna"), new EraseLines("log", "nobody"));
        lines = await LinesAsync();
        Assert.All(lines, line => Assert.True(line.Erased || LogStatement.Read(line) is not null));
        Assert.Equal([(2L, 2L), (5L, 5L)], LogStatement.Read(lines[^1])!.Erased);
        Assert.Empty(await FaultsAsync(Store));
    }

    private protected static AppendLine Line(string text, string owner = "anna", string log = "log", string? subject = null) => new(log, owner, Samples.Bytes(text), subject);

    private protected static (long Number, string Text) Read(LogLine line) => (line.Number, System.Text.Encoding.UTF8.GetString(line.Document.Span));

    private protected async Task<IReadOnlyList<LogLine>> LinesAsync(string owner = "anna", string log = "log") => await AskAsync(s => s.ListLinesAsync(log, owner));

    private protected static void AssertChained(IReadOnlyList<LogLine> lines)
    {
        var (hash, number) = (LogLine.OriginOf(lines[0].Log, lines[0].Owner), 0L);
        foreach (var line in lines)
        {
            Assert.True(line.Follows(hash, number));
            Assert.False(line.Follows(new byte[LogLine.HashSize].Select(next => (byte)(next + 1)).ToArray(), number));
            Assert.False(line.Follows(hash, number + 1));
            Assert.False((line with { Digest = new byte[LogLine.HashSize] }).Follows(hash, number));
            (hash, number) = (line.Hash.ToArray(), line.Number);
        }
    }
}
