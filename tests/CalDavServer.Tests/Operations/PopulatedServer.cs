using System.Net.Http.Headers;
using System.Text;
using CalDavServer.Tests.Hosting;
using Xunit;

namespace CalDavServer.Tests.Operations;

/// <summary>The server program with two people, and somebody who goes on writing while commands are given.</summary>
internal sealed class PopulatedServer : IAsyncDisposable
{
    public const string Marker = "zzmarkerzz";
    public const string Login = Marker + "@example.org";
    private const string Password = "a-long-password-1234";

    private readonly CancellationTokenSource _stop = new();
    private Task<int> _traffic = Task.FromResult(0);

    private PopulatedServer(RunningServer running) => Running = running;

    public static string Calendar(string id) => $"/dav/calendars/{id}/calendar/";

    public RunningServer Running { get; }

    public static async Task<PopulatedServer> StartAsync(ServerProgram program)
    {
        program.Write("people.csv", $"login,name,email,role,app_password,id\n{Login},{Marker} Name,{Marker}@mail.example,user,{Password},{Marker}-id\nbob@example.org,Bob,,user,{Password},bob\n");
        Assert.Equal(0, (await program.RunAsync("import-users", "people.csv")).Code);
        var server = new PopulatedServer(await program.ServeAsync(null, "--urls", "http://127.0.0.1:0", "--no-demo"));
        for (var number = 0; number < 60; number++)
        {
            await server.PutAsync(Login, Marker + "-id", $"{Marker}-{number}", $"{Marker} first {number}");
            await server.PutAsync(Login, Marker + "-id", $"{Marker}-{number}", $"{Marker} second {number}");
        }

        await server.PutAsync("bob@example.org", "bob", "kept", "Kept by Bob");
        return server;
    }

    /// <summary>Bob writes one object after the other from now on.</summary>
    public void BeginTraffic() => _traffic = WriteAsync();

    /// <summary>Ends the traffic; the number of objects that were acknowledged.</summary>
    public async Task<int> EndTrafficAsync()
    {
        await _stop.CancelAsync();
        return await _traffic;
    }

    public async Task<(int Status, string Text)> GetAsync(string login, string path)
    {
        using var http = Client(login);
        using var response = await http.GetAsync(path, TestContext.Current.CancellationToken);
        return ((int)response.StatusCode, await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    /// <summary>Sends XML to a server of the same data, with depth 0.</summary>
    public async Task<(int Status, string Text)> SendAsync(Uri url, string login, string method, string path, string xml)
    {
        using var http = Client(login);
        using var request = new HttpRequestMessage(new HttpMethod(method), new Uri(url, path)) { Content = new StringContent(xml, Encoding.UTF8, "application/xml") };
        request.Headers.Add("Depth", "0");
        using var response = await http.SendAsync(request, TestContext.Current.CancellationToken);
        return ((int)response.StatusCode, await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    public async Task PutAsync(string login, string id, string name, string summary)
    {
        using var http = Client(login);
        using var content = new StringContent(Events.Event(name, summary, "DESCRIPTION:" + new string('d', 3000)), Encoding.UTF8, "text/calendar");
        using var response = await http.PutAsync($"{Calendar(id)}{name}.ics", content, TestContext.Current.CancellationToken);
        Assert.True(response.IsSuccessStatusCode, response.StatusCode.ToString());
    }

    public async ValueTask DisposeAsync()
    {
        await EndTrafficAsync();
        _stop.Dispose();
    }

    private async Task<int> WriteAsync()
    {
        var number = 0;
        while (!_stop.IsCancellationRequested) await PutAsync("bob@example.org", "bob", $"traffic-{number}", $"Traffic {number++}");
        return number;
    }

    private HttpClient Client(string login) => new()
    {
        BaseAddress = Running.Url,
        DefaultRequestHeaders = { Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{login}:{Password}"))) },
    };
}
