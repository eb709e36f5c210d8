using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Reflection;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Builder;
using ProviderBridge.Google;
using Sandbox;

namespace Benchmarks.Links;

/// <summary>The stand-in for Google in a process of its own, so that its work is not counted as the server's.</summary>
internal sealed partial class StandIn : IDisposable
{
    private const string Redirect = "http://127.0.0.1:1/back";
    private const string Scopes = "openid email https://www.googleapis.com/auth/calendar.app.created";
    private readonly Process _process;
    private readonly HttpClient _http;

    private StandIn(Process process, string address)
    {
        _process = process;
        _http = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false }) { BaseAddress = new Uri(address) };
    }

    /// <summary>The server as it is registered there.</summary>
    public GoogleApp App => new("sandbox-client", "sandbox-secret")
    {
        // what is measured is the engine, and not how long it waits for its turn
        RequestsOfUser = 10_000_000,
        RequestsOfProject = 10_000_000,
        Authorize = new Uri(_http.BaseAddress!, "/o/oauth2/v2/auth"),
        Token = new Uri(_http.BaseAddress!, "/token"),
        Revoke = new Uri(_http.BaseAddress!, "/revoke"),
        Api = new Uri(_http.BaseAddress!, "/calendar/v3/"),
    };

    /// <summary>Serves until its input ends: what <see cref="StartAsync"/> starts.</summary>
    public static async Task<int> ServeAsync()
    {
        await using var app = SandboxHost.Build(new SandboxOptions { Port = 0, GoogleUserUnits = int.MaxValue, GoogleProjectUnits = int.MaxValue });
        await app.StartAsync();
        Console.WriteLine(SandboxHost.Address(app));
        await Console.In.ReadToEndAsync();
        await app.StopAsync();
        return 0;
    }

    public static async Task<StandIn> StartAsync()
    {
        var process = Process.Start(new ProcessStartInfo("dotnet", [Assembly.GetExecutingAssembly().Location, "stand-in"]) { RedirectStandardInput = true, RedirectStandardOutput = true })!;
        return new StandIn(process, await process.StandardOutput.ReadLineAsync() ?? throw new InvalidOperationException("The stand-in has not started."));
    }

    /// <summary>Signs in as somebody, and allows everything.</summary>
    /// <returns>A refresh token, and an access token.</returns>
    public async Task<(string Refresh, string Access)> SignInAsync(string email)
    {
        var page = await _http.GetStringAsync($"/o/oauth2/v2/auth?client_id=sandbox-client&response_type=code&state=s&redirect_uri={Uri.EscapeDataString(Redirect)}&scope={Uri.EscapeDataString(Scopes)}&access_type=offline&prompt=consent");
        var fields = HiddenField().Matches(page).Select(field => (Name: WebUtility.HtmlDecode(field.Groups[1].Value), Value: WebUtility.HtmlDecode(field.Groups[2].Value))).ToList();
        fields.AddRange([("sandbox_new", email), ("sandbox_zone", "Australia/Melbourne"), ("sandbox_choice", "allow"), ("sandbox_scope", Scopes.Split(' ')[^1])]);
        using var form = new FormUrlEncodedContent(fields.Select(field => KeyValuePair.Create(field.Name, field.Value)));
        using var allowed = await _http.PostAsync(WebUtility.HtmlDecode(Action().Match(page).Groups[1].Value), form);
        var code = Uri.UnescapeDataString(Code().Match(allowed.Headers.Location!.Query).Groups[1].Value);
        using var ask = new FormUrlEncodedContent(new Dictionary<string, string> { ["grant_type"] = "authorization_code", ["code"] = code, ["redirect_uri"] = Redirect, ["client_id"] = "sandbox-client", ["client_secret"] = "sandbox-secret" });
        using var answer = await _http.PostAsync("/token", ask);
        var tokens = await answer.EnsureSuccessStatusCode().Content.ReadFromJsonAsync<JsonObject>();
        return ((string)tokens!["refresh_token"]!, (string)tokens["access_token"]!);
    }

    /// <summary>Makes a calendar, and gives its id.</summary>
    public async Task<string> MakeCalendarAsync(string access)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/calendar/v3/calendars") { Content = JsonContent.Create(new { summary = "HX_Riverbend", timeZone = "Australia/Melbourne" }) };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", access);
        using var answer = await _http.SendAsync(request);
        return (string)(await answer.EnsureSuccessStatusCode().Content.ReadFromJsonAsync<JsonObject>())!["id"]!;
    }

    public void Dispose()
    {
        _http.Dispose();
        _process.StandardInput.Close();
        if (!_process.WaitForExit(TimeSpan.FromSeconds(20))) _process.Kill();
        _process.Dispose();
    }

    [GeneratedRegex("<input type=\"hidden\" name=\"([^\"]*)\" value=\"([^\"]*)\">")]
    private static partial Regex HiddenField();

    [GeneratedRegex("action=\"([^\"]*)\"")]
    private static partial Regex Action();

    [GeneratedRegex("code=([^&]+)")]
    private static partial Regex Code();
}
