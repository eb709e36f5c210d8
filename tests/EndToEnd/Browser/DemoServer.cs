using Xunit;

namespace EndToEnd.Browser;

/// <summary>One server with the demonstration practice for the tests of a class.</summary>
public sealed class DemoServer : IAsyncLifetime
{
    private ServerProcess? _process;

    /// <summary>The browsers' cookies of those who have signed in, by login, and when they did: who comes back long after that is asked who they are.</summary>
    internal Dictionary<string, (string State, long At)> Cookies { get; } = [];

    internal ServerProcess Process => _process ?? throw new InvalidOperationException("The server is not started.");

    internal Uri Url => Process.Url;

    internal DemoAccount Maya => DemoAccount.Practitioners(Process.Output)[0];

    internal DemoAccount Administrator => DemoAccount.Administrator(Process.Output);

    public async ValueTask InitializeAsync() => _process = await ServerProcess.StartDemoAsync();

    public async ValueTask DisposeAsync()
    {
        if (_process is not null) await _process.DisposeAsync();
    }
}
