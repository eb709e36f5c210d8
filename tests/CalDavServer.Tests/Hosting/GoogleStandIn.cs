using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Builder;
using ProviderBridge.Accounts;
using Sandbox;
using Xunit;

namespace CalDavServer.Tests.Hosting;

/// <summary>The stand-in for Google, on a port of its own, and the person who has an account there.</summary>
internal sealed partial class GoogleStandIn : IAsyncDisposable
{
    public const string Calendars = "https://www.googleapis.com/auth/calendar.app.created";
    private readonly WebApplication _app;
    private readonly HttpClientHandler _handler = new() { AllowAutoRedirect = false };
    private readonly HttpClient _http;

    private GoogleStandIn(WebApplication app)
    {
        _app = app;
        Address = SandboxHost.Address(app);
        _http = new HttpClient(_handler) { BaseAddress = new Uri(Address) };
    }

    public string Address { get; }

    /// <summary>The product as it is registered there.</summary>
    public GoogleApp App => new("sandbox-client", "sandbox-secret")
    {
        Authorize = new Uri(Address + "/o/oauth2/v2/auth"),
        Token = new Uri(Address + "/token"),
        Revoke = new Uri(Address + "/revoke"),
        Api = new Uri(Address + "/calendar/v3/"),
    };

    public static async Task<GoogleStandIn> StartAsync()
    {
        var app = SandboxHost.Build(new SandboxOptions { Port = 0, HookPause = TimeSpan.FromMilliseconds(20) });
        await app.StartAsync();
        return new GoogleStandIn(app);
    }

    /// <summary>Signs in on the page that a browser was sent to; where the browser is sent then.</summary>
    public async Task<Uri> AllowAsync(string address, string email = "sam@gmail.com", string tick = Calendars, string choice = "allow")
    {
        var page = await _http.GetStringAsync(address);
        var fields = HiddenField().Matches(page).Select(field => KeyValuePair.Create(WebUtility.HtmlDecode(field.Groups[1].Value), WebUtility.HtmlDecode(field.Groups[2].Value))).ToList();
        fields.AddRange([KeyValuePair.Create("sandbox_new", email), KeyValuePair.Create("sandbox_zone", "Australia/Melbourne"), KeyValuePair.Create("sandbox_choice", choice)]);
        if (tick.Length > 0) fields.Add(KeyValuePair.Create("sandbox_scope", tick));
        using var form = new FormUrlEncodedContent(fields);
        using var answer = await _http.PostAsync(WebUtility.HtmlDecode(Action().Match(page).Groups[1].Value), form);
        Assert.True(answer.Headers.Location is not null, await answer.Content.ReadAsStringAsync());
        return answer.Headers.Location;
    }

    /// <summary>Does something as the person, or to the script of faults.</summary>
    public async Task<JsonNode?> DoAsync(string path, JsonObject? body = null)
    {
        using var content = new StringContent((body ?? []).ToJsonString(), Encoding.UTF8, "application/json");
        using var answer = await _http.PostAsync("/user/" + path, content);
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.IsSuccessStatusCode, text);
        return text.Length == 0 ? null : JsonNode.Parse(text);
    }

    /// <summary>The calendars of an account that an app has made, by id with their names.</summary>
    public async Task<IReadOnlyList<(string Id, string Name)>> CalendarsAsync(string email = "sam@gmail.com") =>
        [.. (await ReadAsync($"{Account(email)}/calendars")).AsArray().Where(one => (string?)one!["madeBy"] is not null).Select(one => ((string)one!["id"]!, (string)one["name"]!))];

    /// <summary>What the person sees in the one calendar that an app has made.</summary>
    public async Task<IReadOnlyList<(string Id, string Title, string Start)>> SeenAsync(string email = "sam@gmail.com")
    {
        var calendar = Assert.Single(await CalendarsAsync(email)).Id;
        var events = (await ReadAsync($"{Account(email)}/calendars/{Uri.EscapeDataString(calendar)}/events")).AsArray();
        return [.. events.Where(one => (bool?)one!["live"] ?? true).Select(one => ((string)one!["id"]!, (string)one["title"]!, (string)one["start"]!))];
    }

    /// <summary>Does something in that calendar by hand.</summary>
    public async Task<JsonNode?> InCalendarAsync(string verb, JsonObject? body = null, string email = "sam@gmail.com") =>
        await DoAsync($"{Account(email)}/calendars/{Uri.EscapeDataString(Assert.Single(await CalendarsAsync(email)).Id)}/{verb}", body);

    public static string Account(string email) => Uri.EscapeDataString("google:" + email);

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        _handler.Dispose();
        await _app.StopAsync();
        await _app.DisposeAsync();
    }

    private async Task<JsonNode> ReadAsync(string path) => JsonNode.Parse(await _http.GetStringAsync("/user/" + path))!;

    [GeneratedRegex("<input type=\"hidden\" name=\"([^\"]*)\" value=\"([^\"]*)\">")]
    private static partial Regex HiddenField();

    [GeneratedRegex("action=\"([^\"]*)\"")]
    private static partial Regex Action();
}
