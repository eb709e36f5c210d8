using System.Text.Json.Nodes;

namespace Sandbox.Tests.Microsoft;

/// <summary>§B3, change tracking.</summary>
public class DeltaRulesTests
{
    private static JsonObject At(string day) => GraphUser.Timed($"2026-{day}T09:00:00", $"2026-{day}T09:30:00");

    private static string Link(JsonObject page) => (string)page["@odata.deltaLink"]!;

    [Fact]
    public async Task B3_singles_masters_and_occurrences_which_carry_little()
    {
        await using var scene = await Scene.StartAsync();
        var user = await GraphUser.StartAsync(scene);
        await user.CreateAsync(At("01-12"));
        await user.CreateAsync(At("06-12"));
        await user.CreateAsync(GraphUser.Weekly());
        var items = await user.ValuesAsync(user.Delta);
        Assert.Equal(["occurrence", "occurrence", "occurrence", "occurrence", "seriesMaster", "singleInstance"], items.Select(x => (string)x["type"]!).Order());
        Assert.All(items.Where(x => (string?)x["type"] == "occurrence"),
            x => Assert.Equal(["@odata.etag", "@odata.type", "end", "id", "seriesMasterId", "start", "type"], x.Select(y => y.Key).Order(StringComparer.Ordinal)));
    }

    [Fact]
    public async Task B3_removed_is_said_of_deleted_events_and_of_changed_ones_outside_the_window()
    {
        await using var scene = await Scene.StartAsync();
        var user = await GraphUser.StartAsync(scene);
        var inside = (string)(await user.CreateAsync(At("01-12")))["id"]!;
        var link = Link(await user.OkAsync("GET", user.Delta));
        var outside = (string)(await user.CreateAsync(At("06-12")))["id"]!;
        await user.PersonAsync("delete", new JsonObject { ["event"] = inside });
        var items = await user.ValuesAsync(link);
        Assert.Equal(2, items.Count);
        Assert.All(items, x => Assert.Equal("deleted", (string?)x["@removed"]!["reason"]));
        Assert.Equal(200, (await user.SendAsync("GET", "me/events/" + outside)).Status); // still there: only a 404 is a deletion
        await user.RefusedAsync(404, "ErrorItemNotFound", "GET", "me/events/" + inside);
    }

    [Fact]
    public async Task B3_a_deleted_occurrence_is_not_removed_but_its_series_sent_again()
    {
        await using var scene = await Scene.StartAsync();
        var user = await GraphUser.StartAsync(scene);
        var id = (string)(await user.CreateAsync(GraphUser.Weekly()))["id"]!;
        var link = Link(await user.OkAsync("GET", user.Delta));
        await user.PersonAsync("delete", new JsonObject { ["event"] = (string?)(await user.InstancesAsync(id))[1]["id"] });
        var items = await user.ValuesAsync(link);
        Assert.DoesNotContain(items, x => x.ContainsKey("@removed"));
        Assert.Equal(["occurrence", "occurrence", "occurrence", "seriesMaster"], items.Select(x => (string)x["type"]!).Order());
    }

    [Fact]
    public async Task B3_pages_and_the_link_bring_everything_once_more_than_once_or_410()
    {
        await using var scene = await Scene.StartAsync();
        var user = await GraphUser.StartAsync(scene);
        for (var i = 0; i < 3; i++) await user.CreateAsync(At("01-12"));
        user.Prefer = "odata.maxpagesize=2";
        var first = await user.OkAsync("GET", user.Delta);
        await user.CreateAsync(At("01-13"));
        var last = await user.OkAsync("GET", (string)first["@odata.nextLink"]!);
        Assert.Single(last["value"]!.AsArray());
        Assert.Single(await user.ValuesAsync(Link(last)));
        await scene.FaultAsync("graph.calendarView.delta", "repeated-items");
        Assert.Equal(2, (await user.ValuesAsync(Link(last))).Count);
        await scene.FaultAsync("graph.calendarView.delta", "lost-page-token");
        await user.RefusedAsync(410, "SyncStateNotFound", "GET", (string)first["@odata.nextLink"]!);
        await user.PersonAsync("expire-tokens");
        await user.RefusedAsync(410, "SyncStateNotFound", "GET", Link(last));
        await user.RefusedAsync(400, "ErrorInvalidRequest", "GET", user.Delta + "&$select=subject");
        await user.RefusedAsync(410, "SyncStateNotFound", "GET", $"me/calendars/{user.CalendarId}/calendarView/delta?$deltatoken=AAAA");
    }
}
