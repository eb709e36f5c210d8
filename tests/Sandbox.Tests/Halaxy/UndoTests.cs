using System.Text.Json.Nodes;
using NodaTime;
using Practice.Diaries;
using ProviderBridge.Sync;

namespace Sandbox.Tests.Halaxy;

/// <summary>A meeting of Halaxy that a device deleted, and that is undone after it left Halaxy too: it is the practice's own, and not said to be kept there.</summary>
public sealed class UndoTests
{
    [Fact]
    public async Task What_was_deleted_in_Halaxy_too_is_the_practices_own()
    {
        await using var scene = await MirrorScene.StartAsync();
        var (id, _) = await DeletedHereAsync(scene);
        await scene.Halaxy.DoAsync("delete", new JsonObject { ["appointment"] = id });
        await scene.PassAsync(id);
        await UndoAsync(scene);
        await scene.PassAsync();
        await IsOwnAsync(scene);
        Assert.True(await scene.Connections.WasDeletedThereAsync(scene.Group, new(scene.Maya, Assert.Single(await scene.HereAsync()).Id), TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_is_somebody_elses_by_then_is_the_practices_own(bool isColleagues)
    {
        await using var scene = await MirrorScene.StartAsync();
        var (ben, there, role) = await scene.AddBenAsync();
        var id = await GivenAwayAsync(scene, role, isColleagues);
        await IsOwnAsync(scene);
        Assert.Equal(isColleagues ? [id] : [], (await scene.HereAsync(scene.DiaryOf(ben))).Select(one => one.HalaxyId));
        // and when it comes back, it is there once
        await scene.Halaxy.DoAsync("reassign", new JsonObject { ["appointment"] = id, ["roles"] = scene.Halaxy.Role });
        await scene.PassAsync();
        Assert.Equal(id, Assert.Single(await scene.HereAsync()).HalaxyId);
        Assert.NotEmpty(there);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_was_changed_in_it_since_does_not_go_without_a_word_when_it_comes_back(bool isColleagues)
    {
        await using var scene = await MirrorScene.StartAsync();
        var (_, _, role) = await scene.AddBenAsync();
        var id = await GivenAwayAsync(scene, role, isColleagues);
        await scene.Diary.EditAsync(new AppointmentTarget(Assert.Single(await scene.HereAsync()).Id), new AppointmentEdit { Start = new LocalDateTime(2026, 1, 12, 15, 0), Comments = "Ours" });
        await scene.PassAsync();
        await scene.Halaxy.DoAsync("reassign", new JsonObject { ["appointment"] = id, ["roles"] = scene.Halaxy.Role });
        await scene.PassAsync();
        await scene.PassAsync();
        Assert.Equal((id, 12), Assert.Single(await scene.HereAsync()) is var here ? (here.HalaxyId, here.Start.Hour) : default);
        var lost = Assert.Single(await scene.OverruledAsync());
        Assert.Equal((id, scene.Maya, MirroredFields.Times | MirroredFields.Comments, Instant.FromUtc(2026, 1, 12, 4, 0)), (lost.Id, lost.PractitionerId, lost.Fields, lost.Start));
    }

    [Fact]
    public async Task What_Halaxy_has_still_is_kept_there_as_before()
    {
        await using var scene = await MirrorScene.StartAsync();
        var (id, _) = await DeletedHereAsync(scene);
        await UndoAsync(scene);
        await scene.PassAsync();
        Assert.Equal(id, Assert.Single(await scene.HereAsync()).HalaxyId);
        Assert.Empty(await scene.TasksAsync());
    }

    [Fact]
    public async Task Once_Halaxy_takes_personal_appointments_it_is_added_there_again()
    {
        await using var scene = await MirrorScene.StartAsync();
        var (id, _) = await DeletedHereAsync(scene);
        await scene.Halaxy.DoAsync("delete", new JsonObject { ["appointment"] = id });
        await scene.PassAsync(id);
        await UndoAsync(scene);
        await scene.PassAsync();
        await scene.Halaxy.DoAsync("switch", new JsonObject { ["name"] = "create" });
        await scene.AdvanceAsync(Duration.FromHours(7));
        await scene.PassAsync();
        await scene.PassAsync();
        Assert.Equal((string?)Assert.Single(await scene.ThereAsync())["id"], Assert.Single(await scene.HereAsync()).HalaxyId);
    }

    /// <summary>A meeting that a device deletes, that is somebody else's in Halaxy then, and whose deletion is undone.</summary>
    private static async Task<string> GivenAwayAsync(MirrorScene scene, string role, bool isColleagues)
    {
        if (!isColleagues) await scene.ConnectAsync((scene.Maya, scene.Halaxy.Practitioner));
        var (id, _) = await DeletedHereAsync(scene);
        await scene.Halaxy.DoAsync("reassign", new JsonObject { ["appointment"] = id, ["roles"] = role });
        await scene.PassAsync();
        await UndoAsync(scene);
        await scene.PassAsync();
        return id;
    }

    private static async Task<(string Id, string Uid)> DeletedHereAsync(MirrorScene scene)
    {
        var id = await scene.Halaxy.MeetAsync("Team");
        await scene.PassAsync();
        var uid = Assert.Single(await scene.HereAsync()).Id;
        await scene.PhoneRemovesAsync(uid);
        await scene.PassAsync();
        Assert.Single(await scene.TasksAsync());
        return (id, uid);
    }

    private static async Task UndoAsync(MirrorScene scene)
    {
        var (changes, _) = await scene.Diary.ListOutsideAsync(0, long.MaxValue, 10, TestContext.Current.CancellationToken);
        await scene.Diary.TurnBackAsync(Assert.Single(changes).Number);
    }

    private static async Task IsOwnAsync(MirrorScene scene)
    {
        var here = Assert.Single(await scene.HereAsync());
        Assert.Equal((null, "Meeting", true), (here.HalaxyId, here.Title, here.TakesPlace));
        Assert.Empty(await scene.TasksAsync());
        var asked = scene.Asked.Paths.Count;
        await scene.Diary.EditAsync(new AppointmentTarget(here.Id), new AppointmentEdit { Start = here.Start.LocalDateTime.PlusHours(1) });
        Assert.Equal(PassResult.Done, await scene.PassAsync());
        Assert.DoesNotContain(scene.Asked.Paths.Skip(asked), path => path.StartsWith("PATCH", StringComparison.Ordinal));
        Assert.Null(Assert.Single(await scene.HereAsync()).HalaxyId);
        Assert.Single(await HalaxyOnlyHereOf(scene));
    }

    private static Task<IReadOnlyList<Appointment>> HalaxyOnlyHereOf(MirrorScene scene) => ProviderBridge.Halaxy.HalaxyOnlyHere.ListAsync(scene.Diary, scene.Now, DiaryBudget.OfList(TestContext.Current.CancellationToken));
}
