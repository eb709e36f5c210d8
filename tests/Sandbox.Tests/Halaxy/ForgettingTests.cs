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
using ProviderBridge.Tests.Sync;

namespace Sandbox.Tests.Halaxy;

/// <summary>A practice forgets what came from its Halaxy account, and connects another one.</summary>
public sealed class ForgettingTests : OddAnswerTest
{
    private const string Nothing = """{"resourceType":"Bundle","type":"searchset","total":0}""";
    private static readonly string[] Kept = ["halaxy-item", "halaxy-cursor", "halaxy-task", "halaxy-overruled", "halaxy-intent", "halaxy-patient"];
    private static readonly AuditActor Ruth = new("Ruth", ActorVia.Web, "ruth", "session");

    [Fact]
    public async Task What_was_mirrored_is_forgotten_and_stays_in_the_diary_whatever_comes_of_the_same_name_later()
    {
        await using var scene = await MirrorScene.StartAsync();
        var (booked, met) = (await scene.Halaxy.BookAsync(comments: "first"), await scene.Halaxy.MeetAsync("Team"));
        await MeetManyAsync(scene);
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

        foreach (var kind in Kept.Skip(3)) Assert.True((await scene.Store.ApplyAsync(StoreBatch.Of(new PutRecord(kind, scene.Group, "1", "{}"u8.ToArray())), TestContext.Current.CancellationToken)).Succeeded);
        foreach (var kind in Kept) Assert.NotEqual((kind, 0), (kind, await CountAsync(scene, kind)));

        Assert.True(await scene.Connections.ForgetAsync(scene.Group, Ruth));
        Assert.False(await scene.Connections.HasMirroredAsync(scene.Group, TestContext.Current.CancellationToken));
        var after = await scene.HereAsync();
        Assert.Equal(before.Select(one => (one.Id, one.Start, one.Comments, one.Status)), after.Select(one => (one.Id, one.Start, one.Comments, one.Status)));
        Assert.All(after, one => Assert.Null(one.HalaxyId));
        Assert.Empty(await scene.TasksAsync());
        foreach (var kind in Kept) Assert.Equal((kind, 0), (kind, await CountAsync(scene, kind)));
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

    [Theory]
    [InlineData(0, 6)]
    [InlineData(1, 3)]
    public async Task One_that_is_cut_short_at_any_step_lets_no_account_be_connected_until_it_is_finished(int after, int cuts)
    {
        await using var scene = await MirrorScene.StartAsync();
        var (turned, gone) = (await scene.Halaxy.MeetAsync("Team"), await scene.Halaxy.MeetAsync("Gone", "2026-01-13T12:00"));
        await MeetManyAsync(scene);
        await scene.PassAsync();
        await scene.Connections.DisconnectAsync(scene.Group, Ruth);
        var own = (await scene.HereAsync()).Single(one => one.HalaxyId == turned).Id;
        await scene.Diary.ConvertToPatientAsync(new AppointmentTarget(own), [new Patient("jane", "Jane", "Doe")], "Initial consultation");
        await scene.PhoneRemovesAsync((await scene.HereAsync()).Single(one => one.HalaxyId == gone).Id);
        var before = await scene.HereAsync();

        var found = 0;
        while (await IsCutAsync(scene, after))
        {
            found++;
            Assert.Equal((false, true), await TryAsync(scene) is var trial ? (trial.IsKept, trial.IsForgetting) : default);
            Assert.Null(await scene.Connections.ConnectAsync(scene.Group, Ruth));
            Assert.Equal((true, 1), await scene.ConnectionAsync() is { } cut ? (cut.IsForgetting, cut.Account) : default);
            Assert.True(await scene.Connections.HasMirroredAsync(scene.Group, TestContext.Current.CancellationToken));
        }

        Assert.Equal(cuts, found);
        Assert.Equal((true, false, 1), await scene.ConnectionAsync() is { } blank ? (blank.IsBlank, blank.IsForgetting, blank.Account) : default);
        Assert.Equal(1, await CountForgottenAsync(scene));
        Assert.True((await TryAsync(scene)).IsKept);
        await scene.ConnectAsync((scene.Maya, scene.Halaxy.Practitioner));
        await scene.PassAsync();
        var afterwards = await scene.HereAsync();
        Assert.Equal(before.Count + 122, afterwards.Count);
        Assert.Equal((AppointmentKind.Patient, null, "Jane"), afterwards.Single(one => one.Id == own) is var kept ? (kept.Kind, kept.HalaxyId, Assert.Single(kept.Patients).GivenName) : default);
    }

    [Fact]
    public async Task Each_diary_is_read_once_and_what_was_written_once_more()
    {
        await using var scene = await MirrorScene.StartAsync();
        await MeetManyAsync(scene);
        await scene.PassAsync();
        await scene.Connections.DisconnectAsync(scene.Group, Ruth);
        var counting = new CountingStore(scene.Store);
        Assert.True(await scene.ConnectionsOn(counting).ForgetAsync(scene.Group, Ruth));
        // one more is looked for at the end of a piece
        Assert.InRange(counting.CountOf(CountingStore.Listed), 120, 242);
    }

    [Fact]
    public async Task What_a_phone_deleted_is_the_practices_own_when_it_is_put_back_afterwards()
    {
        await using var scene = await MirrorScene.StartAsync();
        await scene.Halaxy.MeetAsync("Team");
        await scene.PassAsync();
        await scene.Connections.DisconnectAsync(scene.Group, Ruth);
        await scene.PhoneRemovesAsync(Assert.Single(await scene.HereAsync()).Id);
        Assert.True(await scene.Connections.ForgetAsync(scene.Group, Ruth));
        var id = await scene.Diary.TurnBackAsync(Assert.Single((await scene.Diary.ListOutsideAsync(0, long.MaxValue, 10)).Changes).Number);
        Assert.Equal((id, null), Assert.Single(await scene.HereAsync()) is var back ? (back.Id, back.HalaxyId) : default);
    }

    [Fact]
    public async Task Where_nothing_was_mirrored_a_list_that_is_never_whole_is_no_reason_to_refuse_a_key()
    {
        await using var scene = await MirrorScene.StartAsync();
        await scene.PassAsync();
        await scene.Connections.DisconnectAsync(scene.Group, Ruth);
        await scene.ChangeAsync(connection => connection with { Roles = [.. connection.Roles.Select(role => role with { Id = $"other-{role.Id}", PractitionerId = "other" })] }, isConnected: false);
        scene.BookAsked.Changes = (r, t) => Asks(r, "GET", "/PractitionerRole") ? t.Replace("\"total\":1", "\"total\":2", StringComparison.Ordinal) : t;
        Assert.Equal((true, false), await TryAsync(scene) is var trial ? (trial.IsKept, trial.IsUnclear) : default);
        Assert.Equal(scene.Halaxy.Role, Assert.Single((await scene.ConnectionAsync())!.Roles).Id);
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

    private static async Task MeetManyAsync(MirrorScene scene)
    {
        for (var n = 0; n < 120; n++) await scene.Halaxy.MeetAsync("Many", $"2026-01-{14 + (n / 8)}T{8 + (n % 8):00}:00");
    }

    private static async Task<bool> IsCutAsync(MirrorScene scene, int after)
    {
        try
        {
            Assert.True(await scene.ConnectionsOn(new CutStore(scene.Store, after)).ForgetAsync(scene.Group, Ruth));
            return false;
        }
        catch (CutException)
        {
            return true;
        }
    }

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
