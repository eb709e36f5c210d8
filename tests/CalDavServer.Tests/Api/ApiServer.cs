using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using CalDavServer.Tests.Hosting;
using Calendaring.Store;
using Practice;
using Practice.Groups;
using Xunit;

namespace CalDavServer.Tests.Api;

/// <summary>A server with a practice group: Maya and Tom, and Ruth who runs it.</summary>
public abstract class ApiServer : IAsyncLifetime
{
    protected const string Booking =
        """{"patients":[{"reference":"PT-1","givenName":"Jane","familyName":"Brownlow","phone":"0400 555 777"}],"type":"Standard consultation","start":"2026-03-03T10:00:00+11:00","minutes":45,"comments":"Confidential"}""";

    private readonly List<HttpClient> _clients = [];

    private protected TestServer Server { get; private set; } = null!;

    private protected PracticeDirectory Directory { get; private set; } = null!;

    private protected PracticeGroup Group { get; private set; } = null!;

    private protected Principal Maya { get; private set; } = null!;

    protected HttpClient Client { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Server = await TestServer.StartAsync();
        Directory = new PracticeDirectory(Server.Store, Server.Clock);
        Group = await Directory.CreatePracticeAsync("Riverbend", "Australia/Melbourne");
        Maya = await AddAsync("maya", PrincipalRole.Practitioner);
        Client = await ClientAsync(Maya);
    }

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        foreach (var client in _clients) client.Dispose();
        await Server.DisposeAsync();
    }

    private protected Task<Principal> AddAsync(string login, PrincipalRole role, string? practice = null) =>
        Directory.CreatePersonAsync(login, login, null, role, practice ?? Group.Id, login);

    private protected async Task<HttpClient> ClientAsync(Principal principal, PrivacyLevel level = PrivacyLevel.FullName, bool readOnly = false)
    {
        var person = await Server.AddPasswordAsync(principal, readOnly, level);
        var client = new HttpClient { BaseAddress = Server.Address };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue(
            "Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{principal.Login}:{person.Secret}")));
        _clients.Add(client);
        return client;
    }

    /// <summary>Sends JSON and reads JSON; an empty body is null.</summary>
    protected static async Task<(int Status, JsonNode? Body, HttpResponseMessage Response)> SendAsync(
        HttpClient client, string method, string path, string? body = null, string? ifMatch = null)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        if (body is not null) request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        if (ifMatch is not null) request.Headers.TryAddWithoutValidation("If-Match", ifMatch);
        var response = await client.SendAsync(request, TestContext.Current.CancellationToken);
        var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        return ((int)response.StatusCode, text.Length == 0 ? null : JsonNode.Parse(text), response);
    }

    protected Task<(int Status, JsonNode? Body, HttpResponseMessage Response)> SendAsync(string method, string path, string? body = null, string? ifMatch = null) =>
        SendAsync(Client, method, path, body, ifMatch);

    protected async Task<string> BookAsync(string body = Booking)
    {
        var (status, appointment, _) = await SendAsync("POST", "/api/appointments", body);
        Assert.Equal(201, status);
        return (string)appointment!["id"]!;
    }

    protected static string Text(JsonNode? value) => Convert.ToString(value, CultureInfo.InvariantCulture) ?? "";
}
