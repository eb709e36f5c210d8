using System.Text.Json.Nodes;

namespace Sandbox.Tests.Google;

/// <summary>§A2, incremental sync.</summary>
public class SyncRulesTests
{
    private static JsonObject At(int hour) => GoogleUser.Timed($"2026-01-12T{hour:00}:00:00", $"2026-01-12T{hour:00}:30:00");

    [Fact]
    public async Task A2_a_sync_token_brings_what_changed_and_deletions_with_their_id_only()
    {
        await using var scene = await Scene.StartAsync();
        var user = await (await scene.GoogleAsync()).WithCalendarAsync();
        var kept = (string)(await user.InsertAsync(At(9)))["id"]!;
        var gone = (string)(await user.InsertAsync(At(10)))["id"]!;
        var full = await user.ListAsync("?showDeleted=true");
        await user.PersonAsync("delete", new JsonObject { ["event"] = gone });
        await user.PersonAsync("edit", new JsonObject { ["event"] = kept, ["changes"] = new JsonObject { ["summary"] = "Changed" } });
        var delta = await user.SinceAsync(full);
        Assert.Equal([gone, kept], delta.Select(x => (string)x["id"]!));
        Assert.Equal(["etag", "id", "kind", "status"], delta[0].Select(x => x.Key).Order());
    }

    [Fact]
    public async Task A2_a_cancelled_instance_comes_with_where_it_belongs()
    {
        await using var scene = await Scene.StartAsync();
        var user = await (await scene.GoogleAsync()).WithCalendarAsync();
        var id = (string)(await user.InsertAsync(GoogleUser.Daily()))["id"]!;
        var full = await user.ListAsync();
        await user.PersonAsync("delete", new JsonObject { ["event"] = $"{id}_20260112T220000Z" });
        var cancelled = Assert.Single(await user.SinceAsync(full));
        Assert.Equal(["etag", "id", "kind", "originalStartTime", "recurringEventId", "status"], cancelled.Select(x => x.Key).Order());
        Assert.Equal("2026-01-13T09:00:00+11:00", (string?)cancelled["originalStartTime"]!["dateTime"]);
    }

    [Theory]
    [InlineData("iCalUID=x")]
    [InlineData("orderBy=updated")]
    [InlineData("privateExtendedProperty=a%3Db")]
    [InlineData("sharedExtendedProperty=a%3Db")]
    [InlineData("q=x")]
    [InlineData("timeMin=2026-01-01T00:00:00Z")]
    [InlineData("timeMax=2026-01-01T00:00:00Z")]
    [InlineData("updatedMin=2026-01-01T00:00:00Z")]
    [InlineData("showDeleted=false")]
    [InlineData("singleEvents=true")]
    public async Task A2_what_is_not_allowed_with_a_sync_token(string parameter)
    {
        await using var scene = await Scene.StartAsync();
        var user = await (await scene.GoogleAsync()).WithCalendarAsync();
        var token = Uri.EscapeDataString((string)(await user.ListAsync())["nextSyncToken"]!);
        await user.RefusedAsync(400, "invalid", "GET", $"{user.Events}?syncToken={token}&{parameter}");
    }

    [Fact]
    public async Task A2_a_lost_or_expired_or_foreign_sync_token_is_410_fullSyncRequired()
    {
        await using var scene = await Scene.StartAsync();
        var user = await (await scene.GoogleAsync()).WithCalendarAsync();
        var token = Uri.EscapeDataString((string)(await user.ListAsync())["nextSyncToken"]!);
        var before = $"{user.Events}?syncToken={token}";
        await user.OkAsync("GET", before);
        await user.RefusedAsync(410, "fullSyncRequired", "GET", before[..^4] + "AAAA");
        await user.PersonAsync("expire-tokens");
        await user.RefusedAsync(410, "fullSyncRequired", "GET", before);
        var fresh = Uri.EscapeDataString((string)(await user.ListAsync())["nextSyncToken"]!);
        await user.OkAsync("GET", $"{user.Events}?syncToken={fresh}");
        await user.WithCalendarAsync("HX_Other");
        await user.RefusedAsync(410, "fullSyncRequired", "GET", $"{user.Events}?syncToken={fresh}");
    }

    [Fact]
    public async Task A2_pages_show_one_moment_and_the_token_comes_with_the_last()
    {
        await using var scene = await Scene.StartAsync();
        var user = await (await scene.GoogleAsync()).WithCalendarAsync();
        for (var hour = 8; hour < 13; hour++) await user.InsertAsync(At(hour));
        var first = await user.ListAsync("?maxResults=2");
        Assert.Null(first["nextSyncToken"]);
        await user.InsertAsync(At(20));
        var second = await user.ListAsync($"?maxResults=2&pageToken={first["nextPageToken"]}");
        var third = await user.ListAsync($"?maxResults=2&pageToken={second["nextPageToken"]}");
        Assert.Equal(5, new[] { first, second, third }.SelectMany(x => x["items"]!.AsArray()).Select(x => (string)x!["id"]!).Distinct().Count());
        Assert.Null(third["nextPageToken"]);
        Assert.Single(await user.SinceAsync(third)); // what was added between the pages is not lost
        await user.RefusedAsync(400, "invalid", "GET", $"{user.Events}?showDeleted=true&pageToken={first["nextPageToken"]}");
    }

    [Fact]
    public async Task A2_updatedMin_too_long_ago_is_another_410()
    {
        await using var scene = await Scene.StartAsync();
        var user = await (await scene.GoogleAsync()).WithCalendarAsync();
        await user.RefusedAsync(410, "updatedMinTooLongAgo", "GET", user.Events + "?updatedMin=2025-01-01T00:00:00Z");
        await user.OkAsync("GET", user.Events + "?updatedMin=2026-01-01T00:00:00Z");
    }

    [Fact]
    public async Task A2_singleEvents_expands_and_loses_the_rule()
    {
        await using var scene = await Scene.StartAsync();
        var user = await (await scene.GoogleAsync()).WithCalendarAsync();
        var id = (string)(await user.InsertAsync(GoogleUser.Daily("RRULE:FREQ=DAILY")))["id"]!;
        await user.PatchAsync($"{id}_20260112T220000Z", new JsonObject { ["summary"] = "Changed" });
        var window = "&timeMin=2026-01-12T00:00:00%2B11:00&timeMax=2026-01-15T00:00:00%2B11:00";
        var items = await user.ItemsAsync("?singleEvents=true&orderBy=startTime" + window);
        Assert.Equal(3, items.Count);
        Assert.All(items, x => Assert.Null(x["recurrence"]));
        Assert.Equal("Changed", (string?)items[1]["summary"]);
        Assert.Equal(2, (await user.ItemsAsync("?" + window[1..])).Count);
        await user.RefusedAsync(400, "invalid", "GET", user.Events + "?orderBy=startTime");
    }

    [Fact]
    public async Task A2_what_the_person_sees_later_is_in_no_earlier_listing()
    {
        await using var scene = await Scene.StartAsync();
        var user = await (await scene.GoogleAsync()).WithCalendarAsync();
        await user.PersonAsync("create", new JsonObject { ["title"] = "By hand", ["start"] = "2026-01-12T09:00", ["end"] = "2026-01-12T10:00", ["rule"] = "FREQ=WEEKLY;COUNT=2" });
        var master = Assert.Single(await user.ItemsAsync());
        Assert.Equal(("By hand", "RRULE:FREQ=WEEKLY;COUNT=2"), ((string?)master["summary"], (string?)master["recurrence"]![0]));
        await user.PersonAsync("delete-following", new JsonObject { ["event"] = $"{master["id"]}_20260118T220000Z" });
        Assert.Single(await user.InstancesAsync((string)master["id"]!));
    }
}
