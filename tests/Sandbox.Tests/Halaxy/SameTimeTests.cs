using System.Text.Json.Nodes;
using NodaTime;
using Practice.Diaries;

namespace Sandbox.Tests.Halaxy;

/// <summary>Personal appointments that begin at the same time, of which Halaxy's answers are lost: each is known by itself, and none is taken for another.</summary>
public sealed class SameTimeTests
{
    private static readonly LocalDateTime Noon = new(2026, 1, 14, 12, 0);

    [Theory]
    [InlineData("reset-after")]
    [InlineData("reset-before")]
    public async Task Two_are_added_once_each(string fault)
    {
        await using var scene = await StartAsync();
        await scene.Diary.AddPersonalAsync(new PersonalEntry("Lunch", Noon, Duration.FromMinutes(45)));
        await scene.Diary.AddPersonalAsync(new PersonalEntry("Call", Noon, Duration.FromMinutes(30)));
        await scene.Halaxy.Scene.FaultAsync("halaxy.create", fault);
        await scene.PassAsync();
        await PassAsync(scene);
        await AreAloneAsync(scene, ("Lunch", 45), ("Call", 30));
    }

    [Fact]
    public async Task Two_of_which_neither_is_answered_keep_their_own_lengths_and_comments()
    {
        await using var scene = await StartAsync();
        await scene.Diary.AddPersonalAsync(new PersonalEntry("Lunch", Noon, Duration.FromMinutes(45)) { Comments = "with Tom" });
        await scene.Diary.AddPersonalAsync(new PersonalEntry("Call", Noon, Duration.FromMinutes(30)) { Comments = "with Sue" });
        await scene.Diary.AddPersonalAsync(new PersonalEntry("Post", Noon, Duration.FromMinutes(30)) { Comments = "by noon" });
        for (var n = 0; n < 3; n++) await scene.Halaxy.Scene.FaultAsync("halaxy.create", "reset-after");
        await scene.PassAsync();
        await PassAsync(scene);
        await AreAloneAsync(scene, ("Lunch", 45), ("Call", 30), ("Post", 30));
        Assert.Equal(["by noon", "with Sue", "with Tom"], (await scene.HereAsync()).Select(one => one.Comments).Order(StringComparer.Ordinal));
        foreach (var here in await scene.HereAsync()) Assert.Equal(here.Comments, (string?)(await scene.ThereAsync(here.HalaxyId!))["comments"]);
    }

    [Theory]
    [InlineData("60", null)]
    [InlineData("45", "Bring the keys")]
    public async Task What_somebody_makes_there_at_that_time_after_a_try_that_failed_is_another(string minutes, string? comments)
    {
        await using var scene = await StartAsync();
        var uid = await scene.Diary.AddPersonalAsync(new PersonalEntry("Lunch", Noon, Duration.FromMinutes(45)) { Comments = "with Tom" });
        await scene.Halaxy.Scene.FaultAsync("halaxy.create", "reset-before");
        await scene.PassAsync();
        var id = await scene.Halaxy.IdAsync("meet", new JsonObject { ["roles"] = scene.Halaxy.Role, ["title"] = "Team", ["start"] = "2026-01-14T12:00", ["minutes"] = minutes });
        if (comments is not null) await scene.Halaxy.DoAsync("comment", new JsonObject { ["appointment"] = id, ["comments"] = comments });
        await PassAsync(scene);
        Assert.Equal(comments ?? "", (string?)(await scene.ThereAsync(id))["comments"] ?? "");
        var here = await scene.HereAsync();
        Assert.Equal(2, here.Count);
        Assert.Equal(("Meeting", comments), here.Single(one => one.HalaxyId == id) is var theirs ? (theirs.Title, theirs.Comments) : default);
        Assert.Equal(("Lunch", "with Tom"), here.Single(one => one.Id == uid) is var own ? (own.Title, own.Comments) : default);
        Assert.Equal(2, (await scene.ThereAsync()).Count);
    }

    [Fact]
    public async Task One_that_is_moved_and_changed_before_it_is_found_is_moved_there_too()
    {
        await using var scene = await StartAsync();
        var uid = await scene.Diary.AddPersonalAsync(new PersonalEntry("Lunch", Noon, Duration.FromMinutes(45)) { Comments = "with Tom" });
        await scene.Halaxy.Scene.FaultAsync("halaxy.create", "reset-after");
        await scene.PassAsync();
        await scene.Diary.EditAsync(new AppointmentTarget(uid), new AppointmentEdit { Start = Noon.PlusHours(2), Length = Duration.FromMinutes(20), Comments = "with Sue" });
        await PassAsync(scene);
        await AreAloneAsync(scene, ("Lunch", 20));
        var there = Assert.Single(await scene.ThereAsync());
        Assert.Equal("with Sue", (string?)there["comments"]);
        Assert.Equal(uid, Assert.Single(await scene.HereAsync()).Id);
    }

    private static async Task<MirrorScene> StartAsync()
    {
        var scene = await MirrorScene.StartAsync();
        foreach (var name in new[] { "create", "double-bookings" }) await scene.Halaxy.DoAsync("switch", new JsonObject { ["name"] = name });
        await scene.PassAsync();
        return scene;
    }

    private static async Task PassAsync(MirrorScene scene)
    {
        for (var n = 0; n < 3; n++) await scene.PassAsync();
    }

    /// <summary>Both sides have these, and nothing else.</summary>
    private static async Task AreAloneAsync(MirrorScene scene, params (string Title, int Minutes)[] all)
    {
        var here = await scene.HereAsync();
        Assert.Equal(all.Order(), here.Select(one => (one.Title ?? "", (int)(one.End - one.Start).TotalMinutes)).Order());
        Assert.Equal((await scene.ThereAsync()).Select(one => (string?)one["id"]).Order(StringComparer.Ordinal), here.Select(one => one.HalaxyId).Order(StringComparer.Ordinal));
        Assert.Empty(await scene.TasksAsync());
    }
}
