using System.Text.Json.Nodes;

namespace Sandbox.Tests.Microsoft;

/// <summary>§B4, subscriptions; §B5, throttling.</summary>
public class SubscriptionRulesTests
{
    private static JsonObject Wish(GraphUser user, string hook) => new()
    {
        ["changeType"] = "created,updated,deleted",
        ["notificationUrl"] = hook,
        ["lifecycleNotificationUrl"] = hook,
        ["resource"] = $"/me/calendars/{user.CalendarId}/events",
        ["expirationDateTime"] = "2026-01-11T12:00:00Z",
        ["clientState"] = "secret",
    };

    [Fact]
    public async Task B4_a_subscription_begins_with_the_handshake_and_notifies_with_its_state()
    {
        await using var scene = await Scene.StartAsync();
        await using var hook = await HookReceiver.StartAsync();
        var user = await GraphUser.StartAsync(scene);
        hook.Validates = false;
        await user.RefusedAsync(400, "ValidationError", "POST", "subscriptions", Wish(user, hook.Address));
        hook.Validates = true;
        var made = await user.OkAsync("POST", "subscriptions", Wish(user, hook.Address));
        var id = (string)(await user.CreateAsync(GraphUser.Timed("2026-01-12T09:00:00", "2026-01-12T09:30:00")))["id"]!;
        await user.PersonAsync("delete", new JsonObject { ["event"] = id });
        var notes = (await hook.WaitAsync(2)).Select(x => JsonNode.Parse(x.Body)!["value"]![0]!).OrderBy(x => (string)x["changeType"]!).ToList();
        Assert.Equal(["created", "deleted"], notes.Select(x => (string)x["changeType"]!));
        Assert.All(notes, x => Assert.Equal(("secret", (string?)made["id"], id), ((string?)x["clientState"], (string?)x["subscriptionId"], (string?)x["resourceData"]!["id"])));
        await user.RefusedAsync(409, "Conflict", "POST", "subscriptions", Wish(user, hook.Address));
        Assert.Equal(204, (await user.SendAsync("DELETE", $"subscriptions/{made["id"]}")).Status);
        await user.RefusedAsync(404, "ResourceNotFound", "GET", $"subscriptions/{made["id"]}");
    }

    [Fact]
    public async Task B4_a_subscription_lasts_10080_minutes_at_most_and_is_renewed_by_PATCH()
    {
        await using var scene = await Scene.StartAsync();
        await using var hook = await HookReceiver.StartAsync();
        var user = await GraphUser.StartAsync(scene);
        var wish = Wish(user, hook.Address);
        wish["expirationDateTime"] = "2026-01-12T12:00:01Z";
        await user.RefusedAsync(400, "ValidationError", "POST", "subscriptions", wish);
        wish["expirationDateTime"] = "2026-01-05T12:30:00Z";
        var at = "subscriptions/" + (await user.OkAsync("POST", "subscriptions", wish))["id"];
        await user.OkAsync("PATCH", at, new JsonObject { ["expirationDateTime"] = "2026-01-05T12:50:00Z" });
        await user.RefusedAsync(400, "ValidationError", "PATCH", at, new JsonObject { ["lifecycleNotificationUrl"] = hook.Address });
        await user.OkAsync("POST", at + "/reauthorize");
        await scene.AdvanceAsync("PT55M");
        await user.RefusedAsync(404, "ResourceNotFound", "PATCH", at, new JsonObject { ["expirationDateTime"] = "2026-01-06T12:50:00Z" });
    }

    [Fact]
    public async Task B4_lifecycle_notifications_and_a_removed_subscription()
    {
        await using var scene = await Scene.StartAsync();
        await using var hook = await HookReceiver.StartAsync();
        var user = await GraphUser.StartAsync(scene);
        var made = await user.OkAsync("POST", "subscriptions", Wish(user, hook.Address));
        var seen = new List<string>();
        foreach (var what in (string[])["reauthorizationRequired", "missed", "subscriptionRemoved"])
        {
            await scene.UserAsync("microsoft%3Asam%40outlook.com/lifecycle", new JsonObject { ["event"] = what });
            seen.Add((string)JsonNode.Parse((await hook.WaitAsync(seen.Count + 1))[^1].Body)!["value"]![0]!["lifecycleEvent"]!);
        }
        Assert.Equal(["reauthorizationRequired", "missed", "subscriptionRemoved"], seen);
        await user.RefusedAsync(404, "ResourceNotFound", "GET", $"subscriptions/{made["id"]}");
    }

    [Fact]
    public async Task B4_ids_in_notifications_are_of_the_kind_preferred_at_creation()
    {
        await using var scene = await Scene.StartAsync();
        await using var hook = await HookReceiver.StartAsync();
        var user = await GraphUser.StartAsync(scene);
        user.Prefer = "";
        await user.OkAsync("POST", "subscriptions", Wish(user, hook.Address));
        var plain = (string?)(await user.CreateAsync(GraphUser.Timed("2026-01-12T09:00:00", "2026-01-12T09:30:00")))["id"];
        Assert.Equal(plain, (string?)JsonNode.Parse((await hook.WaitAsync(1))[0].Body)!["value"]![0]!["resourceData"]!["id"]);
    }

    [Fact]
    public async Task B5_a_fifth_call_at_the_same_time_waits_as_told()
    {
        await using var scene = await Scene.StartAsync();
        var user = await GraphUser.StartAsync(scene);
        await scene.FaultAsync("graph.events.list", "latency", new JsonObject { ["milliseconds"] = 3000, ["times"] = 4 });
        var four = Enumerable.Range(0, 4).Select(_ => HeldAsync(user)).ToList();
        Answer fifth;
        do fifth = await user.SendAsync("GET", "me");
        while (fifth.Status == 200 && !four.All(x => x.IsCompleted));
        Assert.Equal((429, "ApplicationThrottled", "1"), (fifth.Status, (string?)fifth.Json!["error"]!["code"], fifth.Headers["Retry-After"]));
        Assert.All(await Task.WhenAll(four), x => Assert.Equal(200, x.Status));
    }

    /// <summary>Lists events, as often as it is told that four others are under way: the call for /me may be one of them.</summary>
    private static async Task<Answer> HeldAsync(GraphUser user)
    {
        while (true)
        {
            var answer = await user.SendAsync("GET", user.Events);
            if (answer.Status != 429) return answer;
        }
    }

    [Fact]
    public async Task B5_ten_minutes_have_a_limit()
    {
        await using var scene = await Scene.StartAsync(x => x with { GraphCalls = 3 });
        var user = await GraphUser.StartAsync(scene);
        await user.OkAsync("GET", "me");
        await user.OkAsync("GET", "me");
        await user.RefusedAsync(429, "ApplicationThrottled", "GET", "me");
        await scene.AdvanceAsync("PT10M");
        await user.OkAsync("GET", "me");
    }

    [Theory]
    [InlineData("reset-before", 0)]
    [InlineData("reset-after", 1)]
    public async Task F_a_reset_before_or_after_the_commit(string kind, int kept)
    {
        await using var scene = await Scene.StartAsync();
        var user = await GraphUser.StartAsync(scene);
        await scene.FaultAsync("graph.events.create", kind);
        await Assert.ThrowsAsync<HttpRequestException>(() => user.CreateAsync(GraphUser.Timed("2026-01-12T09:00:00", "2026-01-12T09:30:00")));
        Assert.Equal(kept, (await user.ValuesAsync(user.Events)).Count);
    }

    [Fact]
    public async Task F_a_status_a_race_and_a_stale_delta()
    {
        await using var scene = await Scene.StartAsync();
        var user = await GraphUser.StartAsync(scene);
        var made = await user.CreateAsync(GraphUser.Timed("2026-01-12T09:00:00", "2026-01-12T09:30:00"));
        await scene.FaultAsync("graph.events.list", "status", new JsonObject { ["status"] = 503, ["retryAfter"] = 5 });
        Assert.Equal("5", (await user.SendAsync("GET", user.Events)).Headers["Retry-After"]);
        await scene.FaultAsync("graph.events.update", "race");
        await user.RefusedAsync(412, "ErrorIrresolvableConflict", "PATCH", $"me/events/{made["id"]}", new JsonObject { ["subject"] = "x" }, ("If-Match", (string)made["@odata.etag"]!));
        await scene.FaultAsync("graph.calendarView.delta", "stale-list");
        var stale = await user.OkAsync("GET", user.Delta);
        Assert.False(stale["value"]![0]!.AsObject().ContainsKey("location"));
        Assert.Equal("changed at the same moment", (string?)Assert.Single(await user.ValuesAsync((string)stale["@odata.deltaLink"]!))["location"]!["displayName"]);
    }
}
