using System.Diagnostics;
using System.Text;
using Xunit;

namespace EndToEnd;

/// <summary>What a program said and how it ended.</summary>
internal sealed record ToolResult(int ExitCode, string Output)
{
    /// <summary>The last line that is not empty.</summary>
    public string LastLine => Output.TrimEnd().Split('\n')[^1];

    /// <summary>Fails the test with everything the program said unless it ended well.</summary>
    public ToolResult Succeeded()
    {
        Assert.True(ExitCode == 0, $"exit code {ExitCode}\n{Output}");
        return this;
    }
}

/// <summary>Runs a program to its end, bounded in time.</summary>
internal static class Tool
{
    /// <summary>Skips the test when a client is not installed. <c>.ci/run</c> installs all of them and counts a skip as a failure.</summary>
    public static void Require(params string[] programs)
    {
        foreach (var program in programs) Assert.SkipUnless(IsInstalled(program), $"{program} is not installed");
    }

    public static async Task<ToolResult> RunAsync(
        string program,
        IEnumerable<string> arguments,
        TimeSpan limit,
        string? folder = null,
        IReadOnlyDictionary<string, string>? environment = null)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
            WorkingDirectory = folder ?? Path.GetTempPath(),
        };
        foreach (var (name, value) in environment ?? new Dictionary<string, string>()) start.Environment[name] = value;
        using var process = Process.Start(start) ?? throw new InvalidOperationException($"{program} did not start");
        process.StandardInput.Close();
        var output = new StringBuilder();
        void Keep(object sender, DataReceivedEventArgs e)
        {
            lock (output) output.Append(e.Data).Append(e.Data is null ? "" : "\n");
        }

        process.OutputDataReceived += Keep;
        process.ErrorDataReceived += Keep;
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        using var timer = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        timer.CancelAfter(limit);
        try
        {
            await process.WaitForExitAsync(timer.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            lock (output) throw new TimeoutException($"{program} did not end within {limit.TotalSeconds:0} s\n{output}");
        }

        lock (output) return new ToolResult(process.ExitCode, output.ToString());
    }

    private static bool IsInstalled(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Any(folder => File.Exists(Path.Combine(folder, program)));
}
