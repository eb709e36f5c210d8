using System.Text.Json.Nodes;

namespace Sandbox.Tests.Google;

/// <summary>§A3, writing: ids, bodies, times.</summary>
public class WriteRulesTests
{
    private static JsonObject At9 => GoogleUser.Timed("2026-01-12T09:00:00", "2026-01-12T09:30:00");

    [Theory]
    [InlineData("hx12345")]
    [InlineData("abcd")]
    [InlineData("ABCDE")]
    [InlineData("abc-def")]
    public async Task A3_an_id_is_base32hex_of_five_or_more(string id)
    {
        await using var scene = await Scene.StartAsync();
        var user = await (await scene.GoogleAsync()).WithCalendarAsync();
        var body = At9;
        body["id"] = id;
        await user.RefusedAsync(400, "invalid", "POST", user.Events, body);
    }

    [Fact]
    public async Task A3_an_id_of_ones_own_gives_the_iCalUID_and_stays_taken_after_deletion()
    {
        await using var scene = await Scene.StartAsync();
        var user = await (await scene.GoogleAsync()).WithCalendarAsync();
        var body = At9;
        body["id"] = "abcde12345";
        Assert.Equal("abcde12345@google.com", (string?)(await user.InsertAsync(body))["iCalUID"]);
        await user.RefusedAsync(409, "duplicate", "POST", user.Events, body);
        await user.OkAsync("DELETE", user.Events + "/abcde12345");
        await user.RefusedAsync(409, "duplicate", "POST", user.Events, body);
        Assert.Equal("cancelled", (string?)(await user.GetAsync("abcde12345"))["status"]);
        await user.RefusedAsync(410, "deleted", "DELETE", user.Events + "/abcde12345");
        body["status"] = "confirmed";
        Assert.Equal("confirmed", (string?)(await user.OkAsync("PUT", user.Events + "/abcde12345", body))["status"]);
    }

    [Fact]
    public async Task A3_only_one_of_id_and_iCalUID_at_creation()
    {
        await using var scene = await Scene.StartAsync();
        var user = await (await scene.GoogleAsync()).WithCalendarAsync();
        var body = At9;
        body["id"] = "abcde12345";
        body["iCalUID"] = "other@example.org";
        await user.RefusedAsync(400, "invalid", "POST", user.Events, body);
        body.Remove("id");
        Assert.Equal("other@example.org", (string?)(await user.InsertAsync(body))["iCalUID"]);
    }

    [Fact]
    public async Task A3_import_needs_an_iCalUID_and_does_not_double_one()
    {
        await using var scene = await Scene.StartAsync();
        var user = await (await scene.GoogleAsync()).WithCalendarAsync();
        await user.RefusedAsync(400, "required", "POST", user.Events + "/import", At9);
        var body = At9;
        body["iCalUID"] = "uid-1@example.org";
        var first = await user.OkAsync("POST", user.Events + "/import", body);
        body["summary"] = "Again";
        var second = await user.OkAsync("POST", user.Events + "/import", body);
        Assert.Equal(((string?)first["id"], "Again"), ((string?)second["id"], (string?)second["summary"]));
        Assert.Single(await user.ItemsAsync("?iCalUID=uid-1@example.org"));
    }

    [Fact]
    public async Task A3_put_replaces_and_patch_merges()
    {
        await using var scene = await Scene.StartAsync();
        var user = await (await scene.GoogleAsync()).WithCalendarAsync();
        var body = At9;
        body["location"] = "Room 1";
        body["extendedProperties"] = new JsonObject { ["private"] = new JsonObject { ["hxUid"] = "u1", ["hxGen"] = "1" } };
        var id = (string)(await user.InsertAsync(body))["id"]!;
        var patched = await user.PatchAsync(id, new JsonObject { ["extendedProperties"] = new JsonObject { ["private"] = new JsonObject { ["hxGen"] = "2" } } });
        Assert.Equal("""{"hxUid":"u1","hxGen":"2"}""", patched["extendedProperties"]!["private"]!.ToJsonString());
        Assert.Equal("Room 1", (string?)patched["location"]);
        Assert.Null((await user.PatchAsync(id, new JsonObject { ["location"] = null }))["location"]);
        Assert.Null((await user.OkAsync("PUT", $"{user.Events}/{id}", At9))["extendedProperties"]);
    }

    [Theory]
    [InlineData(45, 1, 1)]
    [InlineData(10, 1025, 1)]
    [InlineData(10, 1, 301)]
    [InlineData(10, 1000, 40)]
    public async Task A3_extended_properties_have_limits(int key, int value, int count)
    {
        await using var scene = await Scene.StartAsync();
        var user = await (await scene.GoogleAsync()).WithCalendarAsync();
        var body = At9;
        var many = new JsonObject(Enumerable.Range(0, count).Select(x => KeyValuePair.Create($"{x}".PadLeft(key, 'k'), (JsonNode?)new string('v', value))));
        body["extendedProperties"] = new JsonObject { ["private"] = many };
        await user.RefusedAsync(400, "invalid", "POST", user.Events, body);
    }

    [Theory]
    [InlineData("2026-01-12T09:00:00+11:00", "2026-01-12T09:00:00+11:00")]
    [InlineData("2026-01-12T09:00:00+11:00", "2026-01-12T08:00:00+11:00")]
    public async Task A3_an_empty_time_range_is_refused(string start, string end)
    {
        await using var scene = await Scene.StartAsync();
        var user = await (await scene.GoogleAsync()).WithCalendarAsync();
        await user.RefusedAsync(400, "timeRangeEmpty", "POST", user.Events, GoogleUser.Timed(start, end));
        await user.RefusedAsync(400, "timeRangeEmpty", "POST", user.Events, GoogleUser.AllDay("2026-01-12", "2026-01-12"));
    }

    [Fact]
    public async Task A3_dates_and_times_do_not_mix_and_a_local_time_needs_a_zone()
    {
        await using var scene = await Scene.StartAsync();
        var user = await (await scene.GoogleAsync()).WithCalendarAsync();
        var mixed = At9;
        mixed["end"] = new JsonObject { ["date"] = "2026-01-13" };
        await user.RefusedAsync(400, "invalid", "POST", user.Events, mixed);
        var both = At9;
        both["start"]!["date"] = "2026-01-12";
        await user.RefusedAsync(400, "invalid", "POST", user.Events, both);
        var floating = At9;
        floating["start"]!.AsObject().Remove("timeZone");
        await user.RefusedAsync(400, "required", "POST", user.Events, floating);
        await user.RefusedAsync(400, "invalid", "POST", user.Events, GoogleUser.Timed("2026-01-12T09:00:00", "2026-01-12T09:30:00", "Mars/Olympus"));
        await user.RefusedAsync(400, "required", "POST", user.Events, new JsonObject { ["summary"] = "no times" });
    }

    [Fact]
    public async Task A3_a_time_is_shown_at_the_calendars_offset_with_the_events_own_zone()
    {
        await using var scene = await Scene.StartAsync();
        var user = await (await scene.GoogleAsync()).WithCalendarAsync();
        var made = await user.InsertAsync(GoogleUser.Timed("2026-01-12T09:00:00", "2026-01-12T09:30:00", "Europe/Paris"));
        Assert.Equal("""{"dateTime":"2026-01-12T19:00:00\u002B11:00","timeZone":"Europe/Paris"}""", made["start"]!.ToJsonString());
        Assert.Equal("2026-01-12T08:00:00Z", (string?)(await user.GetAsync((string)made["id"]! + "?timeZone=UTC"))["start"]!["dateTime"]);
    }

    [Fact]
    public async Task A3_googles_conference_block_is_taken_out_of_a_description()
    {
        await using var scene = await Scene.StartAsync();
        var user = await (await scene.GoogleAsync()).WithCalendarAsync();
        var body = At9;
        body["description"] = "Before\n\n-::~:~::~:~:~::~:~::-\nJoin with Google Meet\n-::~:~::~:~:~::~:~::-";
        Assert.Equal("Before", (string?)(await user.InsertAsync(body))["description"]);
    }

    [Fact]
    public async Task A2_a_change_of_reminders_only_does_not_change_updated()
    {
        await using var scene = await Scene.StartAsync();
        var user = await (await scene.GoogleAsync()).WithCalendarAsync();
        var made = await user.InsertAsync(At9);
        await scene.AdvanceAsync("PT1H");
        var patched = await user.PatchAsync((string)made["id"]!, new JsonObject { ["reminders"] = new JsonObject { ["useDefault"] = false } });
        Assert.Equal((string?)made["updated"], (string?)patched["updated"]);
        Assert.NotEqual((string?)made["updated"], (string?)(await user.PatchAsync((string)made["id"]!, new JsonObject { ["summary"] = "New" }))["updated"]);
    }

    [Fact]
    public async Task A2_if_match_and_if_none_match()
    {
        await using var scene = await Scene.StartAsync();
        var user = await (await scene.GoogleAsync()).WithCalendarAsync();
        var made = await user.InsertAsync(At9);
        var at = $"{user.Events}/{made["id"]}";
        Assert.Equal(304, (await user.SendAsync("GET", at, null, ("If-None-Match", (string)made["etag"]!))).Status);
        var patched = await user.PatchAsync((string)made["id"]!, new JsonObject { ["summary"] = "New" });
        foreach (var verb in (string[])["PUT", "PATCH"]) await user.RefusedAsync(412, "conditionNotMet", verb, at, At9, ("If-Match", (string)made["etag"]!));
        await user.RefusedAsync(412, "conditionNotMet", "DELETE", at, null, ("If-Match", (string)made["etag"]!));
        Assert.Equal(204, (await user.SendAsync("DELETE", at, null, ("If-Match", (string)patched["etag"]!))).Status);
    }

    [Fact]
    public async Task Strict_unknown_properties_parameters_and_types_are_refused()
    {
        await using var scene = await Scene.StartAsync();
        var user = await (await scene.GoogleAsync()).WithCalendarAsync();
        var body = At9;
        body["sumary"] = "typo";
        await user.RefusedAsync(400, "invalid", "POST", user.Events, body);
        body = At9;
        body["summary"] = 5;
        await user.RefusedAsync(400, "invalid", "POST", user.Events, body);
        await user.RefusedAsync(400, "invalid", "GET", user.Events + "?showdeleted=true");
        await user.RefusedAsync(400, "invalid", "GET", user.Events + "?maxResults=none");
        await user.RefusedAsync(400, "invalid", "POST", user.Events + "?sendUpdates=nobody", At9);
        await user.RefusedAsync(501, "notImplemented", "GET", "colors");
    }
}
