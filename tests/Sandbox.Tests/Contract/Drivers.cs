using System.Diagnostics;
using System.Text.Json.Nodes;

namespace Sandbox.Tests.Contract;

/// <summary>The vendors' own SDKs for JavaScript, and their descriptions (drivers/package.json).</summary>
internal static class Drivers
{
    private static readonly Lock Install = new();

    public static string Folder { get; } = FindFolder();

    /// <summary>The file of a package, which is installed when it is not there.</summary>
    public static string File(string path)
    {
        var file = Path.Combine(Folder, "node_modules", path);
        lock (Install)
        {
            if (!System.IO.File.Exists(file)) Run("npm", "ci", "--no-audit", "--no-fund").GetAwaiter().GetResult();
        }
        return file;
    }

    public static async Task<JsonNode> RunAsync(string script, string package, params string[] arguments) => JsonNode.Parse(await SayAsync(script, package, arguments))!;

    /// <summary>What a script says.</summary>
    public static Task<string> SayAsync(string script, string package, params string[] arguments)
    {
        _ = File(package);
        return Run("node", [script, .. arguments]);
    }

    private static async Task<string> Run(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { WorkingDirectory = Folder, RedirectStandardOutput = true, RedirectStandardError = true };
        using var process = Process.Start(start)!;
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(3));
        await process.WaitForExitAsync(limit.Token);
        Assert.True(process.ExitCode == 0, await error + await output);
        return await output;
    }

    private static string FindFolder()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!System.IO.File.Exists(Path.Combine(folder.FullName, "drivers", "package.json"))) folder = folder.Parent!;
        return Path.Combine(folder.FullName, "drivers");
    }
}
