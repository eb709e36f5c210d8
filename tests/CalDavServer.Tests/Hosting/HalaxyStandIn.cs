using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using CalDavServer.Options;
using Microsoft.AspNetCore.Builder;
using NodaTime;
using NodaTime.Text;
using Sandbox;
using Xunit;

namespace CalDavServer.Tests.Hosting;

/// <summary>The stand-in for Halaxy, on a port of its own, with a practice of two practitioners at two clinics, a patient, an appointment type and an API key for everything.</summary>
internal sealed class HalaxyStandIn : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly HttpClient _http;

    private HalaxyStandIn(WebApplication app)
    {
        _app = app;
        _http = new HttpClient { BaseAddress = new Uri(SandboxHost.Address(app)) };
    }

    public string Practice { get; private set; } = "";

    public string Client { get; private set; } = "";

    public string Secret { get; private set; } = "";

    /// <summary>Maya Lindqvist, as Dr there, at Main Street and at Harbour.</summary>
    public string Maya { get; private set; } = "";

    public string MayasRole { get; private set; } = "";

    public string MayasHarbourRole { get; private set; } = "";

    /// <summary>Thomas Okafor, whom the practice here calls Tom.</summary>
    public string Thomas { get; private set; } = "";

    public string ThomasRole { get; private set; } = "";

    public string Patient { get; private set; } = "";

    public string Service { get; private set; } = "";

    public static async Task<HalaxyStandIn> StartAsync()
    {
        var app = SandboxHost.Build(new SandboxOptions { Port = 0, HookPause = TimeSpan.FromMilliseconds(20) });
        await app.StartAsync();
        var there = new HalaxyStandIn(app);
        there.Practice = (string)(await there.UserAsync("halaxy", new() { ["name"] = "Riverbend Health", ["timeZone"] = "Australia/Melbourne" }))!["practice"]!;
        var (main, harbour) = (await there.IdAsync("clinic", new() { ["name"] = "Main Street" }), await there.IdAsync("clinic", new() { ["name"] = "Harbour" }));
        there.Maya = await there.IdAsync("practitioner", new() { ["given"] = "Maya", ["family"] = "Lindqvist" });
        there.Thomas = await there.IdAsync("practitioner", new() { ["given"] = "Thomas", ["family"] = "Okafor" });
        there.MayasRole = await there.IdAsync("role", new() { ["practitioner"] = there.Maya, ["clinic"] = main });
        there.MayasHarbourRole = await there.IdAsync("role", new() { ["practitioner"] = there.Maya, ["clinic"] = harbour });
        there.ThomasRole = await there.IdAsync("role", new() { ["practitioner"] = there.Thomas, ["clinic"] = main });
        there.Patient = await there.IdAsync("patient", new() { ["given"] = "Zora", ["family"] = "Newman" });
        there.Service = await there.IdAsync("service", new() { ["name"] = "Initial consultation" });
        (there.Client, there.Secret) = await there.MakeKeyAsync();
        return there;
    }

    public Uri Address => new(_http.BaseAddress!, "main/");

    public ServerOptions Register(ServerOptions options) => options with { HalaxyAddress = Address };

    public async Task<(string Client, string Secret)> MakeKeyAsync(string? scopes = null)
    {
        var key = (await DoAsync("key", new() { ["scopes"] = scopes }))!;
        return ((string)key["clientId"]!, (string)key["clientSecret"]!);
    }

    /// <summary>Does something as a person in the practice's own pages.</summary>
    public Task<JsonNode?> DoAsync(string verb, JsonObject body) => UserAsync($"halaxy/{Practice}/{verb}", body);

    public async Task<string> IdAsync(string verb, JsonObject body) => (string)(await DoAsync(verb, body))!["id"]!;

    /// <summary>Books the patient for 50 minutes, a number of days after a moment; with Maya, where nobody else's role is said.</summary>
    public Task<string> BookAsync(Instant now, int days = 2, string? role = null) => IdAsync("book", new()
    {
        ["roles"] = role ?? MayasRole,
        ["patients"] = Patient,
        ["service"] = Service,
        ["start"] = InstantPattern.General.Format(Instant.FromUnixTimeSeconds(now.ToUnixTimeSeconds() / 3600 * 3600) + Duration.FromDays(days)),
        ["minutes"] = 50.ToString(CultureInfo.InvariantCulture),
    });

    /// <summary>What the practice's own pages show of an appointment.</summary>
    public async Task<JsonObject> ShowAsync(string id) =>
        JsonNode.Parse(await _http.GetStringAsync($"/user/halaxy/{Practice}/appointments"))!.AsArray().Select(one => one!.AsObject()).Single(one => (string?)one["id"] == id);

    public async Task<JsonNode?> UserAsync(string path, JsonObject body)
    {
        using var content = new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json");
        using var answer = await _http.PostAsync("/user/" + path, content);
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.IsSuccessStatusCode, text);
        return text.Length == 0 ? null : JsonNode.Parse(text);
    }

    public async Task ClearFaultsAsync()
    {
        using var answer = await _http.DeleteAsync(new Uri("/user/faults", UriKind.Relative));
        answer.EnsureSuccessStatusCode();
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _app.DisposeAsync();
    }
}
