using System.Text;
using System.Text.Json.Nodes;
using Calendaring.Store;
using NodaTime;
using Practice.Appointments;
using Practice.Audit;
using Practice.Diaries;
using Practice.Hx;
using ProviderBridge.Halaxy;
using ProviderBridge.Sync;

namespace Sandbox.Tests.Halaxy;

/// <summary>A practice forgets what came from its Halaxy account, and connects another one.</summary>
public sealed class ForgettingTests : OddAnswerTest
{
    private const string Nothing = """{"resourceType":"Bundle","type":"searchset","total":0}""";
    private static readonly AuditActor Ruth = new("Ruth", ActorVia.Web, "ruth", "session");

    [Fact]
    public async Task What_was_mirrored_is_forgotten_and_stays_in_the_diary_whatever_comes_of_the_same_name_later()
    {
        await using var scene = await MirrorScene.StartAsync();
        var (booked, met) = (await scene.Halaxy.BookAsync(comments: "first"), await scene.Halaxy.MeetAsync("Team"));
        for (var n = 0; n < 120; n++) await scene.Halaxy.MeetAsync("Many", $"2026-01-{14 + (n / 8)}T{8 + (n % 8):00}:00");
        await scene.PassAsync();
        await scene.Diary.CancelAsync(new AppointmentTarget((await scene.HereAsync()).Single(one => one.HalaxyId == met).Id), CancelChoice.Delete, SeriesScope.All);
        await scene.PassAsync();
        Assert.Single(await scene.TasksAsync());
        var before = await scene.HereAsync();
        Assert.Equal(121, before.Count);
        // not while it is connected
        Assert.False(await scene.Connections.ForgetAsync(scene.Group, Ruth));
        Assert.All(await scene.HereAsync(), one => Assert.NotNull(one.HalaxyId));
        Assert.NotNull(await scene.Connections.DisconnectAsync(scene.Group, Ruth));
        Assert.True(await scene.Connections.HasMirroredAsync(scene.Group, TestContext.Current.CancellationToken));

        Assert.True(await scene.Connections.ForgetAsync(scene.Group, Ruth));
        Assert.False(await scene.Connections.HasMirroredAsync(scene.Group, TestContext.Current.CancellationToken));
        var after = await scene.HereAsync();
        Assert.Equal(before.Select(one => (one.Id, one.Start, one.Comments, one.Status)), after.Select(one => (one.Id, one.Start, one.Comments, one.Status)));
        Assert.All(after, one => Assert.Null(one.HalaxyId));
        Assert.Empty(await scene.TasksAsync());
        foreach (var kind in new[] { "halaxy-item", "halaxy-cursor", "halaxy-overruled", "halaxy-intent", "halaxy-patient" }) Assert.Equal((kind, 0), (kind, await CountAsync(scene, kind)));
        Assert.Equal((true, 0, 0), (await scene.ConnectionAsync()) is var blank ? (blank!.IsBlank, blank.Roles.Count, blank.Matches.Count) : default);
        Assert.Equal(1, await CountForgottenAsync(scene));
        // once is enough
        Assert.False(await scene.Connections.ForgetAsync(scene.Group, Ruth));

        // the ids of another account may be the same: nothing is written over
        Assert.True((await scene.Connections.TryAsync(scene.Group, scene.Halaxy.Key, Ruth, TestContext.Current.CancellationToken)).IsKept);
        Assert.Equal(scene.Now - HalaxyConnections.Back, (await scene.ConnectionAsync())!.From);
        await scene.ConnectAsync((scene.Maya, scene.Halaxy.Practitioner));
        await scene.Halaxy.DoAsync("comment", new JsonObject { ["appointment"] = booked, ["comments"] = "second" });
        await scene.PassAsync();
        var both = (await scene.HereAsync()).Where(one => one.Kind == AppointmentKind.Patient).ToList();
        Assert.Equal([(null, "first"), (booked, "second")], both.Select(one => (one.HalaxyId, one.Comments)).OrderBy(one => one.Comments));
    }

    [Fact]
    public async Task Another_account_is_refused_until_the_one_before_is_forgotten()
    {
        await using var scene = await MirrorScene.StartAsync();
        await scene.Halaxy.BookAsync();
        await scene.PassAsync();
        await scene.ChangeAsync(connection => connection with { Roles = [.. connection.Roles.Select(role => role with { Id = $"other-{role.Id}", PractitionerId = "other" })] });
        await scene.Connections.DisconnectAsync(scene.Group, Ruth);
        Assert.True((await TryAsync(scene)).IsOfAnotherAccount);
        Assert.True(await scene.Connections.ForgetAsync(scene.Group, Ruth));
        Assert.Equal((true, false), await TryAsync(scene) is var trial ? (trial.IsKept, trial.IsOfAnotherAccount) : default);
        Assert.Equal(HalaxyState.Proposed, (await scene.ConnectionAsync())!.State);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_list_of_practitioners_that_is_empty_or_not_whole_is_no_other_account(bool isEmpty)
    {
        await using var scene = await MirrorScene.StartAsync();
        await scene.Halaxy.BookAsync();
        await scene.PassAsync();
        if (!isEmpty) await scene.ChangeAsync(connection => connection with { Roles = [.. connection.Roles.Select(role => role with { Id = $"other-{role.Id}" })] });
        var before = await scene.ConnectionAsync();
        scene.BookAsked.Instead = r => isEmpty && Asks(r, "GET", "/PractitionerRole") ? Reply(200, Nothing) : null;
        scene.BookAsked.Changes = (r, t) => Asks(r, "GET", "/PractitionerRole") ? t.Replace("\"total\":1", "\"total\":2", StringComparison.Ordinal) : t;
        Assert.Equal((false, false, true), await TryAsync(scene) is var trial ? (trial.IsKept, trial.IsOfAnotherAccount, trial.IsUnclear) : default);
        Assert.Equal(before!.Matches, (await scene.ConnectionAsync())!.Matches);
        // nor of one that was only proposed: who is who is not lost
        await scene.ChangeAsync(connection => connection with { State = HalaxyState.Proposed }, isConnected: false);
        Assert.True((await TryAsync(scene)).IsUnclear);
        Assert.Equal(before.Matches, (await scene.ConnectionAsync())!.Matches);
    }

    private static Task<HalaxyTrial> TryAsync(MirrorScene scene) => scene.Connections.TryAsync(scene.Group, scene.Halaxy.Key, Ruth, TestContext.Current.CancellationToken);

    private static async Task<int> CountAsync(MirrorScene scene, string kind)
    {
        using var snapshot = await scene.Store.OpenSnapshotAsync(TestContext.Current.CancellationToken);
        return (await snapshot.ListRecordsAsync(kind, scene.Group)).Count;
    }

    private static async Task<int> CountForgottenAsync(MirrorScene scene)
    {
        using var snapshot = await scene.Store.OpenSnapshotAsync(TestContext.Current.CancellationToken);
        return (await AuditLine.ListLastAsync(snapshot, PracticeAudit.Log, scene.Group, long.MaxValue, 10)).Count(line => line.Entry!.Action == AuditAction.HalaxyForgotten);
    }
}
