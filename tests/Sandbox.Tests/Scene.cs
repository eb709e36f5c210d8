using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Builder;
using Sandbox;

namespace Sandbox.Tests;

/// <summary>A sandbox on a port of its own, with the clock standing at noon of Monday 5 January 2026.</summary>
internal sealed partial class Scene : IAsyncDisposable
{
    public const string Redirect = "http://127.0.0.1:1/back";
    public const string AppCreated = "https://www.googleapis.com/auth/calendar.app.created";
    public const string AllCalendars = "https://www.googleapis.com/auth/calendar";

    private readonly WebApplication _app;
    private readonly HttpClientHandler _handler = new() { AllowAutoRedirect = false };

    private Scene(WebApplication app)
    {
        _app = app;
        Address = SandboxHost.Address(app);
        Http = new HttpClient(_handler) { BaseAddress = new Uri(Address), Timeout = TimeSpan.FromSeconds(60) };
    }

    public string Address { get; }

    public HttpClient Http { get; }

    public static async Task<Scene> StartAsync(Func<SandboxOptions, SandboxOptions>? change = null, bool still = true)
    {
        var options = new SandboxOptions { Port = 0, HookPause = TimeSpan.FromMilliseconds(20) };
        var app = SandboxHost.Build(change?.Invoke(options) ?? options);
        await app.StartAsync();
        var scene = new Scene(app);
        if (still) await scene.UserAsync("clock", new JsonObject { ["now"] = "2026-01-05T12:00:00Z", ["running"] = false });
        return scene;
    }

    /// <summary>Does something as the person, or to the script.</summary>
    public async Task<JsonNode?> UserAsync(string path, JsonObject? body = null)
    {
        using var answer = await Http.PostAsync("/user/" + path, Json(body ?? []));
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.IsSuccessStatusCode, text);
        return text.Length == 0 ? null : JsonNode.Parse(text);
    }

    public Task FaultAsync(string method, string kind, JsonObject? more = null)
    {
        var fault = more ?? [];
        fault["method"] = method;
        fault["kind"] = kind;
        return UserAsync("faults", fault);
    }

    public Task AdvanceAsync(string period) => UserAsync("clock", new JsonObject { ["advance"] = period });

    /// <summary>Signs in through the real page: reads its form, ticks the scopes, and takes the code to the token endpoint.</summary>
    public async Task<JsonObject> SignInAsync(string email = "sam@gmail.com", string scopes = "openid email " + AppCreated, string? tick = null, string more = "&access_type=offline&prompt=consent")
    {
        var code = await CodeAsync($"/o/oauth2/v2/auth?{Query(scopes)}{more}", email, tick ?? scopes);
        return (await TokenAsync("/token", ("grant_type", "authorization_code"), ("code", code), ("redirect_uri", Redirect))).Json!.AsObject();
    }

    public async Task<JsonObject> MicrosoftAsync(string email, string scopes)
    {
        var code = await CodeAsync($"/common/oauth2/v2.0/authorize?{Query(scopes)}", email, scopes);
        return (await TokenAsync("/common/oauth2/v2.0/token", ("grant_type", "authorization_code"), ("code", code), ("redirect_uri", Redirect))).Json!.AsObject();
    }

    public static string Query(string scopes) =>
        $"client_id=sandbox-client&response_type=code&state=s1&redirect_uri={Uri.EscapeDataString(Redirect)}&scope={Uri.EscapeDataString(scopes)}";

    public async Task<string> CodeAsync(string address, string email, string tick)
    {
        var back = await ConsentAsync(address, email, tick, "allow");
        return Uri.UnescapeDataString(CodePart().Match(back.Query).Groups[1].Value);
    }

    public async Task<Uri> ConsentAsync(string address, string email, string tick, string choice)
    {
        var page = await Http.GetStringAsync(address);
        var fields = HiddenField().Matches(page).Select(x => KeyValuePair.Create(WebUtility.HtmlDecode(x.Groups[1].Value), WebUtility.HtmlDecode(x.Groups[2].Value))).ToList();
        fields.Add(KeyValuePair.Create("sandbox_new", email));
        fields.Add(KeyValuePair.Create("sandbox_zone", "Australia/Sydney"));
        fields.Add(KeyValuePair.Create("sandbox_choice", choice));
        var boxes = Box().Matches(page).Select(x => WebUtility.HtmlDecode(x.Groups[1].Value));
        fields.AddRange(boxes.Where(tick.Split(' ').Contains).Select(x => KeyValuePair.Create("sandbox_scope", x)));
        using var form = new FormUrlEncodedContent(fields);
        using var answer = await Http.PostAsync(WebUtility.HtmlDecode(Action().Match(page).Groups[1].Value), form);
        Assert.True(answer.Headers.Location is not null, await answer.Content.ReadAsStringAsync());
        return answer.Headers.Location;
    }

    public async Task<Answer> TokenAsync(string path, params (string Name, string Value)[] fields)
    {
        var all = fields.Append(("client_id", "sandbox-client")).Append(("client_secret", "sandbox-secret"));
        using var form = new FormUrlEncodedContent(all.Select(x => KeyValuePair.Create(x.Item1, x.Item2)));
        using var answer = await Http.PostAsync(path, form);
        return await Answer.ReadAsync(answer);
    }

    public async Task<GoogleUser> GoogleAsync(string email = "sam@gmail.com", string scopes = "openid email " + AppCreated) =>
        new(this, email, (string)(await SignInAsync(email, scopes))["access_token"]!);

    public static StringContent Json(JsonObject body) => new(body.ToJsonString(), Encoding.UTF8, "application/json");

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        _handler.Dispose();
        await _app.StopAsync();
        await _app.DisposeAsync();
    }

    [GeneratedRegex("code=([^&]+)")]
    private static partial Regex CodePart();

    [GeneratedRegex("<input type=\"hidden\" name=\"([^\"]*)\" value=\"([^\"]*)\">")]
    private static partial Regex HiddenField();

    [GeneratedRegex("name=\"sandbox_scope\" value=\"([^\"]*)\"")]
    private static partial Regex Box();

    [GeneratedRegex("action=\"([^\"]*)\"")]
    private static partial Regex Action();
}
