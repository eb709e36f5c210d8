using System.Text.Json.Nodes;
using NodaTime;
using NodaTime.Text;
using Practice.Diaries;
using ProviderBridge.Halaxy;
using ProviderBridge.Sync;

namespace Sandbox.Tests.Halaxy;

/// <summary>The region is down for an hour, while both sides go on.</summary>
public sealed class DownTests
{
    private const int Looks = 12;

    [Fact]
    public async Task What_both_sides_did_while_Halaxy_was_down_for_an_hour_is_on_both_afterwards()
    {
        await using var scene = await MirrorScene.StartAsync();
        List<string> ids = [];
        for (var day = 12; day <= 14; day++) ids.Add(await scene.Halaxy.BookAsync($"2026-01-{day}T09:00"));
        Assert.Equal(PassResult.Done, await scene.PassAsync());
        await scene.Halaxy.Scene.FaultAsync("*", "status", new JsonObject { ["status"] = 503, ["times"] = 100_000 });
        var begun = scene.Now;
        for (var look = 0; look < Looks; look++)
        {
            await EditAsync(scene, ids, look);
            // the access token runs out meanwhile
            await scene.AdvanceAsync(Duration.FromMinutes(4));
            Assert.Equal(PassResult.Later, await scene.PassAsync());
            Assert.Equal(HalaxyState.Active, (await scene.ConnectionAsync())!.State);
        }

        Assert.True(scene.Now >= begun + Duration.FromHours(1));
        using (var deleted = await scene.Halaxy.Scene.Http.DeleteAsync("/user/faults", TestContext.Current.CancellationToken)) deleted.EnsureSuccessStatusCode();
        await scene.PassAsync();
        await scene.PassAsync();
        var (here, there) = ((await scene.HereAsync()).ToDictionary(one => one.HalaxyId!), (await scene.ThereAsync()).ToDictionary(one => (string)one["id"]!));
        Assert.Equal(there.Keys.Order(), here.Keys.Order());
        Assert.Equal(3 + (Looks / 4), there.Count);
        Assert.Equal(8 + Looks - 3, here[ids[0]].Start.Hour);
        Assert.Equal($"here {Looks - 2}", (string?)there[ids[1]]["comments"]);
        Assert.Equal($"there {Looks - 1}", here[ids[2]].Comments);
        Assert.All(there, one => Assert.Equal(OffsetDateTimePattern.ExtendedIso.Parse((string)one.Value["start"]!).Value.ToInstant(), here[one.Key].Start.ToInstant()));
        Assert.Empty(await scene.TasksAsync());
        Assert.Empty(await scene.OverruledAsync());
    }

    /// <summary>A booking there, a move here, a comment here and a comment there, in turn.</summary>
    private static async Task EditAsync(MirrorScene scene, List<string> ids, int look)
    {
        async Task<AppointmentTarget> OfAsync(string id) => new((await scene.HereAsync()).Single(one => one.HalaxyId == id).Id);
        if (look % 4 == 0) await scene.Halaxy.BookAsync($"2026-01-15T{9 + (look / 4):00}:00");
        else if (look % 4 == 1) await scene.Diary.EditAsync(await OfAsync(ids[0]), new AppointmentEdit { Start = new LocalDateTime(2026, 1, 12, 8 + look, 0) });
        else if (look % 4 == 2) await scene.Diary.EditAsync(await OfAsync(ids[1]), new AppointmentEdit { Comments = $"here {look}" });
        else await scene.Halaxy.DoAsync("comment", new JsonObject { ["appointment"] = ids[2], ["comments"] = $"there {look}" });
    }
}
