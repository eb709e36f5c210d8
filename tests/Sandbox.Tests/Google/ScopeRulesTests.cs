using System.Text.Json.Nodes;

namespace Sandbox.Tests.Google;

/// <summary>§A1, what calendar.app.created allows; §A5, quota.</summary>
public class ScopeRulesTests
{
    [Fact]
    public async Task A1_an_app_sees_only_the_calendars_that_it_has_made()
    {
        await using var scene = await Scene.StartAsync();
        var user = await (await scene.GoogleAsync()).WithCalendarAsync();
        Assert.Equal(200, (await user.SendAsync("GET", $"calendars/{Uri.EscapeDataString(user.CalendarId)}")).Status);
        await user.RefusedAsync(403, "forbidden", "GET", "calendars/primary");
        await user.RefusedAsync(403, "forbidden", "GET", "calendars/sam%40gmail.com/events");
        var own = (string)(await scene.UserAsync("google%3Asam%40gmail.com/calendars", new JsonObject { ["name"] = "Private" }))!["id"]!;
        await user.RefusedAsync(403, "forbidden", "GET", "calendars/" + Uri.EscapeDataString(own));
        await user.RefusedAsync(404, "notFound", "GET", "calendars/nothing%40group.calendar.google.com");
    }

    [Fact]
    public async Task A1_calendars_of_others_are_not_found()
    {
        await using var scene = await Scene.StartAsync();
        var one = await (await scene.GoogleAsync("one@gmail.com")).WithCalendarAsync();
        var other = await scene.GoogleAsync("other@gmail.com");
        await other.RefusedAsync(404, "notFound", "GET", one.Events);
    }

    [Fact]
    public async Task A1_a_list_of_calendars_needs_another_scope()
    {
        await using var scene = await Scene.StartAsync();
        var user = await (await scene.GoogleAsync()).WithCalendarAsync();
        var refused = await user.SendAsync("GET", "users/me/calendarList");
        Assert.Equal((403, "insufficientPermissions"), (refused.Status, refused.Reason));
        Assert.Equal("ACCESS_TOKEN_SCOPE_INSUFFICIENT", (string?)refused.Json!["error"]!["details"]![0]!["reason"]);
        var wide = await scene.GoogleAsync(scopes: Scene.AllCalendars);
        Assert.Equal(2, (await wide.OkAsync("GET", "users/me/calendarList"))["items"]!.AsArray().Count);
        await user.OkAsync("PATCH", $"users/me/calendarList/{Uri.EscapeDataString(user.CalendarId)}?colorRgbFormat=true", new JsonObject { ["backgroundColor"] = "#0088aa" });
        Assert.Equal("#0088aa", (string?)(await user.OkAsync("GET", $"users/me/calendarList/{Uri.EscapeDataString(user.CalendarId)}"))["backgroundColor"]);
    }

    [Fact]
    public async Task A1_without_the_scope_nothing_works_and_without_a_token_it_is_401()
    {
        await using var scene = await Scene.StartAsync();
        var user = await scene.GoogleAsync(scopes: "openid email");
        await user.RefusedAsync(403, "insufficientPermissions", "POST", "calendars", new JsonObject { ["summary"] = "HX_" });
        await new GoogleUser(scene, "sam@gmail.com", "nonsense").RefusedAsync(401, "authError", "GET", "calendars/primary");
    }

    [Fact]
    public async Task A1_a_deleted_calendar_is_gone_with_its_events()
    {
        await using var scene = await Scene.StartAsync();
        var user = await (await scene.GoogleAsync()).WithCalendarAsync();
        await user.PersonAsync("delete-calendar");
        await user.RefusedAsync(404, "notFound", "GET", $"calendars/{Uri.EscapeDataString(user.CalendarId)}");
        await user.RefusedAsync(404, "notFound", "GET", user.Events);
        await user.WithCalendarAsync("HX_Again");
        await user.OkAsync("PUT", $"calendars/{Uri.EscapeDataString(user.CalendarId)}", new JsonObject { ["summary"] = "HX_Renamed" });
        await user.RefusedAsync(412, "conditionNotMet", "PATCH", $"calendars/{Uri.EscapeDataString(user.CalendarId)}", new JsonObject { ["summary"] = "x" }, ("If-Match", "\"old\""));
        Assert.Equal(204, (await user.SendAsync("DELETE", $"calendars/{Uri.EscapeDataString(user.CalendarId)}")).Status);
    }

    [Fact]
    public async Task A3_sixty_new_calendars_are_the_limit()
    {
        await using var scene = await Scene.StartAsync();
        var user = await scene.GoogleAsync();
        for (var i = 0; i < 60; i++) await user.OkAsync("POST", "calendars", new JsonObject { ["summary"] = "HX_" + i });
        await user.RefusedAsync(403, "quotaExceeded", "POST", "calendars", new JsonObject { ["summary"] = "one too many" });
        await scene.AdvanceAsync("P2D");
        var later = await scene.GoogleAsync(); // the access token of before has expired
        await user.RefusedAsync(401, "authError", "GET", "calendars/primary");
        await later.OkAsync("POST", "calendars", new JsonObject { ["summary"] = "again" });
    }

    [Fact]
    public async Task A5_a_patch_costs_three_units_of_the_minute()
    {
        await using var scene = await Scene.StartAsync(x => x with { GoogleUserUnits = 10 });
        var user = await (await scene.GoogleAsync()).WithCalendarAsync();
        var id = (string)(await user.InsertAsync(GoogleUser.AllDay("2026-01-12", "2026-01-13")))["id"]!;
        await user.PatchAsync(id, new JsonObject { ["summary"] = "1" });
        await user.PatchAsync(id, new JsonObject { ["summary"] = "2" });
        await user.RefusedAsync(403, "userRateLimitExceeded", "PATCH", $"{user.Events}/{id}", new JsonObject { ["summary"] = "3" });
        await user.GetAsync(id);
        await scene.AdvanceAsync("PT1M");
        await user.PatchAsync(id, new JsonObject { ["summary"] = "3" });
    }

    [Fact]
    public async Task A5_the_project_has_a_limit_of_its_own()
    {
        await using var scene = await Scene.StartAsync(x => x with { GoogleProjectUnits = 2 });
        var one = await (await scene.GoogleAsync("one@gmail.com")).WithCalendarAsync();
        var other = await (await scene.GoogleAsync("other@gmail.com")).WithCalendarAsync();
        await other.RefusedAsync(429, "rateLimitExceeded", "GET", one.Events);
    }
}
