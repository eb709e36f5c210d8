using System.Globalization;
using System.Text.Json.Nodes;

namespace Sandbox.Tests.Google;

/// <summary>§A4, push.</summary>
public class PushRulesTests
{
    private static JsonObject Channel(string address, string id = "channel-1") =>
        new() { ["id"] = id, ["type"] = "web_hook", ["address"] = address, ["token"] = "secret" };

    [Fact]
    public async Task A4_first_comes_sync_then_exists_with_all_in_the_headers()
    {
        await using var scene = await Scene.StartAsync();
        await using var hook = await HookReceiver.StartAsync();
        var user = await (await scene.GoogleAsync()).WithCalendarAsync();
        var channel = await user.OkAsync("POST", user.Events + "/watch", Channel(hook.Address));
        var sync = Assert.Single(await hook.WaitAsync(1));
        await user.PersonAsync("create", new JsonObject { ["title"] = "x", ["start"] = "2026-01-12", ["end"] = "2026-01-13" });
        var change = (await hook.WaitAsync(2))[1];
        Assert.Equal(("sync", "1"), (sync.Headers["X-Goog-Resource-State"], sync.Headers["X-Goog-Message-Number"]));
        Assert.Equal("exists", change.Headers["X-Goog-Resource-State"]);
        Assert.True(int.Parse(change.Headers["X-Goog-Message-Number"], CultureInfo.InvariantCulture) > 1);
        Assert.Equal(("channel-1", "secret", (string?)channel["resourceId"]), (change.Headers["X-Goog-Channel-ID"], change.Headers["X-Goog-Channel-Token"], change.Headers["X-Goog-Resource-ID"]));
        Assert.Equal(("Mon, 12 Jan 2026 12:00:00 GMT", ""), (change.Headers["X-Goog-Channel-Expiration"], change.Body));
        Assert.Contains("/calendar/v3/calendars/", change.Headers["X-Goog-Resource-URI"], StringComparison.Ordinal);
        await user.PersonAsync("delete-calendar");
        Assert.Equal("not_exists", (await hook.WaitAsync(3))[2].Headers["X-Goog-Resource-State"]);
    }

    [Fact]
    public async Task A4_own_writes_are_notified_too_and_a_stopped_channel_is_silent()
    {
        await using var scene = await Scene.StartAsync();
        await using var hook = await HookReceiver.StartAsync();
        var user = await (await scene.GoogleAsync()).WithCalendarAsync();
        var stopped = await user.OkAsync("POST", user.Events + "/watch", Channel(hook.Address));
        await user.OkAsync("POST", user.Events + "/watch", Channel(hook.Address, "channel-2"));
        await hook.WaitAsync(2);
        await user.RefusedAsync(404, "notFound", "POST", "channels/stop", new JsonObject { ["id"] = "channel-1", ["resourceId"] = "other" });
        await user.OkAsync("POST", "channels/stop", new JsonObject { ["id"] = "channel-1", ["resourceId"] = (string?)stopped["resourceId"] });
        await user.InsertAsync(GoogleUser.AllDay("2026-01-12", "2026-01-13"));
        Assert.Equal("channel-2", (await hook.WaitAsync(3))[2].Headers["X-Goog-Channel-ID"]);
    }

    [Fact]
    public async Task A4_a_channel_expires_after_seven_days_at_most()
    {
        await using var scene = await Scene.StartAsync();
        await using var hook = await HookReceiver.StartAsync();
        var user = await (await scene.GoogleAsync()).WithCalendarAsync();
        var asked = Channel(hook.Address);
        asked["expiration"] = "1893456000000";
        Assert.Equal("1768219200000", (string?)(await user.OkAsync("POST", user.Events + "/watch", asked))["expiration"]);
        await hook.WaitAsync(1);
        await scene.AdvanceAsync("P8D");
        var later = await scene.GoogleAsync();
        await user.PersonAsync("create", new JsonObject { ["title"] = "unseen", ["start"] = "2026-01-12", ["end"] = "2026-01-13" });
        await later.OkAsync("POST", user.Events + "/watch", Channel(hook.Address, "channel-2"));
        Assert.Equal("channel-2", (await hook.WaitAsync(2))[1].Headers["X-Goog-Channel-ID"]);
    }

    [Fact]
    public async Task A4_what_a_channel_must_be()
    {
        await using var scene = await Scene.StartAsync(x => x with { PlainHooks = false });
        var user = await (await scene.GoogleAsync()).WithCalendarAsync();
        var at = user.Events + "/watch";
        await user.RefusedAsync(400, "push.webhookUrlNotHttps", "POST", at, Channel("http://127.0.0.1:1/"));
        await user.RefusedAsync(400, "invalid", "POST", at, Channel("https://127.0.0.1:1/", new string('x', 65)));
        var odd = Channel("https://127.0.0.1:1/");
        odd["type"] = "pigeon";
        await user.RefusedAsync(400, "invalid", "POST", at, odd);
        var talkative = Channel("https://127.0.0.1:1/");
        talkative["token"] = new string('x', 257);
        await user.RefusedAsync(400, "invalid", "POST", at, talkative);
        await user.OkAsync("POST", at, Channel("https://127.0.0.1:1/"));
        await user.RefusedAsync(400, "channelIdNotUnique", "POST", at, Channel("https://127.0.0.1:1/"));
    }

    [Fact]
    public async Task A4_500_to_504_are_sent_again_and_other_answers_are_not()
    {
        await using var scene = await Scene.StartAsync();
        await using var hook = await HookReceiver.StartAsync();
        foreach (var status in (int[])[503, 500, 404]) hook.Statuses.Enqueue(status);
        var user = await (await scene.GoogleAsync()).WithCalendarAsync();
        await user.OkAsync("POST", user.Events + "/watch", Channel(hook.Address));
        Assert.All(await hook.WaitAsync(3), x => Assert.Equal("sync", x.Headers["X-Goog-Resource-State"]));
        await user.PersonAsync("delete-calendar");
        Assert.Equal("not_exists", (await hook.WaitAsync(4))[3].Headers["X-Goog-Resource-State"]);
    }
}
