using System.Text.Json.Nodes;

namespace Sandbox.Tests;

/// <summary>Whatever is sent, the stand-ins say what is wrong with it; and what they have taken they can show.</summary>
public class BadInputTests
{
    private static readonly string[] Odd =
    [
        "null", "5", "-1", "99999999999999999999", "\"\"", "\"x\"", "true", "[]", "[null]", "[\"\"]", "{}", "{\"x\":null}", "\"9999-12-31T23:59:59Z\"", "\"0001-01-01\"", "\"9999-12-31\"", "\"2026-02-30\"",
        "\"RRULE:FREQ=SECONDLY\"", "[\"RRULE:FREQ=YEARLY;INTERVAL=9999\"]", "[\"RRULE:FREQ=DAILY;BYDAY=99MO\"]", "[\"RDATE:99990101\"]", "[\"RRULE:\"]", "\"\\u0000\"", "\"Etc/GMT+99\"", "{\"dateTime\":\"9999-12-31T23:59:59\",\"timeZone\":\"Pacific/Kiritimati\"}",
    ];

    [Fact]
    public async Task Google_no_odd_value_in_any_place_is_a_fault_of_the_server()
    {
        await using var scene = await Scene.StartAsync(x => x with { GoogleUserUnits = 100_000, GoogleProjectUnits = 100_000 });
        var user = await (await scene.GoogleAsync()).WithCalendarAsync();
        var random = new Random(11);
        for (var turn = 0; turn < 400; turn++)
        {
            var body = GoogleUser.Daily("RRULE:FREQ=DAILY;COUNT=3");
            body["extendedProperties"] = new JsonObject { ["private"] = new JsonObject { ["a"] = "1" } };
            Spoil(body, random);
            var made = await user.SendAsync("POST", user.Events, body);
            Assert.True(made.Status < 500, $"{made.Status} for {body.ToJsonString()}");
            if (made.Status == 200) await Each(user, (string)made.Json!["id"]!, body, random);
        }
        await user.ListAsync("?singleEvents=true&maxResults=2500");
    }

    private static async Task Each(GoogleUser user, string id, JsonObject body, Random random)
    {
        Spoil(body, random);
        var patched = await user.SendAsync("PATCH", $"{user.Events}/{id}", body);
        Assert.True(patched.Status < 500, $"{patched.Status} for {body.ToJsonString()}");
        Assert.Equal(200, (await user.SendAsync("GET", $"{user.Events}/{id}/instances")).Status);
        await user.SendAsync("DELETE", $"{user.Events}/{id}");
    }

    [Fact]
    public async Task Graph_no_odd_value_in_any_place_is_a_fault_of_the_server()
    {
        await using var scene = await Scene.StartAsync();
        var user = await GraphUser.StartAsync(scene);
        var random = new Random(11);
        for (var turn = 0; turn < 400; turn++)
        {
            var body = GraphUser.Weekly();
            body["location"] = new JsonObject { ["displayName"] = "x" };
            Spoil(body, random);
            var made = await user.SendAsync("POST", user.Events, body);
            Assert.True(made.Status < 500, $"{made.Status} for {body.ToJsonString()}");
            if (made.Status != 201) continue;
            Spoil(body, random);
            var patched = await user.SendAsync("PATCH", $"me/events/{made.Json!["id"]}", body);
            Assert.True(patched.Status < 500, $"{patched.Status} for {body.ToJsonString()}");
            Assert.Equal(200, (await user.SendAsync("GET", user.Delta)).Status);
            await user.SendAsync("DELETE", $"me/events/{made.Json["id"]}");
        }
    }

    [Theory]
    [InlineData("?timeZone=Mars")]
    [InlineData("?timeMin=yesterday")]
    [InlineData("?timeMin=2026-01-01T00:00:00")]
    [InlineData("?maxResults=0")]
    [InlineData("?pageToken=x")]
    [InlineData("?privateExtendedProperty=x")]
    [InlineData("?showDeleted=maybe")]
    public async Task Google_odd_parameters_are_refused(string query)
    {
        await using var scene = await Scene.StartAsync();
        var user = await (await scene.GoogleAsync()).WithCalendarAsync();
        await user.InsertAsync(GoogleUser.AllDay("2026-01-12", "2026-01-13"));
        await user.RefusedAsync(400, "invalid", "GET", user.Events + query);
    }

    [Fact]
    public async Task One_of_many_who_insert_the_same_id_at_once_succeeds()
    {
        await using var scene = await Scene.StartAsync();
        var user = await (await scene.GoogleAsync()).WithCalendarAsync();
        var body = GoogleUser.AllDay("2026-01-12", "2026-01-13");
        body["id"] = "abcde12345";
        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => user.SendAsync("POST", user.Events, body)));
        Assert.Equal([200, 409, 409, 409, 409, 409, 409, 409], answers.Select(x => x.Status).Order());
    }

    /// <summary>Puts an odd value in a place of the body, or a property that is not known.</summary>
    private static void Spoil(JsonObject body, Random random)
    {
        var places = Places(body).ToList();
        var (parent, name) = places[random.Next(places.Count)];
        parent[name] = JsonNode.Parse(Odd[random.Next(Odd.Length)]);
    }

    private static IEnumerable<(JsonObject Parent, string Name)> Places(JsonObject body)
    {
        foreach (var (name, value) in body)
        {
            yield return (body, name);
            if (value is not JsonObject inner) continue;
            foreach (var place in Places(inner)) yield return place;
        }
    }
}
