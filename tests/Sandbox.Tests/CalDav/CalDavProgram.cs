using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Xunit;

namespace Sandbox.Tests.CalDav;

/// <summary>A CalDAV server that others wrote, in a process of its own, for all tests of a run. Radicale lets anybody in: each test has a login of its own; the others have one account.</summary>
internal static class CalDavProgram
{
    private static readonly Lazy<Task<Uri>> Radicale = new(() => StartAsync("radicale", (port, folder) =>
        ["radicale", "--server-hosts", $"127.0.0.1:{port}", "--server-max-connections", "64", "--auth-type", "none", "--storage-filesystem-folder", folder, "--logging-level", "error"]));

    private static readonly Lazy<Task<Uri>> Xandikos = new(() => StartAsync("xandikos", (port, folder) =>
        ["xandikos", "--listen-address", "127.0.0.1", "--port", $"{port}", "--directory", folder, "--current-user-principal", "/user", "--autocreate", "--defaults"]));

    private static readonly Lazy<Task<Uri>> Cyrus = new(StartCyrusAsync);

    /// <summary>The address of a server; starts it when it is the first to be asked for.</summary>
    public static async Task<Uri> FindAsync(string name)
    {
        Assert.SkipUnless(name == "cyrus" ? CyrusProgram.IsInstalled : IsOnPath(name), $"{name} is not installed");
        return await (name switch
        {
            "radicale" => Radicale,
            "xandikos" => Xandikos,
            _ => Cyrus,
        }).Value;
    }

    private static bool IsOnPath(string name) => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Any(folder => File.Exists(Path.Combine(folder, name)));

    private static async Task<Uri> StartCyrusAsync()
    {
        var imap = FreePort();
        var address = await StartAsync("cyrus", (port, folder) => CyrusProgram.Prepare(folder, port, imap));
        await CyrusProgram.MakeHomeAsync(imap);
        return address;
    }

    private static async Task<Uri> StartAsync(string program, Func<int, string, string[]> arguments)
    {
        var (port, folder) = (FreePort(), Directory.CreateTempSubdirectory($"{program}-"));
        var command = arguments(port, folder.FullName);
        var process = Process.Start(new ProcessStartInfo(command[0], command[1..]) { RedirectStandardError = true, RedirectStandardOutput = true }) ?? throw new InvalidOperationException($"{program} did not start.");
        process.ErrorDataReceived += static (_, _) => { };
        process.OutputDataReceived += static (_, _) => { };
        process.BeginErrorReadLine();
        process.BeginOutputReadLine();
        AppDomain.CurrentDomain.ProcessExit += (_, _) =>
        {
            process.Kill(entireProcessTree: true);
            folder.Delete(recursive: true);
        };
        var address = new Uri($"http://127.0.0.1:{port}/");
        using var http = new HttpClient();
        for (var tries = 0; ; tries++)
        {
            try
            {
                using var _ = await http.GetAsync(address);
                return address;
            }
            catch (HttpRequestException) when (tries < 300 && !process.HasExited)
            {
                await Task.Delay(100);
            }
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
