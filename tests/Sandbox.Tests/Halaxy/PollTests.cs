using System.Text.Json.Nodes;
using NodaTime;
using NodaTime.Text;
using ProviderBridge.Sync;

namespace Sandbox.Tests.Halaxy;

/// <summary>What is found when Halaxy is asked what has changed, without webhooks.</summary>
public sealed class PollTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(119)]
    public async Task What_Halaxy_dates_up_to_two_minutes_before_the_last_that_was_seen_comes(int seconds)
    {
        await using var scene = await MirrorScene.StartAsync();
        var id = await scene.Halaxy.BookAsync();
        await scene.PassAsync();
        await scene.AdvanceAsync(Duration.FromMinutes(10));
        await scene.Halaxy.BookAsync("2026-01-13T09:00");
        var seen = scene.Now;
        await scene.PassAsync();
        Assert.Equal(seen, (await scene.ConnectionAsync())!.PolledTo);
        // another of its machines has another clock
        await ClockThereAsync(scene, seen - Duration.FromSeconds(seconds));
        await scene.Halaxy.DoAsync("comment", new JsonObject { ["appointment"] = id, ["comments"] = "Room 2" });
        await ClockThereAsync(scene, scene.Now);
        Assert.Equal(PassResult.Done, await scene.PassAsync());
        Assert.Equal("Room 2", (await scene.HereAsync()).Single(one => one.HalaxyId == id).Comments);
    }

    [Fact]
    public async Task What_is_given_to_the_same_practitioner_at_another_clinic_is_the_same_appointment_at_another_location()
    {
        await using var scene = await MirrorScene.StartAsync();
        var clinic = await scene.Halaxy.IdAsync("clinic", new JsonObject { ["name"] = "Second Street" });
        var role = await scene.Halaxy.IdAsync("role", new JsonObject { ["practitioner"] = scene.Halaxy.Practitioner, ["clinic"] = clinic });
        var id = await scene.Halaxy.BookAsync(comments: "Bring the letter");
        await scene.PassAsync();
        var before = Assert.Single(await scene.HereAsync());
        Assert.Equal("Main Street", before.Location);
        await scene.Halaxy.DoAsync("reassign", new JsonObject { ["appointment"] = id, ["roles"] = role });
        await scene.PassAsync();
        var after = Assert.Single(await scene.HereAsync());
        Assert.Equal((before.Id, id, "Second Street", before.Start, "Bring the letter", true), (after.Id, after.HalaxyId, after.Location, after.Start, after.Comments, after.TakesPlace));
        Assert.Equal(1, (await scene.ConnectionAsync())!.Count);
        Assert.Empty(await scene.TasksAsync());
        Assert.Empty(await scene.OverruledAsync());
    }

    private static async Task ClockThereAsync(MirrorScene scene, Instant now) =>
        await scene.Halaxy.Scene.UserAsync("clock", new JsonObject { ["now"] = InstantPattern.General.Format(now), ["running"] = false });
}
