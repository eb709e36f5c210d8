using System.Text.Json.Nodes;

namespace Sandbox.Tests.Microsoft;

/// <summary>§B6, recurrence; §B3, what comes with a master.</summary>
public class RecurrenceRulesTests
{
    private static JsonObject Range(int count, string start = "2026-01-12") => new() { ["type"] = "numbered", ["startDate"] = start, ["numberOfOccurrences"] = count };

    public static TheoryData<string, string, string> Patterns => new()
    {
        { """{"type":"daily","interval":2}""", "2026-01-12", "2026-01-12 2026-01-14 2026-01-16" },
        { """{"type":"weekly","interval":1,"daysOfWeek":["monday","friday"],"firstDayOfWeek":"monday"}""", "2026-01-12", "2026-01-12 2026-01-16 2026-01-19" },
        { """{"type":"absoluteMonthly","interval":1,"dayOfMonth":31}""", "2026-01-31", "2026-01-31 2026-02-28 2026-03-31" }, // clamped, where iCalendar skips
        { """{"type":"absoluteMonthly","interval":1,"dayOfMonth":29}""", "2026-01-29", "2026-01-29 2026-02-28 2026-03-29" },
        { """{"type":"relativeMonthly","interval":1,"daysOfWeek":["tuesday"],"index":"second"}""", "2026-01-13", "2026-01-13 2026-02-10 2026-03-10" },
        { """{"type":"relativeMonthly","interval":1,"daysOfWeek":["monday","tuesday","wednesday","thursday","friday"],"index":"last"}""", "2026-01-30", "2026-01-30 2026-02-27 2026-03-31" },
        { """{"type":"absoluteYearly","interval":1,"dayOfMonth":29,"month":2}""", "2024-02-29", "2024-02-29 2025-02-28 2026-02-28" },
        { """{"type":"relativeYearly","interval":1,"daysOfWeek":["friday"],"index":"first","month":3}""", "2026-03-06", "2026-03-06 2027-03-05 2028-03-03" },
    };

    [Theory]
    [MemberData(nameof(Patterns))]
    public async Task B6_each_pattern(string pattern, string start, string days)
    {
        await using var scene = await Scene.StartAsync();
        var user = await GraphUser.StartAsync(scene);
        user.Prefer = "outlook.timezone=\"AUS Eastern Standard Time\"";
        var body = GraphUser.Series(JsonNode.Parse(pattern)!.AsObject(), Range(3, start));
        foreach (var name in (string[])["start", "end"]) body[name]!["dateTime"] = start + ((string)body[name]!["dateTime"]!)[10..];
        var id = (string)(await user.CreateAsync(body))["id"]!;
        var items = await user.ValuesAsync($"me/events/{id}/instances?startDateTime=2024-01-01T00:00:00Z&endDateTime=2029-01-01T00:00:00Z");
        Assert.Equal(days, string.Join(' ', items.Select(x => ((string)x["start"]!["dateTime"]!)[..10])));
        Assert.All(items, x => Assert.Equal("09:00:00", ((string)x["start"]!["dateTime"]!)[11..19])); // over changes of the clock too
    }

    [Fact]
    public async Task B6_weeks_begin_on_sunday_unless_said()
    {
        await using var scene = await Scene.StartAsync();
        var user = await GraphUser.StartAsync(scene);
        user.Prefer = "outlook.timezone=\"AUS Eastern Standard Time\"";
        foreach (var (first, expected) in (IEnumerable<(string?, string)>)[(null, "2026-01-12 2026-01-25 2026-01-26"), ("monday", "2026-01-12 2026-01-18 2026-01-26")])
        {
            var pattern = new JsonObject { ["type"] = "weekly", ["interval"] = 2, ["daysOfWeek"] = new JsonArray("monday", "sunday") };
            if (first is not null) pattern["firstDayOfWeek"] = first;
            var id = (string)(await user.CreateAsync(GraphUser.Series(pattern, Range(3))))["id"]!;
            Assert.Equal(expected, string.Join(' ', (await user.InstancesAsync(id)).Select(x => ((string)x["start"]!["dateTime"]!)[..10])));
        }
    }

    [Fact]
    public async Task B6_a_start_that_does_not_fit_moves_to_the_first_that_does_and_an_end_before_the_start_is_refused()
    {
        await using var scene = await Scene.StartAsync();
        var user = await GraphUser.StartAsync(scene);
        user.Prefer = "outlook.timezone=\"AUS Eastern Standard Time\"";
        var tuesdays = new JsonObject { ["type"] = "weekly", ["interval"] = 1, ["daysOfWeek"] = new JsonArray("tuesday") };
        var made = await user.CreateAsync(GraphUser.Series(tuesdays, Range(2)));
        Assert.Equal(("2026-01-13T09:00:00.0000000", "2026-01-13"), ((string?)made["start"]!["dateTime"], (string?)made["recurrence"]!["range"]!["startDate"]));
        Assert.Equal(2, (await user.InstancesAsync((string)made["id"]!)).Count);
        var backwards = new JsonObject { ["type"] = "endDate", ["startDate"] = "2026-01-12", ["endDate"] = "2026-01-01" };
        await user.RefusedAsync(400, "ErrorPropertyValidationFailure", "POST", user.Events, GraphUser.Series(new JsonObject { ["type"] = "daily", ["interval"] = 1 }, backwards));
        await user.RefusedAsync(400, "ErrorPropertyValidationFailure", "POST", user.Events, GraphUser.Series(new JsonObject { ["type"] = "weekly", ["interval"] = 1 }, Range(2)));
        await user.RefusedAsync(400, "ErrorPropertyValidationFailure", "POST", user.Events, GraphUser.Series(new JsonObject { ["type"] = "hourly", ["interval"] = 1 }, Range(2)));
    }

    [Fact]
    public async Task B3_exceptions_and_cancelled_occurrences_come_with_a_GET_of_their_master()
    {
        await using var scene = await Scene.StartAsync();
        var user = await GraphUser.StartAsync(scene);
        var master = await user.CreateAsync(GraphUser.Weekly());
        var id = (string)master["id"]!;
        var items = await user.InstancesAsync(id);
        var exception = await user.OkAsync("PATCH", $"me/events/{items[1]["id"]}", new JsonObject { ["subject"] = "Only this" });
        Assert.Equal(("exception", id, "2026-01-18T22:00:00Z"), ((string?)exception["type"], (string?)exception["seriesMasterId"], (string?)exception["originalStart"]));
        Assert.NotEqual((string?)master["iCalUId"], (string?)exception["iCalUId"]); // B2
        Assert.Equal(204, (await user.SendAsync("DELETE", $"me/events/{items[2]["id"]}")).Status);
        Assert.Equal(3, (await user.InstancesAsync(id)).Count);
        var read = await user.OkAsync("GET", $"me/events/{id}?$select=subject,cancelledOccurrences&$expand=exceptionOccurrences");
        Assert.Equal($"OID.{id}.2026-01-26", (string?)Assert.Single(read["cancelledOccurrences"]!.AsArray()));
        Assert.Equal("Only this", (string?)Assert.Single(read["exceptionOccurrences"]!.AsArray())!["subject"]);
        var listed = Assert.Single(await user.ValuesAsync(user.Events + "?$select=subject,cancelledOccurrences"));
        Assert.False(listed.ContainsKey("cancelledOccurrences"));
        Assert.Single(await user.ValuesAsync($"me/calendars/{user.CalendarId}/calendarView?startDateTime=2026-01-18T00:00:00Z&endDateTime=2026-01-28T00:00:00Z"));
    }

    [Fact]
    public async Task B6_an_occurrence_may_not_reach_its_neighbours_day()
    {
        await using var scene = await Scene.StartAsync();
        var user = await GraphUser.StartAsync(scene);
        var items = await user.InstancesAsync((string)(await user.CreateAsync(GraphUser.Weekly()))["id"]!);
        var at = $"me/events/{items[1]["id"]}";
        foreach (var day in (string[])["12", "26", "30"])
            await user.RefusedAsync(400, "ErrorOccurrenceCrossingBoundary", "PATCH", at, GraphUser.Timed($"2026-01-{day}T15:00:00", $"2026-01-{day}T15:30:00"));
        await user.OkAsync("PATCH", at, GraphUser.Timed("2026-01-25T15:00:00", "2026-01-25T15:30:00"));
        await user.RefusedAsync(400, "ErrorPropertyValidationFailure", "PATCH", at, new JsonObject { ["recurrence"] = GraphUser.Weekly()["recurrence"]!.DeepClone() });
    }

    [Fact]
    public async Task A_new_pattern_drops_exceptions_and_another_property_reaches_those_without_their_own()
    {
        await using var scene = await Scene.StartAsync();
        var user = await GraphUser.StartAsync(scene);
        var id = (string)(await user.CreateAsync(GraphUser.Weekly()))["id"]!;
        var items = await user.InstancesAsync(id);
        await user.OkAsync("PATCH", $"me/events/{items[1]["id"]}", new JsonObject { ["subject"] = "Own" });
        await user.OkAsync("PATCH", "me/events/" + id, new JsonObject { ["subject"] = "All", ["showAs"] = "free" });
        items = await user.InstancesAsync(id);
        Assert.Equal(["All", "Own", "All", "All"], items.Select(x => (string)x["subject"]!));
        Assert.All(items, x => Assert.Equal("free", (string?)x["showAs"]));
        await user.OkAsync("PATCH", "me/events/" + id, GraphUser.Timed("2026-01-12T10:00:00", "2026-01-12T10:30:00"));
        Assert.All(await user.InstancesAsync(id), x => Assert.Equal("occurrence", (string?)x["type"]));
    }

    [Fact]
    public async Task This_and_following_by_hand_ends_the_series_and_begins_another()
    {
        await using var scene = await Scene.StartAsync();
        var user = await GraphUser.StartAsync(scene);
        var id = (string)(await user.CreateAsync(GraphUser.Weekly()))["id"]!;
        var third = (await user.InstancesAsync(id))[2];
        var rest = (await user.PersonAsync("move-following", new JsonObject { ["event"] = (string?)third["id"], ["start"] = "2026-01-26T11:00", ["end"] = "2026-01-26T11:30" }))!;
        Assert.Equal(2, (await user.InstancesAsync(id)).Count);
        Assert.Equal(2, (await user.InstancesAsync((string)rest["id"]!)).Count);
        await user.PersonAsync("delete-following", new JsonObject { ["event"] = (string?)(await user.InstancesAsync(id))[1]["id"] });
        Assert.Single(await user.InstancesAsync(id));
    }
}
