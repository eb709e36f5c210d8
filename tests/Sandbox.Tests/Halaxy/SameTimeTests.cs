using System.Text;
using System.Text.Json.Nodes;
using Calendaring.Store;
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
    [InlineData("with Tom")]
    [InlineData("  with  Tom\n\nand Sue & <b>Ann</b>, “5” < 6 ")]
    [InlineData("☕ & ☎")]
    public async Task What_Halaxy_has_with_the_comments_in_another_form_is_found_again(string comments)
    {
        await using var scene = await StartAsync("reformat-comments");
        var uid = await scene.Diary.AddPersonalAsync(new PersonalEntry("Lunch", Noon, Duration.FromMinutes(45)) { Comments = comments });
        await scene.Halaxy.Scene.FaultAsync("halaxy.create", "reset-after");
        await scene.PassAsync();
        await PassAsync(scene);
        Assert.StartsWith("<p>", (string?)Assert.Single(await scene.ThereAsync())["comments"], StringComparison.Ordinal);
        Assert.Equal(uid, Assert.Single(await scene.HereAsync()).Id);
        await AreAloneAsync(scene, ("Lunch", 45));
    }

    [Fact]
    public async Task What_is_written_later_and_Halaxy_has_in_another_form_is_told_once()
    {
        await using var scene = await StartAsync("reformat-comments");
        await scene.Halaxy.BookAsync();
        await scene.PassAsync();
        var uid = Assert.Single(await scene.HereAsync()).Id;
        await scene.Diary.EditAsync(new AppointmentTarget(uid), new AppointmentEdit { Comments = "with  Tom & Sue" });
        await PassAsync(scene);
        var there = (string?)Assert.Single(await scene.ThereAsync())["comments"];
        Assert.StartsWith("<p>with", there, StringComparison.Ordinal);
        Assert.Equal(there?.Trim(), Assert.Single(await scene.HereAsync()).Comments?.Trim());
        Assert.Empty(await scene.TasksAsync());
        Assert.Empty(await scene.OverruledAsync());
    }

    [Fact]
    public async Task Two_of_one_length_are_told_apart_by_their_comments_in_another_form()
    {
        await using var scene = await StartAsync("reformat-comments");
        var sues = await scene.Diary.AddPersonalAsync(new PersonalEntry("Call", Noon, Duration.FromMinutes(30)) { Comments = "with  Sue" });
        var post = await scene.Diary.AddPersonalAsync(new PersonalEntry("Post", Noon, Duration.FromMinutes(30)) { Comments = "by noon & not later" });
        for (var n = 0; n < 2; n++) await scene.Halaxy.Scene.FaultAsync("halaxy.create", "reset-after");
        await scene.PassAsync();
        await PassAsync(scene);
        await AreAloneAsync(scene, ("Call", 30), ("Post", 30));
        foreach (var (uid, word) in new[] { (sues, "Sue"), (post, "noon") })
            Assert.Contains(word, (string?)(await scene.ThereAsync((await scene.HereAsync()).Single(one => one.Id == uid).HalaxyId!))["comments"], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("|{0}|{1}|{2}")]
    public async Task One_that_was_noted_by_an_older_version_is_found_again(string rest)
    {
        await using var scene = await StartAsync();
        var uid = await scene.Diary.AddPersonalAsync(new PersonalEntry("Lunch", Noon, Duration.FromMinutes(45)) { Comments = "with Tom" });
        var start = Instant.FromUtc(2026, 1, 14, 1, 0);
        // as they were sent, and not in the form in which they are compared now
        var hash = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(Encoding.UTF8.GetBytes($"{uid}|with Tom")).AsSpan(0, 8));
        var id = $"{scene.Maya}|{start.ToUnixTimeSeconds()}|" + string.Format(System.Globalization.CultureInfo.InvariantCulture, rest, (start + Duration.FromMinutes(45)).ToUnixTimeSeconds(), hash, uid);
        Assert.True((await scene.Store.ApplyAsync(StoreBatch.Of(new PutRecord("halaxy-intent", scene.Group, id, Encoding.UTF8.GetBytes(uid)) { Due = scene.Now + Duration.FromHours(20) }), TestContext.Current.CancellationToken)).Succeeded);
        var made = await scene.Halaxy.IdAsync("meet", new JsonObject { ["roles"] = scene.Halaxy.Role, ["title"] = "Own", ["start"] = "2026-01-14T12:00", ["minutes"] = "45" });
        await scene.Halaxy.DoAsync("comment", new JsonObject { ["appointment"] = made, ["comments"] = "with Tom" });
        await PassAsync(scene);
        Assert.Equal((uid, made), Assert.Single(await scene.HereAsync()) is var here ? (here.Id, here.HalaxyId) : default);
        await AreAloneAsync(scene, ("Lunch", 45));
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

    private static async Task<MirrorScene> StartAsync(params string[] switches)
    {
        var scene = await MirrorScene.StartAsync();
        foreach (var name in (string[])["create", "double-bookings", .. switches]) await scene.Halaxy.DoAsync("switch", new JsonObject { ["name"] = name });
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
