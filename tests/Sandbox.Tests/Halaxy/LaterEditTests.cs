using System.Text.Json.Nodes;
using NodaTime;
using Practice.Appointments;
using Practice.Diaries;
using ProviderBridge.Sync;

namespace Sandbox.Tests.Halaxy;

/// <summary>What a person changes after Halaxy was told something, and before it was read again: the last word is theirs.</summary>
public sealed class LaterEditTests : OddAnswerTest
{
    [Fact]
    public async Task What_is_changed_again_reaches_Halaxy()
    {
        await using var scene = await MirrorScene.StartAsync();
        var (id, target) = await TellingAsync(scene, new AppointmentEdit { Start = Nine.PlusHours(2), Comments = "one" });
        await scene.Diary.EditAsync(target, new AppointmentEdit { Start = Nine.PlusHours(5), Comments = "two" });
        await AgreeAsync(scene);
        var there = await scene.ThereAsync(id);
        Assert.Equal(("two", "2026-01-12T14:00:00+11:00"), ((string?)there["comments"], (string?)there["start"]));
        Assert.Equal((14, "two"), (await scene.HereAsync()).Single() is var here ? (here.Start.Hour, here.Comments) : default);
    }

    [Fact]
    public async Task A_move_that_is_undone_is_undone_in_Halaxy()
    {
        await using var scene = await MirrorScene.StartAsync();
        var (id, target) = await TellingAsync(scene, new AppointmentEdit { Start = Nine.PlusHours(2) });
        await scene.Diary.EditAsync(target, new AppointmentEdit { Start = Nine });
        await AgreeAsync(scene);
        Assert.Equal("2026-01-12T09:00:00+11:00", (string?)(await scene.ThereAsync(id))["start"]);
        Assert.Equal(9, (await scene.HereAsync()).Single().Start.Hour);
    }

    [Fact]
    public async Task What_is_put_back_after_it_was_cancelled_takes_place_on_both_sides()
    {
        await using var scene = await MirrorScene.StartAsync();
        await scene.Halaxy.DoAsync("switch", new JsonObject { ["name"] = "back-to-booked" });
        var (id, target) = await TellingAsync(scene, null);
        Assert.False((bool)(await scene.ThereAsync(id))["takesPlace"]!);
        await scene.Diary.RestoreAsync(target);
        await AgreeAsync(scene);
        Assert.True((bool)(await scene.ThereAsync(id))["takesPlace"]!);
        Assert.True((await scene.HereAsync()).Single().TakesPlace);
    }

    [Fact]
    public async Task What_somebody_moved_in_Halaxy_meanwhile_counts_still()
    {
        await using var scene = await MirrorScene.StartAsync();
        var (id, target) = await TellingAsync(scene, new AppointmentEdit { Start = Nine.PlusHours(2) });
        await scene.Halaxy.DoAsync("move", new JsonObject { ["appointment"] = id, ["start"] = "2026-01-12T16:00" });
        await scene.Diary.EditAsync(target, new AppointmentEdit { Start = Nine.PlusHours(5) });
        await scene.PassAsync();
        await scene.PassAsync();
        Assert.Equal(16, (await scene.HereAsync()).Single().Start.Hour);
        Assert.Equal(MirroredFields.Times, Assert.Single(await scene.OverruledAsync()).Fields);
    }

    /// <summary>Edits an appointment of both sides, or cancels it, and has a pass tell Halaxy, whose answer is lost.</summary>
    private static async Task<(string Id, AppointmentTarget Target)> TellingAsync(MirrorScene scene, AppointmentEdit? edit)
    {
        var id = await scene.Halaxy.BookAsync();
        await scene.PassAsync();
        var target = new AppointmentTarget((await scene.HereAsync()).Single().Id);
        if (edit is null) await scene.Diary.CancelAsync(target, CancelChoice.Cancel, SeriesScope.All);
        else await scene.Diary.EditAsync(target, edit);
        await scene.Halaxy.Scene.FaultAsync("halaxy.patch", "reset-after");
        Assert.Equal(PassResult.Later, await scene.PassAsync());
        return (id, target);
    }

    private static async Task AgreeAsync(MirrorScene scene)
    {
        Assert.Equal(PassResult.Done, await scene.PassAsync());
        Assert.Equal(PassResult.Done, await scene.PassAsync());
        Assert.Empty(await scene.OverruledAsync());
        Assert.Empty(await scene.TasksAsync());
    }
}
