using System.Diagnostics;
using System.Text;
using CalDavServer.Web.Devices;
using Calendaring.Store;
using NodaTime;
using ProviderBridge.Sync;
using Xunit;

namespace CalDavServer.Tests.Links;

/// <summary>What runs links forgets none.</summary>
public sealed class LinkRunnerTests
{
    /// <summary>Its pass looks for it between the end of the old one and the making of the new one: what was asked for then is forgotten with the old one.</summary>
    [Fact]
    public async Task A_link_that_is_made_again_while_the_one_before_is_looked_for_is_run()
    {
        await using var scene = await LinkScene.StartAsync();
        // the first look is for all links
        var store = new ToldStore(scene.Store) { Look = 2 };
        using var runner = scene.Run(store);
        store.Meanwhile = async () =>
        {
            await scene.PutAsync(scene.Link);
            runner.Wake(scene.Link.Key);
        };
        runner.Wake(scene.Link.Key);
        await runner.StartAsync(TestContext.Current.CancellationToken);
        await UntilAsync(async () => (await scene.FindAsync())?.LastPass is not null, "It was not run.");
        await runner.StopAsync(TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task Links_that_cannot_be_read_at_the_start_are_run_once_they_can()
    {
        await using var scene = await LinkScene.StartAsync();
        await scene.PutAsync(scene.Link);
        using var runner = scene.Run(new ToldStore(scene.Store) { Failing = 2 }, TimeSpan.FromMilliseconds(20));
        await runner.StartAsync(TestContext.Current.CancellationToken);
        await UntilAsync(async () => (await scene.FindAsync())?.LastPass is not null, "It was not run.");
        await runner.StopAsync(TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task One_whose_service_did_not_answer_is_run_when_the_service_tells_of_a_change()
    {
        await using var scene = await LinkScene.StartAsync();
        scene.IsAway = true;
        await scene.PutAsync(scene.Link);
        using var runner = scene.Run(scene.Store, TimeSpan.FromMinutes(20));
        runner.Wake(scene.Link.Key);
        await runner.StartAsync(TestContext.Current.CancellationToken);
        await UntilAsync(() => Task.FromResult(runner.Find(scene.Link.Key)?.Failures > 0), "It has not failed.");
        scene.IsAway = false;
        runner.Touch(scene.Link.Key);
        await UntilAsync(async () => (await scene.FindAsync())?.LastPass is not null, "It was not run.");
        await runner.StopAsync(TestContext.Current.CancellationToken);
    }

    /// <summary>The first thing that a pass writes is its lease: with a disk that takes nothing it looks as if another worker had the link.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public async Task A_disk_that_takes_nothing_is_said_and_not_taken_for_a_service_that_does_not_answer(int after)
    {
        await using var scene = await LinkScene.StartAsync();
        await scene.PutAsync(scene.Link);
        var store = new ToldStore(scene.Store) { IsFull = true };
        using var runner = scene.Run(store, TimeSpan.FromMilliseconds(after * 10));
        runner.Wake(scene.Link.Key);
        await runner.StartAsync(TestContext.Current.CancellationToken);
        await UntilAsync(() => Task.FromResult(runner.Find(scene.Link.Key)?.Failures >= after), "It has not failed.");
        var scheduled = runner.Find(scene.Link.Key)!;
        var standing = scene.Standing with { Failures = scheduled.Failures, Fault = scheduled.Fault };
        Assert.Equal(("bad", "The disk of this server is full, or cannot be written to. Tell whoever runs it. Once that is put right, everything catches up automatically, and nothing is lost."), (LinkWords.State(standing).Badge, LinkWords.State(standing).Sentence));
        store.IsFull = false;
        await UntilAsync(async () => (await scene.FindAsync())?.LastPass is not null, "It was not run.");
        await UntilAsync(() => Task.FromResult(scheduled is { Failures: 0, Fault: null }), "It is still said.");
        await runner.StopAsync(TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task What_this_server_itself_fails_at_is_not_said_of_the_service()
    {
        await using var scene = await LinkScene.StartAsync();
        await scene.PutAsync(scene.Link);
        var store = new ToldStore(scene.Store);
        using var runner = scene.Run(store, TimeSpan.FromMinutes(20));
        runner.Wake(scene.Link.Key);
        store.Failing = 1000;
        await runner.StartAsync(TestContext.Current.CancellationToken);
        await UntilAsync(() => Task.FromResult(runner.Find(scene.Link.Key)?.Failures > 0), "It has not failed.");
        var standing = scene.Standing with { Failures = 1, Fault = runner.Find(scene.Link.Key)!.Fault };
        Assert.StartsWith("This server could not finish comparing both calendars.", LinkWords.State(standing).Sentence, StringComparison.Ordinal);
        Assert.StartsWith("Empty answers, but fails at 2 appointments.", LinkWords.State(standing with { Link = scene.Link with { Failing = new Dictionary<string, int> { ["1"] = 1, ["2"] = 2 } } }).Sentence, StringComparison.Ordinal);
        await runner.StopAsync(TestContext.Current.CancellationToken);
    }

    [Theory]
    [InlineData(OutsideFault.NotRegistered, "does not know this server as it is set up: its registration there may have expired or been switched off. Tell whoever runs this server. Once that is put right, everything catches up automatically, and nothing is lost.")]
    [InlineData(OutsideFault.NotTrusted, "has a certificate that cannot be trusted: it may have expired. Until that is put right, nothing is sent there, your password included. Then everything catches up automatically, and nothing is lost.")]
    public async Task What_only_an_operator_can_put_right_is_said(OutsideFault fault, string said)
    {
        await using var scene = await LinkScene.StartAsync();
        var (word, badge, sentence) = LinkWords.State(scene.Standing with { Link = scene.Link, Failures = 1, Fault = fault });
        Assert.Equal(("Waiting", "bad", $"Empty {said}"), (word, badge, sentence));
    }

    [Theory]
    [InlineData(LinkState.Paused)]
    [InlineData(LinkState.Active)]
    public async Task What_is_kept_for_a_set_time_is_forgotten_then_though_nothing_happens(LinkState state)
    {
        await using var scene = await LinkScene.StartAsync();
        await scene.PutAsync(scene.Link with { State = state });
        await PutConflictAsync(scene, "old", SystemClock.Instance.GetCurrentInstant() - Conflict.Lasts);
        await PutConflictAsync(scene, "new", SystemClock.Instance.GetCurrentInstant());
        using var runner = scene.Run(scene.Store);
        runner.Wake(scene.Link.Key);
        await runner.StartAsync(TestContext.Current.CancellationToken);
        await UntilAsync(async () => await ConflictsAsync(scene) == "new", "It is kept still.");
        await runner.StopAsync(TestContext.Current.CancellationToken);
    }

    private static async Task PutConflictAsync(LinkScene scene, string uid, Instant at)
    {
        var conflict = new Conflict(at, scene.Link.Id, uid, [], "", "");
        var text = $$"""
        {"at":{{at.ToUnixTimeMilliseconds()}},"linkId":"{{scene.Link.Id}}","uid":"{{uid}}","practiceGroups":[],"practice":"","outside":""}
        """;
        await scene.Store.ApplyAsync(StoreBatch.Of(new PutRecord("link-conflict", scene.Maya.Id, conflict.Id, Encoding.UTF8.GetBytes(text))), TestContext.Current.CancellationToken);
    }

    private static async Task<string> ConflictsAsync(LinkScene scene)
    {
        using var snapshot = await scene.Store.OpenSnapshotAsync(TestContext.Current.CancellationToken);
        return string.Join(' ', (await Conflict.ListAsync(snapshot, scene.Maya.Id)).Select(one => one.Uid));
    }

    private static async Task UntilAsync(Func<Task<bool>> isSo, string otherwise)
    {
        var since = Stopwatch.StartNew();
        while (!await isSo())
        {
            Assert.True(since.Elapsed < TimeSpan.FromSeconds(20), otherwise);
            await Task.Delay(20, TestContext.Current.CancellationToken);
        }
    }
}
