using System.Diagnostics;
using System.Text.RegularExpressions;
using Xunit;

namespace CalDavServer.Tests.Operations;

/// <summary>What a command came to.</summary>
internal sealed record CommandResult(int Code, string Output, string Error);

/// <summary>The built server program, run in processes of its own with a data folder of its own.</summary>
internal sealed partial class ServerProgram : IAsyncDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(90);
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("program-");
    private readonly List<Process> _servers = [];

    public string Folder => _folder.FullName;

    public string Data => Path.Combine(Folder, "data");

    /// <summary>Runs a command to its end.</summary>
    public Task<CommandResult> RunAsync(params string[] arguments) => RunWithAsync([], arguments);

    public async Task<CommandResult> RunWithAsync(Dictionary<string, string> environment, params string[] arguments)
    {
        using var process = Start(environment, arguments);
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        await EndAsync(process);
        return new CommandResult(process.ExitCode, await output, await error);
    }

    /// <summary>Starts a server and waits until it says that it serves.</summary>
    public async Task<RunningServer> ServeAsync(Dictionary<string, string>? environment = null, params string[] arguments)
    {
        var process = Start(environment ?? [], ["serve", .. arguments]);
        _servers.Add(process);
        var printed = new List<string>();
        while (await process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken).AsTask().WaitAsync(Limit) is { } line)
        {
            printed.Add(line);
            if (Serving().Match(line) is { Success: true } match) return new RunningServer(process, new Uri(match.Groups[1].Value), string.Join('\n', printed));
        }

        throw new InvalidOperationException($"The server did not start: {string.Join('\n', printed)} {await process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken)}");
    }

    /// <summary>Asks a server to stop as a supervisor does, and gives its exit code.</summary>
    public static async Task<int> StopAsync(RunningServer server)
    {
        using var kill = Process.Start("kill", ["-TERM", $"{server.Process.Id}"]);
        await EndAsync(server.Process);
        return server.Process.ExitCode;
    }

    public string Write(string name, string text)
    {
        var path = Path.Combine(Folder, name);
        File.WriteAllText(path, text);
        return path;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var server in _servers)
        {
            if (!server.HasExited) server.Kill();
            await EndAsync(server);
            server.Dispose();
        }

        _folder.Delete(recursive: true);
    }

    private Process Start(Dictionary<string, string> environment, string[] arguments)
    {
        var program = Path.Combine(AppContext.BaseDirectory, "CalDavServer.dll");
        // a write beyond the limit on file sizes, which a test may set, is an error and not the end of the program
        var start = new ProcessStartInfo("sh", ["-c", "trap '' XFSZ; ulimit -n ${OPEN_FILES:-$(ulimit -n)}; exec dotnet exec \"$@\"", "sh", program, .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = Folder,
        };
        foreach (var (name, value) in environment) start.Environment[name] = value;
        return Process.Start(start)!;
    }

    private static async Task EndAsync(Process process)
    {
        using var limit = new CancellationTokenSource(Limit);
        try
        {
            await process.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill();
            throw new TimeoutException("The program did not end.");
        }
    }

    [GeneratedRegex(@"^CalendarSync serves (\S+) ")]
    private static partial Regex Serving();
}

/// <summary>A server that serves.</summary>
internal sealed record RunningServer(Process Process, Uri Url, string Output);
