using System.Diagnostics;
using System.Text;
using Xunit;

namespace EndToEnd.Browser;

/// <summary>The server as <c>dotnet run</c> starts it in a folder of sources. Ends with the test.</summary>
internal sealed class NewcomersServer : IDisposable
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromMinutes(2);
    private readonly Process _process;
    private readonly StringBuilder _output = new();
    private readonly TaskCompletionSource _served = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public NewcomersServer(string sources, string data, bool build)
    {
        var start = new ProcessStartInfo("dotnet", ["run", .. build ? Array.Empty<string>() : ["--no-build"], "--project", "src/CalDavServer"]) { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = sources };
        start.Environment["CALENDARSYNC_URLS"] = "http://127.0.0.1:0";
        start.Environment["CALENDARSYNC_DATA"] = data;
        _process = new Process { StartInfo = start, EnableRaisingEvents = true };
        _process.OutputDataReceived += Keep;
        _process.ErrorDataReceived += Keep;
        _process.Exited += (_, _) => _served.TrySetException(new InvalidOperationException($"The server ended:\n{Output}"));
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    private string Output
    {
        get
        {
            lock (_output) return _output.ToString();
        }
    }

    /// <summary>What it has printed once it serves.</summary>
    public async Task<string> StartedAsync()
    {
        await _served.Task.WaitAsync(StartLimit, TestContext.Current.CancellationToken);
        return Output;
    }

    public void Dispose()
    {
        if (!_process.HasExited) _process.Kill(entireProcessTree: true);
        _process.WaitForExit();
        _process.Dispose();
    }

    private void Keep(object sender, DataReceivedEventArgs e)
    {
        lock (_output) _output.Append(e.Data).Append('\n');
        if (e.Data?.StartsWith("CalendarSync serves ", StringComparison.Ordinal) == true) _served.TrySetResult();
    }
}
