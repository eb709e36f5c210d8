using System.Text.Json.Nodes;
using NodaTime;
using Practice.Diaries;

namespace Sandbox.Tests.Halaxy;

/// <summary>What is left for a person to do names the appointment so that it is found in Halaxy, and what is counted is what is there.</summary>
public sealed class TaskTests
{
    private static readonly LocalDateTime Later = new(2026, 1, 12, 15, 0);

    [Fact]
    public async Task A_task_names_the_time_to_which_Halaxy_has_moved_the_appointment_for_the_diary()
    {
        await using var scene = await MirrorScene.StartAsync();
        var target = await CancelledAsync(scene);
        await scene.Diary.RestoreAsync(target);
        await scene.Diary.EditAsync(target, new AppointmentEdit { Start = Later });
        await scene.PassAsync();
        AssertNamed(Assert.Single(await scene.TasksAsync()).Start);
    }

    [Fact]
    public async Task A_task_names_the_time_to_which_somebody_has_moved_the_appointment_in_Halaxy()
    {
        await using var scene = await MirrorScene.StartAsync();
        var target = await CancelledAsync(scene);
        await scene.Diary.RestoreAsync(target);
        await scene.PassAsync();
        var before = Assert.Single(await scene.TasksAsync());
        Assert.Equal(9, before.Start.InZone(DateTimeZoneProviders.Tzdb["Australia/Sydney"]).Hour);
        await scene.Halaxy.DoAsync("move", new JsonObject { ["appointment"] = before.Id, ["start"] = "2026-01-12T15:00" });
        await scene.PassAsync();
        var after = Assert.Single(await scene.TasksAsync());
        AssertNamed(after.Start);
        Assert.Equal((before.Since, before.Tried, before.Fields), (after.Since, after.Tried, after.Fields));
    }

    [Fact]
    public async Task Appointments_of_those_who_are_not_matched_are_not_counted()
    {
        await using var scene = await MirrorScene.StartAsync();
        var (ben, benThere, role) = await scene.AddBenAsync();
        await scene.Halaxy.BookAsync();
        var bens = await scene.Halaxy.IdAsync("meet", new JsonObject { ["roles"] = role, ["title"] = "Team", ["start"] = "2026-01-15T12:00", ["minutes"] = "30" });
        await scene.Halaxy.IdAsync("meet", new JsonObject { ["roles"] = $"{scene.Halaxy.Role} {role}", ["title"] = "Both", ["start"] = "2026-01-16T12:00", ["minutes"] = "30" });
        await scene.PassAsync();
        Assert.Equal(3, (await scene.ConnectionAsync())!.Count);
        await scene.ConnectAsync((scene.Maya, scene.Halaxy.Practitioner));
        await scene.PassAsync();
        Assert.Equal(2, (await scene.ConnectionAsync())!.Count);
        Assert.Contains(await scene.HereAsync(scene.DiaryOf(ben)), one => one.HalaxyId == bens);
        // what goes there takes nothing from the count
        await scene.Halaxy.DoAsync("delete", new JsonObject { ["appointment"] = bens });
        await scene.ChangeAsync(connection => connection with { LastCompare = null });
        await scene.PassAsync(bens);
        Assert.Equal(2, (await scene.ConnectionAsync())!.Count);
        await scene.ConnectAsync((scene.Maya, scene.Halaxy.Practitioner), (ben, benThere));
        await scene.PassAsync();
        Assert.Equal(2, (await scene.ConnectionAsync())!.Count);
    }

    private static async Task<AppointmentTarget> CancelledAsync(MirrorScene scene)
    {
        await scene.Halaxy.BookAsync();
        await scene.PassAsync();
        var target = new AppointmentTarget((await scene.HereAsync()).Single().Id);
        await scene.Diary.CancelAsync(target, CancelChoice.Cancel);
        await scene.PassAsync();
        return target;
    }

    private static void AssertNamed(Instant start) => Assert.Equal(Later, start.InZone(DateTimeZoneProviders.Tzdb["Australia/Sydney"]).LocalDateTime);
}
