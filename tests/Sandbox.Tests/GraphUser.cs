using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using Sandbox.Tests.Contract;

namespace Sandbox.Tests;

/// <summary>An app that is signed in for a person at Microsoft. Every answer that it gets must fit Microsoft's published types.</summary>
internal sealed class GraphUser(Scene scene, string email, string token)
{
    public const string Tag = "String {5c2c7a5e-6f0f-4a35-9d1b-3f1f6d2f0a11} Name HxUid";

    public string Prefer { get; set; } = "IdType=\"ImmutableId\"";

    public string CalendarId { get; private set; } = "";

    public string Events => $"me/calendars/{CalendarId}/events";

    public string Delta => $"me/calendars/{CalendarId}/calendarView/delta?startDateTime=2026-01-01T00:00:00Z&endDateTime=2026-03-01T00:00:00Z";

    private string ByHand => $"microsoft%3A{Uri.EscapeDataString(email)}/calendars/{Uri.EscapeDataString(CalendarId)}/";

    public static async Task<GraphUser> StartAsync(Scene scene, string email = "sam@outlook.com", string scopes = "openid offline_access Calendars.ReadWrite User.Read") =>
        await new GraphUser(scene, email, (string)(await scene.MicrosoftAsync(email, scopes))["access_token"]!).WithCalendarAsync();

    public async Task<GraphUser> WithCalendarAsync(string name = "HX_Practice")
    {
        CalendarId = (string)(await OkAsync("POST", "me/calendars", new JsonObject { ["name"] = name }))["id"]!;
        return this;
    }

    public async Task<Answer> SendAsync(string verb, string path, JsonObject? body = null, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(new HttpMethod(verb), path.StartsWith("http", StringComparison.Ordinal) ? path : "/v1.0/" + path);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        request.Headers.TryAddWithoutValidation("Prefer", Prefer);
        if (body is not null) request.Content = Scene.Json(body);
        foreach (var (name, value) in headers) request.Headers.TryAddWithoutValidation(name, value);
        using var answer = await scene.Http.SendAsync(request);
        var read = await Answer.ReadAsync(answer);
        GraphDescription.CheckAnswer(read);
        return read;
    }

    public async Task<JsonObject> OkAsync(string verb, string path, JsonObject? body = null)
    {
        var answer = await SendAsync(verb, path, body);
        Assert.True(answer.Status is >= 200 and < 300, $"{answer.Status} {answer.Json}");
        return answer.Json as JsonObject ?? [];
    }

    public async Task RefusedAsync(int status, string code, string verb, string path, JsonObject? body = null, params (string Name, string Value)[] headers)
    {
        var answer = await SendAsync(verb, path, body, headers);
        Assert.Equal((status, code), (answer.Status, (string?)answer.Json?["error"]?["code"]));
    }

    public Task<JsonObject> CreateAsync(JsonObject body) => OkAsync("POST", Events, body);

    public async Task<IReadOnlyList<JsonObject>> ValuesAsync(string path) => [.. (await OkAsync("GET", path))["value"]!.AsArray().Select(x => x!.AsObject())];

    public Task<IReadOnlyList<JsonObject>> InstancesAsync(string id) => ValuesAsync($"me/events/{id}/instances?startDateTime=2026-01-01T00:00:00Z&endDateTime=2028-01-01T00:00:00Z&$top=100");

    public Task<JsonNode?> PersonAsync(string verb, JsonObject? body = null) => scene.UserAsync(ByHand + verb, body);

    public static JsonObject Timed(string start, string end, string zone = "AUS Eastern Standard Time") => new()
    {
        ["subject"] = "Appointment",
        ["start"] = new JsonObject { ["dateTime"] = start, ["timeZone"] = zone },
        ["end"] = new JsonObject { ["dateTime"] = end, ["timeZone"] = zone },
    };

    /// <summary>Mondays from 12 January 2026, 9:00 to 9:30 in Sydney, four times.</summary>
    public static JsonObject Weekly() => Series(new JsonObject { ["type"] = "weekly", ["interval"] = 1, ["daysOfWeek"] = new JsonArray("monday"), ["firstDayOfWeek"] = "monday" },
        new JsonObject { ["type"] = "numbered", ["startDate"] = "2026-01-12", ["numberOfOccurrences"] = 4 });

    public static JsonObject Series(JsonObject pattern, JsonObject range)
    {
        var series = Timed("2026-01-12T09:00:00", "2026-01-12T09:30:00");
        series["recurrence"] = new JsonObject { ["pattern"] = pattern, ["range"] = range };
        return series;
    }
}
