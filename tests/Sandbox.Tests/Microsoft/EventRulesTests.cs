using System.Text.Json.Nodes;

namespace Sandbox.Tests.Microsoft;

/// <summary>§B2, resources; §B7, time zones; §B8.</summary>
public class EventRulesTests
{
    private static JsonObject At9 => GraphUser.Timed("2026-01-12T09:00:00", "2026-01-12T09:30:00");

    [Fact]
    public async Task B2_immutable_ids_are_given_when_preferred_and_both_are_taken()
    {
        await using var scene = await Scene.StartAsync();
        var user = await GraphUser.StartAsync(scene);
        var immutable = (string)(await user.CreateAsync(At9))["id"]!;
        user.Prefer = "";
        var plain = (string)(await user.OkAsync("GET", "me/events/" + immutable))["id"]!;
        Assert.NotEqual(immutable, plain);
        Assert.Equal(200, (await user.SendAsync("GET", $"{user.Events}/{plain}")).Status);
        await user.RefusedAsync(404, "ErrorItemNotFound", "GET", "me/events/" + plain.ToUpperInvariant()); // ids are case-sensitive
    }

    [Fact]
    public async Task B2_a_transactionId_makes_creation_idempotent_and_cannot_be_changed()
    {
        await using var scene = await Scene.StartAsync();
        var user = await GraphUser.StartAsync(scene);
        var body = At9;
        body["transactionId"] = "t-1";
        var first = await user.CreateAsync(body);
        var again = await user.SendAsync("POST", user.Events, body);
        Assert.Equal((409, "ErrorDuplicateTransactionId", (string?)first["id"]), (again.Status, (string?)again.Json!["error"]!["code"], (string?)again.Json["error"]!["@event.existingEventId"]));
        await user.RefusedAsync(400, "ErrorPropertyValidationFailure", "PATCH", $"me/events/{first["id"]}", new JsonObject { ["transactionId"] = "t-2" });
        Assert.False((await user.CreateAsync(At9)).ContainsKey("transactionId")); // only when it was set
    }

    [Fact]
    public async Task B2_extended_properties_are_filtered_for_and_come_only_when_expanded()
    {
        await using var scene = await Scene.StartAsync();
        var user = await GraphUser.StartAsync(scene);
        var body = At9;
        body["singleValueExtendedProperties"] = new JsonArray(new JsonObject { ["id"] = GraphUser.Tag, ["value"] = "u1" });
        var id = (string)(await user.CreateAsync(body))["id"]!;
        await user.CreateAsync(At9);
        Assert.False((await user.OkAsync("GET", "me/events/" + id)).ContainsKey("singleValueExtendedProperties"));
        var expand = $"$expand=singleValueExtendedProperties($filter=id eq '{GraphUser.Tag}')";
        Assert.Equal("u1", (string?)(await user.OkAsync("GET", $"me/events/{id}?{expand}"))["singleValueExtendedProperties"]![0]!["value"]);
        var found = await user.ValuesAsync($"{user.Events}?$filter=singleValueExtendedProperties/Any(ep: ep/id eq '{GraphUser.Tag}' and ep/value eq 'u1')");
        Assert.Equal(id, (string?)Assert.Single(found)["id"]);
        await user.RefusedAsync(501, "notImplemented", "GET", $"{user.Events}?$filter=subject eq 'x'");
        body["singleValueExtendedProperties"]![0]!["id"] = "HxUid";
        await user.RefusedAsync(400, "ErrorInvalidRequest", "POST", user.Events, body);
        var copy = (await user.PersonAsync("copy", new JsonObject { ["event"] = id }))!;
        Assert.Equal("u1", (string?)(await user.OkAsync("GET", $"me/events/{copy["id"]}?{expand}"))["singleValueExtendedProperties"]![0]!["value"]);
    }

    [Fact]
    public async Task B2_if_match_and_what_a_patch_leaves_alone()
    {
        await using var scene = await Scene.StartAsync();
        var user = await GraphUser.StartAsync(scene);
        var body = At9;
        body["location"] = new JsonObject { ["displayName"] = "Room 1" };
        var made = await user.CreateAsync(body);
        var at = $"me/events/{made["id"]}";
        var patched = await user.OkAsync("PATCH", at, new JsonObject { ["subject"] = null });
        Assert.Null(patched["subject"]);
        Assert.Equal("Room 1", (string?)patched["location"]!["displayName"]);
        foreach (var verb in (string[])["PATCH", "DELETE"])
            await user.RefusedAsync(412, "ErrorIrresolvableConflict", verb, at, new JsonObject { ["subject"] = "x" }, ("If-Match", (string)made["@odata.etag"]!));
        Assert.Equal(204, (await user.SendAsync("DELETE", at, null, ("If-Match", (string)patched["@odata.etag"]!))).Status);
        await user.RefusedAsync(404, "ErrorItemNotFound", "GET", at);
    }

    [Theory]
    [InlineData("AUS Eastern Standard Time", "AUS Eastern Standard Time")]
    [InlineData("Australia/Sydney", "AUS Eastern Standard Time")]
    [InlineData("Europe/Paris", "Romance Standard Time")]
    [InlineData("UTC", "UTC")]
    public async Task B7_windows_and_IANA_zones_are_taken_and_remembered_by_the_windows_name(string sent, string kept)
    {
        await using var scene = await Scene.StartAsync();
        var user = await GraphUser.StartAsync(scene);
        user.Prefer = $"outlook.timezone=\"{sent}\"";
        var made = await user.CreateAsync(GraphUser.Timed("2026-01-12T09:00:00", "2026-01-12T09:30:00", sent));
        Assert.Equal((kept, "2026-01-12T09:00:00.0000000", sent), ((string?)made["originalStartTimeZone"], (string?)made["start"]!["dateTime"], (string?)made["start"]!["timeZone"]));
    }

    [Fact]
    public async Task B7_times_are_in_UTC_unless_a_zone_is_preferred_and_an_unknown_zone_is_refused()
    {
        await using var scene = await Scene.StartAsync();
        var user = await GraphUser.StartAsync(scene);
        Assert.Equal("2026-01-11T22:00:00.0000000", (string?)(await user.CreateAsync(At9))["start"]!["dateTime"]);
        await user.RefusedAsync(400, "TimeZoneNotSupportedException", "POST", user.Events, GraphUser.Timed("2026-01-12T09:00:00", "2026-01-12T09:30:00", "Mars"));
        user.Prefer = "outlook.timezone=\"Mars\"";
        await user.RefusedAsync(400, "TimeZoneNotSupportedException", "GET", user.Events);
    }

    [Fact]
    public async Task B7_B8_a_whole_day_is_midnight_to_midnight_in_any_zone()
    {
        await using var scene = await Scene.StartAsync();
        var user = await GraphUser.StartAsync(scene);
        var body = GraphUser.Timed("2026-01-12T00:00:00", "2026-01-13T00:00:00");
        body["isAllDay"] = true;
        Assert.Equal("2026-01-12T00:00:00.0000000", (string?)(await user.CreateAsync(body))["start"]!["dateTime"]);
        var short1 = GraphUser.Timed("2026-01-12T00:00:00", "2026-01-12T00:00:00");
        short1["isAllDay"] = true;
        await user.RefusedAsync(400, "ErrorPropertyValidationFailure", "POST", user.Events, short1);
        var noon = GraphUser.Timed("2026-01-12T12:00:00", "2026-01-13T12:00:00");
        noon["isAllDay"] = true;
        await user.RefusedAsync(400, "ErrorPropertyValidationFailure", "POST", user.Events, noon);
    }

    [Fact]
    public async Task Strict_unknown_properties_and_options_are_refused()
    {
        await using var scene = await Scene.StartAsync();
        var user = await GraphUser.StartAsync(scene);
        var body = At9;
        body["sujbect"] = "typo";
        await user.RefusedAsync(400, "RequestBodyRead", "POST", user.Events, body);
        await user.RefusedAsync(400, "ErrorInvalidRequest", "GET", user.Events + "?$search=x");
        await user.RefusedAsync(400, "ErrorCalendarEndDateIsEarlierThanStartDate", "POST", user.Events, GraphUser.Timed("2026-01-12T09:00:00", "2026-01-12T08:00:00"));
        await user.RefusedAsync(409, "ErrorFolderExists", "POST", "me/calendars", new JsonObject { ["name"] = "HX_Practice" });
        await user.RefusedAsync(501, "notImplemented", "GET", "me/messages");
        await user.RefusedAsync(400, "ErrorInvalidRequest", "GET", $"me/calendars/{user.CalendarId}/calendarView");
    }

    [Fact]
    public async Task Pages_of_a_listing_have_a_next_link()
    {
        await using var scene = await Scene.StartAsync();
        var user = await GraphUser.StartAsync(scene);
        for (var i = 0; i < 3; i++) await user.CreateAsync(At9);
        var first = await user.OkAsync("GET", user.Events + "?$top=2&$select=subject");
        Assert.Equal(["@odata.etag", "id", "subject"], first["value"]![0]!.AsObject().Select(x => x.Key).Order());
        Assert.Single(await user.ValuesAsync((string)first["@odata.nextLink"]!));
        await user.PersonAsync("delete-calendar");
        await user.RefusedAsync(404, "ErrorItemNotFound", "GET", user.Events);
    }
}
