using System.Diagnostics;
using System.Text.Json;
using Xunit;

namespace Oracles;

/// <summary>What an oracle says of a series.</summary>
/// <param name="Times">Seconds since 1970, or null when it does not say.</param>
/// <param name="Error">Why not; null when it took too long.</param>
internal sealed record Answer(IReadOnlyList<long>? Times, string? Error);

/// <summary>An implementation of recurrence that is not ours, run as a program that answers lines.</summary>
internal sealed class Oracle
{
    private static readonly string Folder = PathOf("tests", "Oracles");
    private static readonly Lock Install = new();
    private static bool _installed;

    private readonly string _program;
    private readonly string[] _arguments;

    private Oracle(string name, bool local, string program, params string[] arguments)
    {
        Name = name;
        Local = local;
        _program = program;
        _arguments = arguments;
    }

    /// <summary>ical.js, of Thunderbird and many web calendars: reads the object with its VTIMEZONE.</summary>
    public static Oracle IcalJs { get; } = new("ical.js", false, "node", "oracle.mjs", "ical.js");

    /// <summary>rrule for JavaScript: rules on a clock without a zone.</summary>
    public static Oracle RRule { get; } = new("rrule", true, "node", "oracle.mjs", "rrule");

    /// <summary>python-dateutil, with the zones of the system.</summary>
    public static Oracle Dateutil { get; } = new("dateutil", false, "python3", "oracle.py");

    public static IReadOnlyList<Oracle> All { get; } = [IcalJs, RRule, Dateutil];

    /// <summary>Its name in docs/recurrence-differences.md.</summary>
    public string Name { get; }

    /// <summary>Whether it answers by the clock of DTSTART and not by the time line.</summary>
    public bool Local { get; }

    /// <summary>Asks about many series at once.</summary>
    public async Task<IReadOnlyList<Answer>> AskAsync(IReadOnlyList<Series> series)
    {
        Require();
        var start = new ProcessStartInfo(_program, _arguments) { WorkingDirectory = Folder, RedirectStandardInput = true, RedirectStandardOutput = true };
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
        Assert.True(Runs(_program, "--version"), $"{_program} is not installed: the comparison with {Name} needs the Debian packages nodejs, npm and python3-dateutil.");
        if (_program == "python3") Assert.True(Runs("python3", "-c", "import dateutil"), "python-dateutil is not installed: its Debian package is python3-dateutil.");
        if (_program != "node") return;
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

    /// <summary>A path in this repository.</summary>
    public static string PathOf(params string[] parts)
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "CalendarSync.sln"))) return Path.Combine([folder.FullName, .. parts]);
        }

        throw new InvalidOperationException("The tests do not run inside the repository.");
    }
}
