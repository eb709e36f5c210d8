using System.Text;
using CalDavServer.Tests.Hosting;
using Xunit;

namespace CalDavServer.Tests.BadInput;

/// <summary>
/// A server that many bad requests are sent to, each as the bytes it is. It holds one event, which none of them may touch: each request is followed by a look at it.
/// </summary>
public sealed class BadInputServer : IAsyncLifetime
{
    /// <summary>Each answer comes within this time.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private TestServer _server = null!;
    private Person _alice = null!;

    internal DavClient Client { get; private set; } = null!;

    internal Uri Address => _server.Address;

    internal string Home => Client.Home;

    /// <summary>The calendar that the requests are about.</summary>
    internal string Calendar => Client.Calendar("home");

    /// <summary>The event that stays.</summary>
    internal string Kept => Calendar + "kept.ics";

    /// <summary>Headers that every good request has.</summary>
    internal string Headers =>
        $"Host: {_server.Address.Authority}\r\nAuthorization: Basic {Convert.ToBase64String(Encoding.UTF8.GetBytes($"{_alice.Principal.Login}:{_alice.Secret}"))}\r\n";

    private static string KeptContent => Events.Event("kept", "This stays");

    public async ValueTask InitializeAsync()
    {
        _server = await TestServer.StartAsync();
        _alice = await _server.AddPersonAsync("alice@example.com");
        await _server.AddPersonAsync("bob@example.com");
        Client = _server.Client(_alice);
        Assert.Equal(201, (await Client.PutAsync(Kept, KeptContent)).Status);
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _server.DisposeAsync();
    }

    /// <summary>Sends a request on a connection of its own. Headers end with their line ends; a length is added when there is a body and they say none.</summary>
    internal Task<DavAnswer> SendAsync(string method, string target, string headers = "", byte[]? body = null) =>
        SendBytesAsync(RawConnection.Request(method, target, Headers + headers, body), method == "HEAD");

    internal Task<DavAnswer> SendAsync(string method, string target, string headers, string body) => SendAsync(method, target, headers, Encoding.UTF8.GetBytes(body));

    /// <summary>Sends bytes on a connection of their own, and sees that the server goes on serving what it holds.</summary>
    internal async Task<DavAnswer> SendBytesAsync(byte[] request, bool toHead = false)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(Patience);
        using var connection = await RawConnection.OpenAsync(Address, limit.Token);
        await connection.SendAsync(request, limit.Token);
        var answer = await connection.ReadAsync(toHead, limit.Token);
        Assert.True(answer is not null, "the connection was closed without an answer");
        Assert.True(answer.Status is < 500 or 501 or 502 or 505 or 507, $"{answer.Status} {answer.Text}");
        if (answer.Header("Content-Type")?.Contains("xml", StringComparison.Ordinal) is true) Assert.NotNull(answer.Root);
        await CheckKeptAsync();
        return answer;
    }

    /// <summary>The event is as it was.</summary>
    internal async Task CheckKeptAsync() => Assert.Equal(KeptContent, (await Client.GetAsync(Kept)).Text);
}
