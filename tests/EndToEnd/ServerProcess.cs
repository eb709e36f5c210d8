using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using System.Text.RegularExpressions;
using Xunit;

namespace EndToEnd;

/// <summary>The real server in a process of its own, with a data folder of its own, on a port of its own. Ends with the test.</summary>
internal sealed partial class ServerProcess : IAsyncDisposable
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(15);
    private readonly Process _process;
    private readonly DirectoryInfo _data;
    private readonly StringBuilder _output = new();

    private ServerProcess(DirectoryInfo data, bool demo)
    {
        _data = data;
        string[] options = demo ? [] : ["--no-demo"];
        var start = new ProcessStartInfo("dotnet", ["exec", Assembly, "serve", "--data", data.FullName, "--urls", "http://127.0.0.1:0", .. options])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = data.FullName,
        };
        _process = Process.Start(start) ?? throw new InvalidOperationException("The server did not start.");
        _process.OutputDataReceived += Keep;
        _process.ErrorDataReceived += Keep;
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    /// <summary>What a person types into a client.</summary>
    public Uri Url { get; private set; } = new("http://127.0.0.1/");

    /// <summary>Everything the server has printed so far.</summary>
    public string Output
    {
        get
        {
            lock (_output) return _output.ToString();
        }
    }

    private static string Assembly => Path.Combine(AppContext.BaseDirectory, "CalDavServer.dll");

    /// <summary>A server with the demonstration practice, as the first start makes it.</summary>
    public static Task<ServerProcess> StartDemoAsync() => StartAsync(Directory.CreateTempSubdirectory("calendarsync-"), demo: true);

    /// <summary>A server with one imported user who has ordinary calendars only.</summary>
    public static async Task<ServerProcess> StartWithUserAsync(string login, string password)
    {
        var data = Directory.CreateTempSubdirectory("calendarsync-");
        var users = Path.Combine(data.FullName, "users.csv");
        await File.WriteAllTextAsync(users, $"login,name,email,role,practice,app_password,id\n{login},A User,{login}@example.com,user,,{password},{login}\n");
        (await RunCommandAsync("import-users", users, "--data", data.FullName)).Succeeded();
        return await StartAsync(data, demo: false);
    }

    /// <summary>A server with a practice group of a single practitioner.</summary>
    public static async Task<ServerProcess> StartWithPracticeAsync(string practice, string login, string password)
    {
        var data = Directory.CreateTempSubdirectory("calendarsync-");
        (await RunCommandAsync("add-practice", practice, "--zone", "Australia/Perth", "--data", data.FullName)).Succeeded();
        var users = Path.Combine(data.FullName, "users.csv");
        await File.WriteAllTextAsync(users, $"login,name,email,role,practice,app_password,id\n{login},Sol Aranda,,practitioner,{practice},{password},\n");
        (await RunCommandAsync("import-users", users, "--data", data.FullName)).Succeeded();
        return await StartAsync(data, demo: false);
    }

    /// <summary>Runs another command of the server's executable.</summary>
    public static Task<ToolResult> RunCommandAsync(params string[] arguments) => Tool.RunAsync("dotnet", ["exec", Assembly, .. arguments], StartLimit);

    /// <summary>Makes an app password beside the running server.</summary>
    public async Task<string> NewAppPasswordAsync(string login, string level)
    {
        var made = (await RunCommandAsync("app-password", "new", login, "--level", level, "--data", _data.FullName)).Succeeded();
        return PasswordPrinted().Match(made.Output) is { Success: true } match ? match.Groups[1].Value : throw new InvalidOperationException("No password is printed.");
    }

    /// <summary>A client that signs in with each request.</summary>
    public HttpClient CreateClient(string login, string password)
    {
        var client = new HttpClient { BaseAddress = Url, Timeout = TimeSpan.FromSeconds(30) };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{login}:{password}")));
        return client;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            await Tool.RunAsync("bash", ["-c", $"kill -TERM {_process.Id}"], StopLimit);
            using var timer = new CancellationTokenSource(StopLimit);
            try
            {
                await _process.WaitForExitAsync(timer.Token);
            }
            catch (OperationCanceledException)
            {
                _process.Kill(entireProcessTree: true);
            }
        }

        _process.Dispose();
        _data.Delete(recursive: true);
    }

    /// <summary>A port that nothing listened on a moment ago.</summary>
    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static async Task<ServerProcess> StartAsync(DirectoryInfo data, bool demo)
    {
        var server = new ServerProcess(data, demo);
        try
        {
            await server.WaitUntilReadyAsync();
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    private async Task WaitUntilReadyAsync()
    {
        var clock = Stopwatch.StartNew();
        while (clock.Elapsed < StartLimit && !_process.HasExited)
        {
            if (Serving().Match(Output) is { Success: true } match)
            {
                Url = new Uri(match.Groups[1].Value);
                return;
            }

            await Task.Delay(50, TestContext.Current.CancellationToken);
        }

        throw new InvalidOperationException($"The server is not ready after {clock.Elapsed.TotalSeconds:0} s.\n{Output}");
    }

    // printed once the server listens and the demonstration practice, if any, is made
    [GeneratedRegex(@"CalendarSync serves (http://\S+)")]
    private static partial Regex Serving();

    [GeneratedRegex(@"password +(\S+)")]
    private static partial Regex PasswordPrinted();

    private void Keep(object sender, DataReceivedEventArgs e)
    {
        lock (_output) _output.Append(e.Data).Append('\n');
    }
}
