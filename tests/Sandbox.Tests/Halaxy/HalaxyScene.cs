using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using NodaTime;
using ProviderBridge.Halaxy;
using Sandbox;

namespace Sandbox.Tests.Halaxy;

/// <summary>A practice at the stand-in with one practitioner at one clinic, a patient, an appointment type and a key for everything.</summary>
internal sealed class HalaxyScene : IAsyncDisposable
{
    private readonly Scene _scene;
    private readonly HttpClient _http = new(new SocketsHttpHandler { AllowAutoRedirect = false });
    private readonly HalaxyRateLimit _rate = new(SystemClock.Instance);

    private HalaxyScene(Scene scene) => _scene = scene;

    public Scene Scene => _scene;

    public string Practice { get; private set; } = "";

    public string Practitioner { get; private set; } = "";

    public string Clinic { get; private set; } = "";

    public string Role { get; private set; } = "";

    public string Patient { get; private set; } = "";

    public string Service { get; private set; } = "";

    public string Client { get; private set; } = "";

    public string Secret { get; private set; } = "";

    public static async Task<HalaxyScene> StartAsync(string? scopes = null, Func<SandboxOptions, SandboxOptions>? change = null, bool still = true)
    {
        var scene = new HalaxyScene(await Scene.StartAsync(change, still));
        scene.Practice = (string)(await scene._scene.UserAsync("halaxy", new JsonObject { ["name"] = "Riverside Health" }))!["practice"]!;
        scene.Clinic = await scene.IdAsync("clinic", new JsonObject { ["name"] = "Main Street" });
        scene.Practitioner = await scene.IdAsync("practitioner", new JsonObject { ["given"] = "Maya", ["family"] = "Reed" });
        scene.Role = await scene.IdAsync("role", new JsonObject { ["practitioner"] = scene.Practitioner, ["clinic"] = scene.Clinic });
        scene.Patient = await scene.IdAsync("patient", new JsonObject { ["given"] = "Zora", ["family"] = "Newman" });
        scene.Service = await scene.IdAsync("service", new JsonObject { ["name"] = "Initial consultation" });
        var key = (await scene.DoAsync("key", new JsonObject { ["scopes"] = scopes }))!;
        (scene.Client, scene.Secret) = ((string)key["clientId"]!, (string)key["clientSecret"]!);
        return scene;
    }

    /// <summary>Does something as a person in the practice's own pages.</summary>
    public Task<JsonNode?> DoAsync(string verb, JsonObject body) => _scene.UserAsync($"halaxy/{Practice}/{verb}", body);

    public async Task<string> IdAsync(string verb, JsonObject body) => (string)(await DoAsync(verb, body))!["id"]!;

    public Task<string> BookAsync(string start = "2026-01-12T09:00", string? comments = null) =>
        IdAsync("book", new JsonObject { ["roles"] = Role, ["patients"] = Patient, ["service"] = Service, ["start"] = start, ["minutes"] = "50", ["comments"] = comments });

    public Task<string> MeetAsync(string title, string start = "2026-01-12T12:00") => IdAsync("meet", new JsonObject { ["roles"] = Role, ["title"] = title, ["start"] = start, ["minutes"] = "30" });

    public HalaxyKey Key => new(new Uri(_scene.Address + "/main/"), Client, Secret);

    /// <summary>The product's client.</summary>
    public HalaxyClient Open(HalaxyKey? key = null, HttpClient? http = null) => new(http ?? _http, key ?? Key, _rate, SystemClock.Instance);

    /// <summary>What somebody else's client sends.</summary>
    public async Task<Answer> SendAsync(string method, string path, JsonObject? body = null, string type = "application/fhir+json", string? token = null, bool agent = true)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), _scene.Address + "/main/" + path);
        if (agent) request.Headers.UserAgent.ParseAdd("somebody/1.0");
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token ?? await TokenAsync());
        if (body is not null)
        {
            request.Content = new StringContent(body.ToJsonString(), Encoding.UTF8);
            request.Content.Headers.ContentType = new MediaTypeHeaderValue(type);
        }

        using var answer = await _http.SendAsync(request);
        return await Answer.ReadAsync(answer);
    }

    public async Task<string> TokenAsync()
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, _scene.Address + "/main/oauth/token");
        request.Headers.UserAgent.ParseAdd("somebody/1.0");
        request.Content = Scene.Json(new JsonObject { ["grant_type"] = "client_credentials", ["client_id"] = Client, ["client_secret"] = Secret });
        using var answer = await _http.SendAsync(request);
        return (string)(await Answer.ReadAsync(answer)).Json!["access_token"]!;
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        _rate.Dispose();
        await _scene.DisposeAsync();
    }
}
