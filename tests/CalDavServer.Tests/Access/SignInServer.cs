using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using CalDavServer.Access;
using CalDavServer.Hosting;
using CalDavServer.Options;
using Calendaring.Store;
using Calendaring.Store.Sqlite;
using Microsoft.AspNetCore.Builder;
using NodaTime;
using Practice;
using Xunit;

namespace CalDavServer.Tests.Access;

/// <summary>A clock that goes on when it is told to.</summary>
internal sealed class ManualClock : IClock
{
    public Instant Now { get; set; } = Instant.FromUtc(2026, 3, 1, 9, 0);

    public Instant GetCurrentInstant() => Now;
}

/// <summary>The server on a free port over a store file of its own, with one person who has a chosen and a generated app password.</summary>
internal sealed class SignInServer : IAsyncDisposable
{
    public const string Login = "änne@example.org";
    public const string Chosen = "correct:horse:bättery";
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("access-");
    private WebApplication? _app;

    public ManualClock Clock { get; } = new();

    public SqliteStore Store { get; private set; } = null!;

    public string Generated { get; } = AppPassword.Generate();

    public Credential GeneratedCredential { get; private set; } = null!;

    public Credential ChosenCredential { get; private set; } = null!;

    public Uri Url { get; private set; } = null!;

    public static async Task<SignInServer> StartAsync(ServerOptions? options = null)
    {
        var server = new SignInServer();
        server.Store = await SqliteStore.OpenAsync(Path.Combine(server._folder.FullName, "calendar.db"), server.Clock);
        await server.AddPersonAsync();
        server._app = ServerHost.Build((options ?? new ServerOptions()) with { Urls = ["http://127.0.0.1:0"] }, server.Store, server.Clock);
        await server._app.StartAsync(TestContext.Current.CancellationToken);
        server.Url = new Uri(server._app.Urls.First());
        return server;
    }

    public async Task ApplyAsync(params StoreOperation[] operations) =>
        Assert.True((await Store.ApplyAsync(StoreBatch.Of(operations), TestContext.Current.CancellationToken)).Succeeded);

    /// <summary>One request with a login, from an address of this machine.</summary>
    public Task<HttpResponseMessage> AskAsync(string login, string password, string from = "127.0.0.1") =>
        SendAsync(new HttpRequestMessage(HttpMethod.Get, "/nothing-here") { Headers = { Authorization = Basic(Encoding.UTF8.GetBytes($"{login}:{password}")) } }, from);

    public async Task<HttpStatusCode> StatusAsync(string login, string password, string from = "127.0.0.1")
    {
        using var response = await AskAsync(login, password, from);
        return response.StatusCode;
    }

    public async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, string from = "127.0.0.1")
    {
        using var client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, ConnectCallback = (context, cancelled) => ConnectAsync(context, from, cancelled) });
        client.BaseAddress = Url;
        client.Timeout = TimeSpan.FromSeconds(30);
        return await client.SendAsync(request, TestContext.Current.CancellationToken);
    }

    public static AuthenticationHeaderValue Basic(byte[] credentials) => new("Basic", Convert.ToBase64String(credentials));

    public async ValueTask DisposeAsync()
    {
        if (_app is not null) await _app.DisposeAsync();
        await Store.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    private async Task AddPersonAsync()
    {
        var now = Clock.GetCurrentInstant();
        GeneratedCredential = AppPassword.ForGenerated(Generated, "p1", "Phone", readOnly: false, PrivacyLevel.Initials, now);
        ChosenCredential = AppPassword.ForChosen(Chosen, "p1", "Imported", readOnly: false, PrivacyLevel.Initials, now);
        await ApplyAsync(
            new CreatePrincipal(new Principal("p1", Login, "Änne", null, (int)PrincipalRole.User, null)),
            new PutCredential(GeneratedCredential),
            new PutCredential(ChosenCredential));
    }

    private static async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, string from, CancellationToken cancelled)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        socket.Bind(new IPEndPoint(IPAddress.Parse(from), 0));
        await socket.ConnectAsync(context.DnsEndPoint, cancelled);
        return new NetworkStream(socket, ownsSocket: true);
    }
}
