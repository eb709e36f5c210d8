using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using Sandbox.Tests.Contract;

namespace Sandbox.Tests;

/// <summary>An app that is signed in for a person. Every answer that it gets must fit Google's published description.</summary>
internal sealed class GoogleUser(Scene scene, string email, string token)
{
    public string Account => "google:" + email;

    public string CalendarId { get; private set; } = "";

    public string Events => $"calendars/{Uri.EscapeDataString(CalendarId)}/events";

    private string ByHand => $"{Uri.EscapeDataString(Account)}/calendars/{Uri.EscapeDataString(CalendarId)}/";

    public async Task<GoogleUser> WithCalendarAsync(string name = "HX_Practice")
    {
        CalendarId = (string)(await OkAsync("POST", "calendars", new JsonObject { ["summary"] = name, ["timeZone"] = "Australia/Sydney" }))["id"]!;
        return this;
    }

    public async Task<Answer> SendAsync(string verb, string path, JsonObject? body = null, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(new HttpMethod(verb), "/calendar/v3/" + path);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        if (body is not null) request.Content = Scene.Json(body);
        foreach (var (name, value) in headers) request.Headers.TryAddWithoutValidation(name, value);
        using var answer = await scene.Http.SendAsync(request);
        var read = await Answer.ReadAsync(answer);
        GoogleDescription.CheckAnswer(read);
        return read;
    }

    public async Task<JsonObject> OkAsync(string verb, string path, JsonObject? body = null)
    {
        var answer = await SendAsync(verb, path, body);
        Assert.True(answer.Status is 200 or 204, $"{answer.Status} {answer.Json}");
        return answer.Json as JsonObject ?? [];
    }

    public async Task RefusedAsync(int status, string reason, string verb, string path, JsonObject? body = null, params (string Name, string Value)[] headers)
    {
        var answer = await SendAsync(verb, path, body, headers);
        Assert.Equal((status, reason), (answer.Status, answer.Reason));
    }

    public Task<JsonObject> InsertAsync(JsonObject body) => OkAsync("POST", Events, body);

    public Task<JsonObject> PatchAsync(string id, JsonObject body) => OkAsync("PATCH", $"{Events}/{id}", body);

    public Task<JsonObject> GetAsync(string id) => OkAsync("GET", $"{Events}/{id}");

    public Task<JsonObject> ListAsync(string query = "") => OkAsync("GET", Events + query);

    public async Task<IReadOnlyList<JsonObject>> ItemsAsync(string query = "") => [.. (await ListAsync(query))["items"]!.AsArray().Select(x => x!.AsObject())];

    public async Task<IReadOnlyList<JsonObject>> InstancesAsync(string id, string query = "") =>
        [.. (await OkAsync("GET", $"{Events}/{id}/instances{query}"))["items"]!.AsArray().Select(x => x!.AsObject())];

    public async Task<IReadOnlyList<JsonObject>> SinceAsync(JsonObject list) =>
        await ItemsAsync("?syncToken=" + Uri.EscapeDataString((string)list["nextSyncToken"]!));

    /// <summary>Does something by hand in this calendar, as the person.</summary>
    public Task<JsonNode?> PersonAsync(string verb, JsonObject? body = null) => scene.UserAsync(ByHand + verb, body);

    public static JsonObject Timed(string start, string end, string zone = "Australia/Sydney") => new()
    {
        ["summary"] = "Appointment",
        ["start"] = new JsonObject { ["dateTime"] = start, ["timeZone"] = zone },
        ["end"] = new JsonObject { ["dateTime"] = end, ["timeZone"] = zone },
    };

    /// <summary>Six days from Monday 12 January 2026, 9:00 to 9:30 in Sydney.</summary>
    public static JsonObject Daily(string rule = "RRULE:FREQ=DAILY;COUNT=6")
    {
        var series = Timed("2026-01-12T09:00:00", "2026-01-12T09:30:00");
        series["recurrence"] = new JsonArray(rule);
        return series;
    }

    public static JsonObject AllDay(string start, string end) => new()
    {
        ["summary"] = "All day",
        ["start"] = new JsonObject { ["date"] = start },
        ["end"] = new JsonObject { ["date"] = end },
    };
}
