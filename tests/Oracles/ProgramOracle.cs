using System.Diagnostics;
using System.Text.Json;
using Xunit;

namespace Oracles;

/// <summary>An oracle that is a program which answers lines.</summary>
internal sealed class ProgramOracle(string name, bool local, string program, params string[] arguments) : Oracle(name, local)
{
    private static readonly string Folder = PathOf("tests", "Oracles");
    private static readonly Lock Install = new();
    private static bool _installed;

    /// <inheritdoc/>
    public override async Task<IReadOnlyList<Answer>> AskAsync(IReadOnlyList<Series> series)
    {
        Require();
        var start = new ProcessStartInfo(program, arguments) { WorkingDirectory = Folder, RedirectStandardInput = true, RedirectStandardOutput = true };
        using var process = Process.Start(start)!;
        var writing = Task.Run(async () =>
        {
            foreach (var one in series) await process.StandardInput.WriteLineAsync(one.ToLine());
            process.StandardInput.Close();
        });
        var answers = new List<Answer>(series.Count);
        while (await process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken) is { } line) answers.Add(Read(line));
        await writing;
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.True(answers.Count == series.Count, $"{Name} ended with {process.ExitCode} after {answers.Count} answers");
        return answers;
    }

    private static Answer Read(string line)
    {
        using var json = JsonDocument.Parse(line);
        if (json.RootElement.TryGetProperty("times", out var times)) return new([.. times.EnumerateArray().Select(time => time.GetInt64())], null);
        return new(null, json.RootElement.TryGetProperty("error", out var error) ? error.GetString() : null);
    }

    /// <summary>Installs what npm brings, once; says what is missing where the machine has to bring it.</summary>
    private void Require()
    {
        Assert.True(Runs(program, "--version"), $"{program} is not installed: the comparison with {Name} needs the Debian packages nodejs, npm and python3-dateutil.");
        if (program == "python3") Assert.True(Runs("python3", "-c", "import dateutil"), "python-dateutil is not installed: its Debian package is python3-dateutil.");
        if (program != "node") return;
        lock (Install)
        {
            if (_installed || (_installed = Directory.Exists(Path.Combine(Folder, "node_modules")))) return;
            Assert.True(Runs("npm", "ci", "--no-audit", "--no-fund"), $"\"npm ci\" failed in {Folder}: it needs npm (Debian package npm) and its registry.");
            _installed = true;
        }
    }

    private static bool Runs(string program, params string[] arguments)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(program, arguments) { WorkingDirectory = Folder, RedirectStandardOutput = true, RedirectStandardError = true })!;
            var reading = Task.WhenAll(process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
            process.WaitForExit();
            reading.Wait();
            return process.ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }
}
