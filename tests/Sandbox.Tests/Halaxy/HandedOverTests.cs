using System.Text.Json.Nodes;
using NodaTime;
using Practice.Diaries;
using ProviderBridge.Halaxy;

namespace Sandbox.Tests.Halaxy;

/// <summary>An appointment of Halaxy that was handed over to a colleague here while the practice was not connected: nobody has it twice, and nobody is told to delete the patient's booking.</summary>
public sealed class HandedOverTests
{
    [Theory]
    [InlineData(9)]
    [InlineData(11)]
    public async Task What_was_given_to_the_same_colleague_in_Halaxy_is_theirs_once(int hour)
    {
        await using var scene = await MirrorScene.StartAsync();
        var (id, ben, role) = await HandOverAsync(scene, hour);
        await scene.Halaxy.DoAsync("reassign", new JsonObject { ["appointment"] = id, ["roles"] = role });
        await ReconnectAsync(scene, ben);
        await scene.PassAsync();
        await scene.PassAsync();
        await IsBensAsync(scene, id, ben.Here, hour);
    }

    [Fact]
    public async Task What_Halaxy_has_still_as_it_was_is_to_be_given_to_the_colleague_there_and_is_theirs_once_then()
    {
        await using var scene = await MirrorScene.StartAsync();
        var (id, ben, role) = await HandOverAsync(scene, 9);
        await ReconnectAsync(scene, ben);
        await scene.PassAsync();
        var task = Assert.Single(await scene.TasksAsync());
        Assert.Equal((HalaxyTaskReason.CannotDelete, scene.Maya, true), (task.Reason, task.PractitionerId, task.IsPatient));
        Assert.Null(Assert.Single(await scene.HereAsync(scene.DiaryOf(ben.Here))).HalaxyId);
        await scene.Halaxy.DoAsync("reassign", new JsonObject { ["appointment"] = id, ["roles"] = role });
        await scene.PassAsync();
        await IsBensAsync(scene, id, ben.Here, 9);
    }

    [Fact]
    public async Task What_was_changed_in_Halaxy_meanwhile_does_not_come_back_beside_the_colleagues()
    {
        await using var scene = await MirrorScene.StartAsync();
        var (id, ben, role) = await HandOverAsync(scene, 9);
        await scene.Halaxy.DoAsync("comment", new JsonObject { ["appointment"] = id, ["comments"] = "Room 2" });
        await ReconnectAsync(scene, ben);
        await scene.PassAsync();
        Assert.Empty(await scene.HereAsync());
        Assert.Equal(scene.Maya, Assert.Single(await scene.TasksAsync()).PractitionerId);
        await scene.Halaxy.DoAsync("reassign", new JsonObject { ["appointment"] = id, ["roles"] = role });
        await scene.PassAsync();
        await IsBensAsync(scene, id, ben.Here, 9);
    }

    [Fact]
    public async Task What_a_colleague_has_who_is_not_in_Halaxy_does_not_come_back_beside_theirs()
    {
        await using var scene = await MirrorScene.StartAsync();
        var (id, ben) = await HandOverToUnmatchedAsync(scene);
        await scene.Halaxy.DoAsync("comment", new JsonObject { ["appointment"] = id, ["comments"] = "Room 2" });
        await scene.ConnectAsync((scene.Maya, scene.Halaxy.Practitioner));
        await scene.PassAsync();
        await scene.PassAsync();
        Assert.Empty(await scene.HereAsync());
        Assert.Single(await scene.HereAsync(scene.DiaryOf(ben)));
        var task = Assert.Single(await scene.TasksAsync());
        Assert.Equal((HalaxyTaskReason.CannotDelete, scene.Maya, true), (task.Reason, task.PractitionerId, task.IsPatient));
    }

    [Fact]
    public async Task Nobody_is_to_give_it_in_Halaxy_to_a_colleague_who_is_not_there()
    {
        await using var scene = await MirrorScene.StartAsync();
        await HandOverToUnmatchedAsync(scene);
        await scene.ConnectAsync((scene.Maya, scene.Halaxy.Practitioner));
        await scene.PassAsync();
        Assert.True(Assert.Single(await scene.TasksAsync()).IsWithUnmatched);
    }

    [Fact]
    public async Task A_meeting_that_was_deleted_here_is_to_be_deleted_there()
    {
        await using var scene = await MirrorScene.StartAsync();
        await scene.Halaxy.MeetAsync("Team");
        await scene.PassAsync();
        await scene.Diary.CancelAsync(new AppointmentTarget(Assert.Single(await scene.HereAsync()).Id), CancelChoice.Delete, SeriesScope.All);
        await scene.PassAsync();
        Assert.False(Assert.Single(await scene.TasksAsync()).IsPatient);
    }

    private static async Task<(string Id, (string Here, string There) Ben, string Role)> HandOverAsync(MirrorScene scene, int hour)
    {
        var (ben, there, role) = await scene.AddBenAsync();
        var id = await scene.Halaxy.BookAsync();
        await scene.PassAsync();
        await scene.DisconnectAsync();
        await scene.Diary.HandOverAsync(new AppointmentTarget(Assert.Single(await scene.HereAsync()).Id), ben, new AppointmentEdit { Start = new LocalDateTime(2026, 1, 12, hour, 0) });
        return (id, (ben, there), role);
    }

    private static async Task<(string Id, string Ben)> HandOverToUnmatchedAsync(MirrorScene scene)
    {
        var ben = await scene.PractitionerAsync("ben", "Ben Ito");
        var id = await scene.Halaxy.BookAsync();
        await scene.PassAsync();
        await scene.DisconnectAsync();
        await scene.Diary.HandOverAsync(new AppointmentTarget(Assert.Single(await scene.HereAsync()).Id), ben, new AppointmentEdit());
        return (id, ben);
    }

    private static Task ReconnectAsync(MirrorScene scene, (string Here, string There) ben) => scene.ConnectAsync((scene.Maya, scene.Halaxy.Practitioner), ben);

    private static async Task IsBensAsync(MirrorScene scene, string id, string ben, int hour)
    {
        Assert.Empty(await scene.HereAsync());
        var bens = Assert.Single(await scene.HereAsync(scene.DiaryOf(ben)));
        Assert.Equal((id, hour, true), (bens.HalaxyId, bens.Start.Hour, bens.TakesPlace));
        Assert.Equal($"2026-01-12T{hour:00}:00:00+11:00", (string?)(await scene.ThereAsync(id))["start"]);
        Assert.Empty(await scene.TasksAsync());
        Assert.Empty(await scene.OverruledAsync());
        Assert.Equal(1, (await scene.ConnectionAsync())!.Count);
    }
}
