using System.Text.Json.Nodes;
using NodaTime;
using ProviderBridge.Halaxy;
using ProviderBridge.Sync;

namespace Sandbox.Tests.Halaxy;

/// <summary>Whoever learned the address of a practice's webhooks can name appointments that are none; that costs the practice few of its requests, and holds up nothing that is true.</summary>
public sealed class NamedInVainTests
{
    private static string[] MadeUp => [.. Enumerable.Range(0, 1000).Select(n => $"made-up-{n}")];

    [Fact]
    public async Task A_thousand_appointments_that_are_none_cost_few_requests_and_hold_up_nothing()
    {
        await using var scene = await MirrorScene.StartAsync();
        var deleted = await scene.Halaxy.BookAsync();
        await scene.PassAsync();
        await scene.AdvanceAsync(Duration.FromMinutes(10));
        await scene.Halaxy.DoAsync("delete", new JsonObject { ["appointment"] = deleted });
        var booked = await scene.Halaxy.BookAsync("2026-01-13T09:00");
        var before = scene.Asked.Paths.Count;
        Assert.Equal(PassResult.Done, await scene.PassAsync([.. MadeUp, deleted]));
        var asked = scene.Asked.Paths.Skip(before).ToList();
        // one that is none takes two: itself, and a search for it
        Assert.InRange(asked.Count(path => path.Contains("made-up", StringComparison.Ordinal)), HalaxyPass.MostAskedInVain, 2 * HalaxyPass.MostAskedInVain);
        Assert.True(asked.FindIndex(path => path.Contains("_lastUpdated", StringComparison.Ordinal)) < asked.FindIndex(path => path.Contains("made-up", StringComparison.Ordinal)));
        Assert.True((await scene.HereAsync()).Single(one => one.HalaxyId == booked).TakesPlace);
        Assert.Equal(1, (await scene.HereAsync()).Count(one => one.TakesPlace));
        Assert.Empty(await scene.TasksAsync());
    }

    /// <summary>The search may be of some time ago: what a webhook named is asked for by itself.</summary>
    [Theory]
    [InlineData("delete")]
    [InlineData("move")]
    public async Task What_a_webhook_named_is_so_by_Halaxys_word_and_not_by_a_list_that_is_late(string what)
    {
        await using var scene = await MirrorScene.StartAsync();
        var id = await scene.Halaxy.BookAsync();
        await scene.PassAsync();
        await scene.Halaxy.DoAsync("comment", new JsonObject { ["appointment"] = id, ["comments"] = "Room 2" });
        var late = "";
        scene.Asked.Changes = (request, text) => request.RequestUri!.Query.Contains("_lastUpdated", StringComparison.Ordinal) ? late = text : text;
        await scene.PassAsync(id);
        Assert.Contains("Room 2", late, StringComparison.Ordinal);
        await scene.Halaxy.DoAsync(what, new JsonObject { ["appointment"] = id, ["start"] = what == "move" ? "2026-01-14T11:00" : null });
        scene.Asked.Changes = (request, text) => request.RequestUri!.Query.Contains("_lastUpdated", StringComparison.Ordinal) ? late : text;
        Assert.Equal(PassResult.Done, await scene.PassAsync(id));
        var here = (await scene.HereAsync()).Where(one => one.TakesPlace).ToList();
        if (what == "delete") Assert.Empty(here);
        else Assert.Equal(new LocalDateTime(2026, 1, 14, 11, 0), Assert.Single(here).Start.LocalDateTime);
    }

    [Fact]
    public async Task What_is_known_here_is_asked_for_when_nothing_else_may_be()
    {
        await using var scene = await MirrorScene.StartAsync();
        var deleted = await scene.Halaxy.BookAsync();
        await scene.PassAsync();
        await scene.AdvanceAsync(Duration.FromMinutes(10));
        await scene.Halaxy.DoAsync("delete", new JsonObject { ["appointment"] = deleted });
        var before = scene.Asked.Paths.Count;
        Assert.Equal(PassResult.Done, await scene.PassAsync(scene.Store, mayAskInVain: 0, [.. MadeUp, deleted]));
        Assert.DoesNotContain(scene.Asked.Paths.Skip(before), path => path.Contains("made-up", StringComparison.Ordinal));
        Assert.DoesNotContain(await scene.HereAsync(), one => one.TakesPlace);
    }
}
