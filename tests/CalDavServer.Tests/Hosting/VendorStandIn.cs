using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Builder;
using ProviderBridge.Accounts;
using ProviderBridge.Google;
using ProviderBridge.Microsoft;
using Sandbox;
using Xunit;

namespace CalDavServer.Tests.Hosting;

/// <summary>The stand-in for Google and Microsoft, on a port of its own, and the person who has an account at one of them.</summary>
internal sealed partial class VendorStandIn : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly HttpClientHandler _handler = new() { AllowAutoRedirect = false };
    private readonly HttpClient _http;

    private VendorStandIn(WebApplication app, string vendor)
    {
        (_app, Vendor) = (app, vendor);
        Address = SandboxHost.Address(app);
        _http = new HttpClient(_handler) { BaseAddress = new Uri(Address) };
    }

    public string Address { get; }

    /// <summary>Where the person has an account: <c>google</c> or <c>microsoft</c>.</summary>
    public string Vendor { get; }

    /// <summary>The person's address.</summary>
    public string Email => Vendor == "google" ? "sam@gmail.com" : "sam@outlook.com";

    /// <summary>What has to be ticked so that calendars can be kept there.</summary>
    public string Calendars => Vendor == "google" ? "https://www.googleapis.com/auth/calendar.app.created" : "Calendars.ReadWrite";

    /// <summary>The product as it is registered at Google.</summary>
    public GoogleApp Google => new("sandbox-client", "sandbox-secret")
    {
        Authorize = new Uri(Address + "/o/oauth2/v2/auth"),
        Token = new Uri(Address + "/token"),
        Revoke = new Uri(Address + "/revoke"),
        Api = new Uri(Address + "/calendar/v3/"),
    };

    /// <summary>The product as it is registered at Microsoft.</summary>
    public MicrosoftApp Microsoft => new("sandbox-client", "sandbox-secret")
    {
        Authorize = new Uri(Address + "/common/oauth2/v2.0/authorize"),
        Token = new Uri(Address + "/common/oauth2/v2.0/token"),
        Api = new Uri(Address + "/v1.0"),
    };

    public static async Task<VendorStandIn> StartAsync(string vendor)
    {
        var app = SandboxHost.Build(new SandboxOptions { Port = 0, HookPause = TimeSpan.FromMilliseconds(20) });
        await app.StartAsync();
        return new VendorStandIn(app, vendor);
    }

    /// <summary>Signs in on the page that a browser was sent to; where the browser is sent then.</summary>
    public async Task<Uri> AllowAsync(string address, string? email = null, string? tick = null, string choice = "allow")
    {
        var page = await _http.GetStringAsync(address);
        var fields = HiddenField().Matches(page).Select(field => KeyValuePair.Create(WebUtility.HtmlDecode(field.Groups[1].Value), WebUtility.HtmlDecode(field.Groups[2].Value))).ToList();
        fields.AddRange([KeyValuePair.Create("sandbox_new", email ?? Email), KeyValuePair.Create("sandbox_zone", "Australia/Melbourne"), KeyValuePair.Create("sandbox_choice", choice)]);
        if ((tick ?? Calendars) is { Length: > 0 } ticked) fields.Add(KeyValuePair.Create("sandbox_scope", ticked));
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

    /// <summary>The hooks that are open at the service.</summary>
    public async Task<int> HooksAsync() => JsonNode.Parse(await _http.GetStringAsync("/user/hooks"))!.AsArray().Count;

    /// <summary>Ends all faults.</summary>
    public async Task EndFaultsAsync()
    {
        using var answer = await _http.DeleteAsync("/user/faults");
        Assert.True(answer.IsSuccessStatusCode);
    }

    /// <summary>The calendars of an account that an app has made, by id with their names.</summary>
    public async Task<IReadOnlyList<(string Id, string Name)>> CalendarsAsync(string? email = null) =>
        [.. (await ReadAsync($"{Account(email)}/calendars")).AsArray().Where(one => (string?)one!["madeBy"] is not null).Select(one => ((string)one!["id"]!, (string)one["name"]!))];

    /// <summary>What the person sees in the one calendar that an app has made.</summary>
    public async Task<IReadOnlyList<(string Id, string Title, string Start)>> SeenAsync(string? email = null) => await SeenInAsync(Assert.Single(await CalendarsAsync(email)).Id, email);

    /// <summary>What the person sees in a calendar.</summary>
    public async Task<IReadOnlyList<(string Id, string Title, string Start)>> SeenInAsync(string calendar, string? email = null)
    {
        var events = (await ReadAsync($"{Account(email)}/calendars/{Uri.EscapeDataString(calendar)}/events")).AsArray();
        return [.. events.Where(one => (bool?)one!["live"] ?? true).Select(one => ((string)one!["id"]!, (string)one["title"]!, (string)one["start"]!))];
    }

    /// <summary>Does something in that calendar by hand.</summary>
    public async Task<JsonNode?> InCalendarAsync(string verb, JsonObject? body = null, string? email = null) =>
        await DoAsync($"{Account(email)}/calendars/{Uri.EscapeDataString(Assert.Single(await CalendarsAsync(email)).Id)}/{verb}", body);

    public string Account(string? email = null) => Uri.EscapeDataString($"{Vendor}:{email ?? Email}");

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
