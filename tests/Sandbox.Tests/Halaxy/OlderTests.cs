using System.Globalization;
using System.Text.Json.Nodes;
using NodaTime;
using Practice.Diaries;
using ProviderBridge.Halaxy;
using ProviderBridge.Sync;

namespace Sandbox.Tests.Halaxy;

/// <summary>What started more than a month ago and is deleted in Halaxy, without a word, is found out.</summary>
public sealed class OlderTests
{
    [Fact]
    public async Task What_is_too_old_for_the_comparisons_is_asked_for_once_a_week()
    {
        await using var scene = await MirrorScene.StartAsync();
        var (kept, gone) = (await scene.Halaxy.BookAsync(), await scene.Halaxy.BookAsync("2026-01-13T09:00"));
        await scene.PassAsync();
        await scene.AdvanceAsync(Duration.FromDays(60));
        await scene.PassAsync();
        Assert.Equal(2, Asked(scene, kept, gone));
        await scene.Halaxy.DoAsync("delete", new JsonObject { ["appointment"] = gone });
        for (var n = 0; n < 10; n++) await CompareAsync(scene);
        Assert.Equal(2, Asked(scene, kept, gone));
        Assert.All(await AllAsync(scene), one => Assert.True(one.TakesPlace));
        await scene.AdvanceAsync(Duration.FromDays(5));
        await CompareAsync(scene);
        Assert.Equal([(kept, true), (null, false)], (await AllAsync(scene)).Select(one => (one.HalaxyId, one.TakesPlace)));
        var asked = Asked(scene, kept, gone);
        await CompareAsync(scene);
        Assert.Equal(asked, Asked(scene, kept, gone));
    }

    [Fact]
    public async Task What_waits_to_be_removed_brings_nothing_that_was_there_before_the_first_day()
    {
        await using var scene = await MirrorScene.StartAsync();
        var (never, old) = (await scene.Halaxy.BookAsync("2025-08-20T09:00"), await scene.Halaxy.BookAsync("2025-06-20T09:00"));
        await scene.AdvanceAsync(Duration.FromHours(1));
        List<string> gone = [old];
        for (var day = 6; day < 16; day++) gone.Add(await scene.Halaxy.BookAsync(string.Create(CultureInfo.InvariantCulture, $"2026-01-{day:00}T09:00")));
        await scene.PassAsync();
        // one of long ago comes when it is edited
        await scene.Halaxy.DoAsync("comment", new JsonObject { ["appointment"] = old, ["comments"] = "Late" });
        await scene.PassAsync(old);
        Assert.Equal(11, (await scene.ConnectionAsync())!.Count);
        foreach (var id in gone) await scene.Halaxy.DoAsync("delete", new JsonObject { ["appointment"] = id });
        Assert.Equal(PassResult.Stopped, await scene.PassAsync([.. gone]));
        Assert.Equal(11, (await scene.ConnectionAsync())!.HeldDeletions);

        await scene.ChangeAsync(connection => connection.AllowingDeletions());
        Assert.Equal(PassResult.Done, await scene.PassAsync());
        var all = await scene.Diary.ListAsync(Instant.FromUtc(2025, 5, 1, 0, 0), Instant.FromUtc(2026, 3, 1, 0, 0));
        Assert.DoesNotContain(all, one => one.HalaxyId == never || one.TakesPlace);
        Assert.Equal(0, (await scene.ConnectionAsync())!.Count);
    }

    [Fact]
    public void A_round_takes_a_few_at_a_time_and_goes_on_where_it_was()
    {
        var now = Instant.FromUtc(2026, 3, 1, 12, 0);
        var ids = Enumerable.Range(0, 250).Select(n => $"{n:000}").ToList();
        HalaxyRound? last = null;
        List<int> taken = [];
        List<string> all = [];
        for (var n = 0; n < 4; n++)
        {
            var round = HalaxyRound.Next(last, now + (Duration.FromHours(6) * n));
            var before = all.Count;
            foreach (var id in ids.Where(id => round?.Takes(id) == true))
            {
                round = round!.Past(id);
                all.Add(id);
            }

            last = round?.AtEnd() ?? last;
            taken.Add(all.Count - before);
        }

        Assert.Equal([100, 100, 50, 0], taken);
        Assert.Equal(ids, all);
        Assert.Null(HalaxyRound.Next(last, now + Duration.FromDays(6)));
        Assert.True(HalaxyRound.Next(last, now + Duration.FromDays(7))!.Takes("000"));
    }

    private static async Task CompareAsync(MirrorScene scene)
    {
        await scene.AdvanceAsync(Duration.FromHours(7));
        await scene.PassAsync();
    }

    private static async Task<IReadOnlyList<Appointment>> AllAsync(MirrorScene scene) => await scene.Diary.ListAsync(Instant.FromUtc(2026, 1, 1, 0, 0), Instant.FromUtc(2026, 2, 1, 0, 0));

    private static int Asked(MirrorScene scene, params string[] ids) => scene.Asked.Paths.Count(path => ids.Any(id => path.StartsWith("GET", StringComparison.Ordinal) && path.EndsWith($"/Appointment/{id}", StringComparison.Ordinal)));
}
