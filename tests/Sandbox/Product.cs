using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Reflection;

namespace Sandbox;

/// <summary>The product beside the stand-ins: a process of its own, as it is built, with a fresh data folder and the addresses of the stand-ins as its settings.</summary>
public sealed class Product : IAsyncDisposable
{
    private const int MostTries = 5;
    private readonly Process _process;
    private readonly string _folder;
    private readonly List<string> _practitioners = [];

    private Product(Process process, string folder, string address) => (_process, _folder, Address) = (process, folder, address);

    /// <summary>Where its pages are.</summary>
    public string Address { get; }

    /// <summary>A practitioner who has bought calendar synchronisation.</summary>
    public string Login { get; private set; } = "";

    /// <summary>What that person signs in to the pages with.</summary>
    public string PagePassword { get; private set; } = "";

    /// <summary>The practitioners' names.</summary>
    public IReadOnlyList<string> Practitioners => _practitioners;

    /// <summary>An administrator of the practice.</summary>
    public string AdministratorLogin { get; private set; } = "";

    /// <summary>What the administrator signs in to the pages with.</summary>
    public string AdministratorPassword { get; private set; } = "";

    /// <summary>When it has ended by itself.</summary>
    public Task Ended => _process.WaitForExitAsync();

    /// <summary>Starts it; what it prints is printed.</summary>
    /// <param name="sandbox">Where the stand-ins are.</param>
    /// <param name="options">How the sandbox is started.</param>
    /// <param name="output">Where it prints.</param>
    public static async Task<Product> StartAsync(string sandbox, SandboxOptions options, TextWriter output)
    {
        // a port that is free may be taken before the product has it
        for (var tries = options.ProductPort == 0 ? MostTries : 1; tries > 0; tries--)
        {
            if (await TryAsync(sandbox, options, output) is { } product) return product;
        }

        throw new InvalidOperationException("The product has not started: what it printed says why.");
    }

    private static async Task<Product?> TryAsync(string sandbox, SandboxOptions options, TextWriter output)
    {
        var port = options.ProductPort == 0 ? FreePort() : options.ProductPort;
        var (folder, address) = (Directory.CreateTempSubdirectory("calendarsync-demo-").FullName, $"http://127.0.0.1:{port}");
        var start = new ProcessStartInfo("dotnet", [Path(), "--data", folder, "--urls", address]) { RedirectStandardOutput = true };
        foreach (var (name, value) in Settings(sandbox, address, options)) start.Environment["CALENDARSYNC_" + name] = value;
        var product = new Product(Process.Start(start)!, folder, address);
        var served = new TaskCompletionSource();
        _ = Task.Run(() => product.ReadAsync(output, served));
        if (await Task.WhenAny(served.Task, product.Ended, Task.Delay(TimeSpan.FromMinutes(2))) == served.Task) return product;
        await product.DisposeAsync();
        return null;
    }

    public async ValueTask DisposeAsync()
    {
        // asked first, so that it finishes what it has begun
        if (!_process.HasExited && !OperatingSystem.IsWindows()) using (var ask = Process.Start("kill", [$"{_process.Id}"])) await ask.WaitForExitAsync();
        await Task.WhenAny(Ended, Task.Delay(TimeSpan.FromSeconds(15)));
        if (!_process.HasExited) _process.Kill();
        await Ended;
        _process.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private static IEnumerable<(string Name, string Value)> Settings(string sandbox, string address, SandboxOptions options) =>
    [
        ("PUBLICADDRESS", address),
        ("GOOGLECLIENTID", options.ClientId),
        ("GOOGLECLIENTSECRET", options.ClientSecret),
        ("GOOGLEAUTHORIZEURL", sandbox + "/o/oauth2/v2/auth"),
        ("GOOGLETOKENURL", sandbox + "/token"),
        ("GOOGLEREVOKEURL", sandbox + "/revoke"),
        ("GOOGLEAPIURL", sandbox + "/calendar/v3/"),
        ("MICROSOFTCLIENTID", options.ClientId),
        ("MICROSOFTCLIENTSECRET", options.ClientSecret),
        ("MICROSOFTAUTHORIZEURL", sandbox + "/common/oauth2/v2.0/authorize"),
        ("MICROSOFTTOKENURL", sandbox + "/common/oauth2/v2.0/token"),
        ("MICROSOFTAPIURL", sandbox + "/v1.0"),
        ("HALAXYADDRESS", sandbox + "/main/"),
    ];

    /// <summary>Where the build has put it: beside the sandbox, which is built after it.</summary>
    private static string Path() => typeof(Product).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().First(one => one.Key == "Product").Value!;

    private async Task ReadAsync(TextWriter output, TaskCompletionSource served)
    {
        var (isPractitioner, isAdministrator) = (false, false);
        while (await _process.StandardOutput.ReadLineAsync() is { } line)
        {
            await output.WriteLineAsync(line);
            if (line.EndsWith(')') && !line.StartsWith(' ')) (isPractitioner, isAdministrator) = (line.EndsWith("(practitioner)", StringComparison.Ordinal), line.EndsWith("(administrator)", StringComparison.Ordinal));
            if (isPractitioner && line.EndsWith("(practitioner)", StringComparison.Ordinal)) _practitioners.Add(line[..line.LastIndexOf('(')].Trim());
            var words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            // the first one has bought it
            if (isPractitioner && words is ["login", var login] && Login.Length == 0) Login = login;
            if (isPractitioner && words is ["page", "password", var password] && PagePassword.Length == 0) PagePassword = password;
            if (isAdministrator && words is ["login", var administrator] && AdministratorLogin.Length == 0) AdministratorLogin = administrator;
            if (isAdministrator && words is ["page", "password", var secret] && AdministratorPassword.Length == 0) AdministratorPassword = secret;
            if (line.StartsWith("CalendarSync serves ", StringComparison.Ordinal)) served.TrySetResult();
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
