using System.Text.Json.Nodes;

namespace Sandbox.Tests.Google;

/// <summary>§A3, recurrence, and "empirical series semantics" 1 to 5, found by probes against the live service.</summary>
public class SeriesRulesTests
{
    private static string Start(JsonObject item) => (string)item["start"]!["dateTime"]!;

    [Fact]
    public async Task A3_recurrence_needs_a_zone_and_holds_only_rules()
    {
        await using var scene = await Scene.StartAsync();
        var user = await (await scene.GoogleAsync()).WithCalendarAsync();
        var body = GoogleUser.Timed("2026-01-12T09:00:00+11:00", "2026-01-12T09:30:00+11:00");
        body["start"]!.AsObject().Remove("timeZone");
        body["recurrence"] = new JsonArray("RRULE:FREQ=DAILY");
        await user.RefusedAsync(400, "required", "POST", user.Events, body);
        foreach (var line in (string[])["DTSTART:20260112T090000", "DTEND:20260112T093000", "nonsense", "RRULE:FREQ=SOMETIMES",
            "EXDATE:never", "RRULE:FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30", "RRULE:FREQ=DAILY;COUNT=99999999999", "RRULE:FREQ=DAILY;UNTIL=20260120", "RRULE:FREQ=DAILY;UNTIL=20260120T000000", "RRULE:FREQ=DAILY;COUNT=2;UNTIL=20260120T000000Z"])
            await user.RefusedAsync(400, "invalid", "POST", user.Events, GoogleUser.Daily(line));
        var allDay = GoogleUser.AllDay("2026-01-12", "2026-01-13");
        allDay["recurrence"] = new JsonArray("RRULE:FREQ=DAILY;UNTIL=20260120T000000Z");
        await user.RefusedAsync(400, "invalid", "POST", user.Events, allDay);
    }

    [Fact]
    public async Task A3_instance_ids_are_the_master_and_the_original_start()
    {
        await using var scene = await Scene.StartAsync();
        var user = await (await scene.GoogleAsync()).WithCalendarAsync();
        var timed = (string)(await user.InsertAsync(GoogleUser.Daily()))["id"]!;
        Assert.Equal($"{timed}_20260111T220000Z", (string?)(await user.InstancesAsync(timed))[0]["id"]);
        var body = GoogleUser.AllDay("2026-01-12", "2026-01-14");
        body["recurrence"] = new JsonArray("RRULE:FREQ=WEEKLY;UNTIL=20260126", "EXDATE;VALUE=DATE:20260119");
        var allDay = (string)(await user.InsertAsync(body))["id"]!;
        var days = await user.InstancesAsync(allDay);
        Assert.Equal([$"{allDay}_20260112", $"{allDay}_20260126"], days.Select(x => (string)x["id"]!));
        Assert.Equal("2026-01-28", (string?)days[1]["end"]!["date"]);
    }

    [Fact]
    public async Task A3_instances_keep_their_wall_time_over_a_change_of_the_clock()
    {
        await using var scene = await Scene.StartAsync();
        var user = await (await scene.GoogleAsync()).WithCalendarAsync();
        var body = GoogleUser.Timed("2026-04-04T09:00:00", "2026-04-04T09:30:00");
        body["recurrence"] = new JsonArray("RRULE:FREQ=DAILY;COUNT=2");
        var items = await user.InstancesAsync((string)(await user.InsertAsync(body))["id"]!);
        Assert.Equal(["2026-04-04T09:00:00+11:00", "2026-04-05T09:00:00+10:00"], items.Select(Start));
    }

    [Fact]
    public async Task A3_an_instance_is_changed_by_its_id_and_cancelled_by_deletion()
    {
        await using var scene = await Scene.StartAsync();
        var user = await (await scene.GoogleAsync()).WithCalendarAsync();
        var id = (string)(await user.InsertAsync(GoogleUser.Daily()))["id"]!;
        var second = $"{id}_20260112T220000Z";
        var changed = await user.PatchAsync(second, new JsonObject { ["summary"] = "Only this" });
        Assert.Equal((id, "2026-01-13T09:00:00+11:00"), ((string?)changed["recurringEventId"], (string?)changed["originalStartTime"]!["dateTime"]));
        await user.OkAsync("DELETE", $"{user.Events}/{id}_20260113T220000Z");
        Assert.Equal(5, (await user.InstancesAsync(id)).Count);
        Assert.Equal(6, (await user.InstancesAsync(id, "?showDeleted=true")).Count);
        // masters, exceptions, and cancelled instances even without showDeleted (A2)
        Assert.Equal(3, (await user.ItemsAsync()).Count);
        await user.RefusedAsync(404, "notFound", "GET", $"{user.Events}/{id}_20270101T220000Z");
        await user.RefusedAsync(400, "invalid", "PATCH", $"{user.Events}/{second}", new JsonObject { ["recurrence"] = new JsonArray("RRULE:FREQ=DAILY") });
    }

    [Fact]
    public async Task A3_1_a_master_patch_without_times_resets_all_fields_of_exceptions_but_their_times()
    {
        await using var scene = await Scene.StartAsync();
        var user = await (await scene.GoogleAsync()).WithCalendarAsync();
        var id = (string)(await user.InsertAsync(GoogleUser.Daily()))["id"]!;
        await user.PatchAsync($"{id}_20260112T220000Z", new JsonObject { ["description"] = "edited on its own" });
        await user.PersonAsync("move", new JsonObject { ["event"] = $"{id}_20260113T220000Z", ["start"] = "2026-01-14T10:00", ["end"] = "2026-01-14T10:30" });
        await user.OkAsync("DELETE", $"{user.Events}/{id}_20260114T220000Z");
        await user.PatchAsync(id, new JsonObject { ["summary"] = "Renamed" });
        var items = await user.InstancesAsync(id, "?showDeleted=true");
        Assert.All(items, x => Assert.Equal("Renamed", (string?)x["summary"]));
        Assert.Null(items[1]["description"]);
        Assert.Equal("2026-01-14T10:00:00+11:00", Start(items[2]));
        Assert.Equal("cancelled", (string?)items[3]["status"]);
    }

    [Fact]
    public async Task A3_2_a_master_patch_of_times_moves_every_instance_moved_ones_too()
    {
        await using var scene = await Scene.StartAsync();
        var user = await (await scene.GoogleAsync()).WithCalendarAsync();
        var id = (string)(await user.InsertAsync(GoogleUser.Daily()))["id"]!;
        await user.PersonAsync("move", new JsonObject { ["event"] = $"{id}_20260113T220000Z", ["start"] = "2026-01-14T10:00", ["end"] = "2026-01-14T10:30" });
        await user.PatchAsync(id, GoogleUser.Timed("2026-01-12T09:30:00", "2026-01-12T10:00:00"));
        var items = await user.InstancesAsync(id, "?showDeleted=true");
        Assert.Equal(6, items.Count);
        Assert.All(items, x => Assert.Equal("09:30:00+11:00", Start(x)[11..]));
        Assert.All(items, x => Assert.Equal(Start(x), (string?)x["originalStartTime"]!["dateTime"]));
        Assert.DoesNotContain(items, x => (string?)x["status"] == "cancelled");
    }

    [Fact]
    public async Task A3_3_private_properties_are_merged_into_exceptions_too()
    {
        await using var scene = await Scene.StartAsync();
        var user = await (await scene.GoogleAsync()).WithCalendarAsync();
        var body = GoogleUser.Daily();
        body["extendedProperties"] = new JsonObject { ["private"] = new JsonObject { ["a"] = "1", ["b"] = "1" } };
        var id = (string)(await user.InsertAsync(body))["id"]!;
        await user.PatchAsync($"{id}_20260112T220000Z", new JsonObject { ["extendedProperties"] = new JsonObject { ["private"] = new JsonObject { ["b"] = "9" } } });
        await user.PatchAsync(id, new JsonObject { ["extendedProperties"] = new JsonObject { ["private"] = new JsonObject { ["b"] = "2" } } });
        Assert.All(await user.InstancesAsync(id), x => Assert.Equal("""{"a":"1","b":"2"}""", x["extendedProperties"]!["private"]!.ToJsonString()));
    }

    [Fact]
    public async Task A3_this_and_following_makes_an_R_series_that_ends_the_first_at_the_midnight_before()
    {
        await using var scene = await Scene.StartAsync();
        var user = await (await scene.GoogleAsync()).WithCalendarAsync();
        var id = (string)(await user.InsertAsync(GoogleUser.Daily()))["id"]!;
        await user.PatchAsync($"{id}_20260115T220000Z", new JsonObject { ["description"] = "moves with the rest" });
        var rest = (await user.PersonAsync("move-following", new JsonObject { ["event"] = $"{id}_20260113T220000Z", ["start"] = "2026-01-14T11:00", ["end"] = "2026-01-14T11:30" }))!;
        Assert.Equal($"{id}_R20260113T220000", (string?)rest["id"]);
        Assert.Equal($"{id}_R20260113T220000@google.com", (string?)rest["iCalUID"]);
        Assert.Equal("RRULE:FREQ=DAILY;UNTIL=20260113T125959Z", (string?)(await user.GetAsync(id))["recurrence"]![0]);
        Assert.Equal(2, (await user.InstancesAsync(id)).Count);
        var later = await user.InstancesAsync((string)rest["id"]!);
        Assert.Equal(4, later.Count);
        Assert.All(later, x => Assert.StartsWith(id + "_2026", (string?)x["id"], StringComparison.Ordinal)); // named by the base id
    }

    [Fact]
    public async Task A_weekly_series_that_is_moved_from_its_first_on_repeats_on_its_new_day()
    {
        await using var scene = await Scene.StartAsync();
        var user = await (await scene.GoogleAsync()).WithCalendarAsync();
        // a Monday
        var id = (string)(await user.InsertAsync(GoogleUser.Daily("RRULE:FREQ=WEEKLY;BYDAY=MO;COUNT=3")))["id"]!;
        var first = (string)(await user.InstancesAsync(id))[0]["id"]!;
        await user.PersonAsync("move-following", new JsonObject { ["event"] = first, ["start"] = "2026-01-15T11:00", ["end"] = "2026-01-15T11:30" });
        Assert.Equal("RRULE:FREQ=WEEKLY;BYDAY=TH;COUNT=3", (string?)(await user.GetAsync(id))["recurrence"]![0]);
        Assert.Equal(3, (await user.InstancesAsync(id)).Count);
    }

    [Fact]
    public async Task A3_import_of_a_splits_UID_splits_and_again_answers_with_the_same()
    {
        await using var scene = await Scene.StartAsync();
        var user = await (await scene.GoogleAsync()).WithCalendarAsync();
        var (_, rest) = await SplitAsync(user);
        Assert.Equal(3, (await user.InstancesAsync(rest)).Count);
        var again = GoogleUser.Timed("2026-01-15T09:00:00", "2026-01-15T09:30:00");
        again["iCalUID"] = rest + "@google.com";
        again["recurrence"] = new JsonArray("RRULE:FREQ=WEEKLY");
        Assert.Equal("RRULE:FREQ=DAILY;COUNT=3", (string?)(await user.OkAsync("POST", user.Events + "/import", again))["recurrence"]![0]);
    }

    [Fact]
    public async Task A3_4_a_change_of_an_R_series_rules_deletes_it()
    {
        await using var scene = await Scene.StartAsync();
        var user = await (await scene.GoogleAsync()).WithCalendarAsync();
        var (_, rest) = await SplitAsync(user);
        await user.PatchAsync(rest, new JsonObject { ["summary"] = "A patch that leaves the rules works" });
        var left = await user.PatchAsync(rest, new JsonObject { ["recurrence"] = new JsonArray("RRULE:FREQ=DAILY;COUNT=2") });
        Assert.Equal(("cancelled", "RRULE:FREQ=DAILY;COUNT=1"), ((string?)left["status"], (string?)left["recurrence"]![0]));
        Assert.Empty(await user.InstancesAsync(rest, "?showDeleted=true"));
    }

    [Fact]
    public async Task A3_4_a_change_of_an_R_series_rules_is_refused_when_its_first_is_cancelled()
    {
        await using var scene = await Scene.StartAsync();
        var user = await (await scene.GoogleAsync()).WithCalendarAsync();
        var (_, rest) = await SplitAsync(user);
        await user.OkAsync("DELETE", $"{user.Events}/{(await user.InstancesAsync(rest))[0]["id"]}");
        await user.RefusedAsync(400, "badRequest", "PATCH", $"{user.Events}/{rest}", new JsonObject { ["recurrence"] = new JsonArray("RRULE:FREQ=DAILY;COUNT=2") });
        Assert.Equal(2, (await user.InstancesAsync(rest)).Count);
    }

    [Fact]
    public async Task A3_5_a_cancelled_series_set_to_confirmed_has_its_instances_again()
    {
        await using var scene = await Scene.StartAsync();
        var user = await (await scene.GoogleAsync()).WithCalendarAsync();
        var id = (string)(await user.InsertAsync(GoogleUser.Daily()))["id"]!;
        await user.OkAsync("DELETE", $"{user.Events}/{id}");
        Assert.Empty(await user.InstancesAsync(id, "?showDeleted=true"));
        await user.PatchAsync(id, new JsonObject { ["status"] = "confirmed" });
        Assert.Equal(6, (await user.InstancesAsync(id)).Count);
    }

    [Fact]
    public async Task A3_a_copy_made_by_hand_carries_the_apps_tags()
    {
        await using var scene = await Scene.StartAsync();
        var user = await (await scene.GoogleAsync()).WithCalendarAsync();
        var body = GoogleUser.Daily();
        body["extendedProperties"] = new JsonObject { ["private"] = new JsonObject { ["hxUid"] = "u1" } };
        var id = (string)(await user.InsertAsync(body))["id"]!;
        var copy = (await user.PersonAsync("copy", new JsonObject { ["event"] = id }))!;
        Assert.NotEqual(id, (string?)copy["id"]);
        Assert.Equal(2, (await user.ItemsAsync("?privateExtendedProperty=hxUid%3Du1")).Count);
        Assert.Empty(await user.ItemsAsync("?privateExtendedProperty=hxUid%3Du2"));
    }

    private static async Task<(string Master, string Later)> SplitAsync(GoogleUser user)
    {
        var id = (string)(await user.InsertAsync(GoogleUser.Daily()))["id"]!;
        var body = GoogleUser.Timed("2026-01-15T09:00:00", "2026-01-15T09:30:00");
        body["iCalUID"] = $"{id}_R20260114T220000@google.com";
        body["recurrence"] = new JsonArray("RRULE:FREQ=DAILY;COUNT=6");
        return (id, (string)(await user.OkAsync("POST", user.Events + "/import", body))["id"]!);
    }
}
