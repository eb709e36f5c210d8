using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;

namespace Fuzzing;

/// <summary>The real server in a process of its own: two people of a practice, with a data folder of its own and a heap that cannot grow for ever.</summary>
internal sealed partial class FuzzServer : IAsyncDisposable
{
    public const string Login = "alice";
    public const string OtherLogin = "bob";
    public const string Password = "a-password-of-the-fuzzer";

    // a leak comes to an end of memory, which is a failure of its own
    private const string HeapLimit = "0x18000000";
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(90);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("fuzzing-");
    private readonly ConcurrentQueue<string> _log = new();
    private Process? _process;

    public Uri Address { get; private set; } = new("http://127.0.0.1/");

    /// <summary>What the server has logged: of a request that failed unexpectedly there is a line.</summary>
    public IReadOnlyCollection<string> Log => _log;

    public bool HasExited => _process is null or { HasExited: true };

    /// <summary>Bytes of memory that the process has made: its heap and the database's cache. The program's own files are mapped beside it, which is more with each library and nothing that a request brings.</summary>
    public long Memory
    {
        get
        {
            var line = File.ReadLines($"/proc/{_process!.Id}/status").First(line => line.StartsWith("RssAnon:", StringComparison.Ordinal));
            return 1024 * long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture);
        }
    }

    private string Data => Path.Combine(_folder.FullName, "data");

    public static async Task<FuzzServer> StartAsync()
    {
        var server = new FuzzServer();
        var users = Path.Combine(server._folder.FullName, "users.csv");
        await File.WriteAllLinesAsync(users,
        [
            "login,name,email,role,practice,app_password,id",
            $"{Login},Alice A,{Login}@example.com,practitioner,Fuzz Clinic,{Password},{Login}",
            $"{OtherLogin},Bob B,{OtherLogin}@example.com,practitioner,Fuzz Clinic,{Password},{OtherLogin}",
        ]);
        await server.CommandAsync("add-practice", "Fuzz Clinic", "--zone", "Europe/Berlin");
        await server.CommandAsync("import-users", users);
        await server.ServeAsync();
        return server;
    }

    /// <summary>Asks the server to stop, and checks what it has stored.</summary>
    /// <returns>What is wrong, or null.</returns>
    public async Task<string?> StopAndCheckAsync()
    {
        using (var kill = Process.Start("kill", ["-TERM", $"{_process!.Id}"])) await kill.WaitForExitAsync();
        await _process.WaitForExitAsync().WaitAsync(Limit);
        if (_process.ExitCode != 0) return $"the server ended with {_process.ExitCode}";
        var (code, output) = await RunAsync("check");
        return code == 0 ? null : $"check: {output}";
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is { HasExited: false })
        {
            _process.Kill();
            await _process.WaitForExitAsync();
        }

        _process?.Dispose();
        _folder.Delete(recursive: true);
    }

    private async Task ServeAsync()
    {
        _process = Start("serve", "--urls", "http://127.0.0.1:0", "--no-demo");
        _process.ErrorDataReceived += (_, line) =>
        {
            if (line.Data is { } text) _log.Enqueue(text);
        };
        _process.BeginErrorReadLine();
        while (await _process.StandardOutput.ReadLineAsync().WaitAsync(Limit) is { } line)
        {
            if (Serving().Match(line) is not { Success: true } match) continue;
            Address = new Uri(match.Groups[1].Value);
            return;
        }

        throw new InvalidOperationException($"The server did not start: {string.Join('\n', _log)}");
    }

    private async Task CommandAsync(params string[] arguments)
    {
        var (code, output) = await RunAsync(arguments);
        if (code != 0) throw new InvalidOperationException($"{arguments[0]}: {output}");
    }

    private async Task<(int Code, string Output)> RunAsync(params string[] arguments)
    {
        using var process = Start(arguments);
        var error = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync().WaitAsync(Limit);
        await process.WaitForExitAsync().WaitAsync(Limit);
        return (process.ExitCode, output + await error);
    }

    private Process Start(params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", ["exec", Path.Combine(AppContext.BaseDirectory, "CalDavServer.dll"), .. arguments, "--data", Data])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = _folder.FullName,
        };
        start.Environment["DOTNET_gcServer"] = "0";
        start.Environment["DOTNET_GCHeapHardLimit"] = HeapLimit;
        return Process.Start(start)!;
    }

    [GeneratedRegex(@"CalendarSync serves (http://[^/\s]+)")]
    private static partial Regex Serving();
}
