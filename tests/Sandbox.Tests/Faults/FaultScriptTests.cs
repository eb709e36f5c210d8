using System.Diagnostics;
using System.Text.Json.Nodes;

namespace Sandbox.Tests.Faults;

/// <summary>§F: the fault script, kind by kind.</summary>
public class FaultScriptTests
{
    private static JsonObject Body => GoogleUser.AllDay("2026-01-12", "2026-01-13");

    [Theory]
    [InlineData("reset-before", 0)]
    [InlineData("reset-after", 1)]
    public async Task F_a_reset_before_or_after_the_commit(string kind, int kept)
    {
        await using var scene = await Scene.StartAsync();
        var user = await (await scene.GoogleAsync()).WithCalendarAsync();
        await scene.FaultAsync("calendar.events.insert", kind);
        await Assert.ThrowsAsync<HttpRequestException>(() => user.InsertAsync(Body));
        Assert.Equal(kept, (await user.ItemsAsync()).Count);
        await user.InsertAsync(Body);
    }

    [Theory]
    [InlineData(403, "userRateLimitExceeded", null)]
    [InlineData(429, "rateLimitExceeded", 7)]
    [InlineData(503, "backendError", 3)]
    public async Task F_a_status_with_retry_after(int status, string reason, int? wait)
    {
        await using var scene = await Scene.StartAsync();
        var user = await (await scene.GoogleAsync()).WithCalendarAsync();
        await scene.FaultAsync("calendar.events.insert", "status", new JsonObject { ["status"] = status, ["reason"] = reason, ["retryAfter"] = wait });
        var answer = await user.SendAsync("POST", user.Events, Body);
        Assert.Equal((status, reason, wait?.ToString(System.Globalization.CultureInfo.InvariantCulture)), (answer.Status, answer.Reason, answer.Headers.GetValueOrDefault("Retry-After")));
        Assert.Empty(await user.ItemsAsync());
    }

    [Fact]
    public async Task F_a_script_says_how_many_pass_and_how_many_are_struck()
    {
        await using var scene = await Scene.StartAsync();
        var user = await (await scene.GoogleAsync()).WithCalendarAsync();
        await scene.FaultAsync("calendar.events.list", "status", new JsonObject { ["status"] = 503, ["skip"] = 1, ["times"] = 2 });
        int[] statuses = new int[4];
        for (var i = 0; i < 4; i++) statuses[i] = (await user.SendAsync("GET", user.Events)).Status;
        Assert.Equal([200, 503, 503, 200], statuses);
    }

    [Fact]
    public async Task F_latency_410_and_a_lost_page_token()
    {
        await using var scene = await Scene.StartAsync();
        var user = await (await scene.GoogleAsync()).WithCalendarAsync();
        await user.InsertAsync(Body);
        await user.InsertAsync(Body);
        await scene.FaultAsync("calendar.events.list", "latency", new JsonObject { ["milliseconds"] = 300 });
        var watch = Stopwatch.StartNew();
        var page = await user.ListAsync("?maxResults=1");
        Assert.True(watch.ElapsedMilliseconds >= 290);
        await scene.FaultAsync("calendar.events.list", "lost-page-token");
        await user.RefusedAsync(400, "invalid", "GET", $"{user.Events}?pageToken={page["nextPageToken"]}");
        await scene.FaultAsync("calendar.events.list", "gone");
        await user.RefusedAsync(410, "fullSyncRequired", "GET", user.Events);
        await scene.FaultAsync("calendar.events.list", "repeated-items");
        Assert.Equal(4, (await user.ItemsAsync()).Count);
    }

    [Fact]
    public async Task F_a_412_race_keeps_what_the_person_wrote()
    {
        await using var scene = await Scene.StartAsync();
        var user = await (await scene.GoogleAsync()).WithCalendarAsync();
        var made = await user.InsertAsync(Body);
        await scene.FaultAsync("calendar.events.patch", "race");
        await user.RefusedAsync(412, "conditionNotMet", "PATCH", $"{user.Events}/{made["id"]}", new JsonObject { ["summary"] = "New" }, ("If-Match", (string)made["etag"]!));
        Assert.Equal("changed at the same moment", (string?)(await user.GetAsync((string)made["id"]!))["location"]);
    }

    [Fact]
    public async Task F_a_stale_list_does_not_see_the_last_change_but_its_token_brings_it()
    {
        await using var scene = await Scene.StartAsync();
        var user = await (await scene.GoogleAsync()).WithCalendarAsync();
        var made = await user.InsertAsync(Body);
        await user.PatchAsync((string)made["id"]!, new JsonObject { ["summary"] = "New" });
        await scene.FaultAsync("calendar.events.list", "stale-list");
        var stale = await user.ListAsync();
        Assert.Equal("All day", (string?)stale["items"]![0]!["summary"]);
        Assert.Equal("New", (string?)Assert.Single(await user.SinceAsync(stale))["summary"]);
    }

    [Fact]
    public async Task F_a_push_is_lost_late_or_comes_twice()
    {
        await using var scene = await Scene.StartAsync();
        await using var hook = await HookReceiver.StartAsync();
        var user = await (await scene.GoogleAsync()).WithCalendarAsync();
        await scene.FaultAsync("push.google", "push-lost");
        await scene.FaultAsync("push.google", "push-twice", new JsonObject { ["skip"] = 1 });
        await scene.FaultAsync("push.google", "push-late", new JsonObject { ["skip"] = 1, ["milliseconds"] = 200 });
        var watch = Stopwatch.StartNew();
        await user.OkAsync("POST", user.Events + "/watch", new JsonObject { ["id"] = "c1", ["type"] = "web_hook", ["address"] = hook.Address });
        await user.InsertAsync(Body);
        var all = await hook.WaitAsync(2);
        Assert.True(watch.ElapsedMilliseconds >= 190);
        Assert.All(all, x => Assert.Equal("exists", x.Headers["X-Goog-Resource-State"]));
        Assert.Equal(all[0].Headers["X-Goog-Message-Number"], all[1].Headers["X-Goog-Message-Number"]);
    }

    [Fact]
    public async Task F_an_unknown_kind_is_refused()
    {
        await using var scene = await Scene.StartAsync();
        using var answer = await scene.Http.PostAsync("/user/faults", Scene.Json(new JsonObject { ["method"] = "*", ["kind"] = "earthquake" }));
        Assert.Equal(400, (int)answer.StatusCode);
    }
}
