using ProviderBridge.Sync;

namespace ProviderBridge.CalDav;

/// <summary>The way into an account at a CalDAV server.</summary>
public sealed class CalDavAccess
{
    private readonly Func<CancellationToken, Task<CalDavClient>> _open;
    private readonly Func<CalDavException, Task<CalDavException>> _refused;
    private readonly Action _letIn;
    private CalDavClient? _client;

    /// <summary>How fast it is asked; null for as fast as one likes.</summary>
    internal RequestPace? Pace { get; init; }

    /// <summary>With what a person has just typed.</summary>
    /// <param name="connections">The connections.</param>
    /// <param name="server">The server that they named.</param>
    /// <param name="credentials">What it is opened with.</param>
    /// <param name="waits">Whether the password waits until the server asks for it.</param>
    public CalDavAccess(CalDavConnections connections, Uri server, CalDavCredentials credentials, bool waits = false)
        : this(_ => Task.FromResult(new CalDavClient(connections, server, credentials) { Waits = waits }), Task.FromResult, static () => { })
    {
    }

    /// <param name="open">Reads what the account is opened with.</param>
    /// <param name="refused">What it means that it was refused.</param>
    /// <param name="letIn">Told when it was not.</param>
    internal CalDavAccess(Func<CancellationToken, Task<CalDavClient>> open, Func<CalDavException, Task<CalDavException>> refused, Action letIn) => (_open, _refused, _letIn) = (open, refused, letIn);

    /// <summary>The server that the person named.</summary>
    internal async Task<Uri> FindServerAsync(CancellationToken cancelled) => (_client ??= await _open(cancelled)).Home;

    /// <summary>Sends a request.</summary>
    /// <exception cref="CalDavException">There is no answer that says something about what was asked for.</exception>
    internal async Task<DavAnswer> SendAsync(DavRequest request, CancellationToken cancelled)
    {
        _client ??= await _open(cancelled);
        if (Pace is { } pace) await pace.WaitAsync(cancelled);
        try
        {
            var answer = await _client.SendAsync(request, cancelled);
            _letIn();
            return answer;
        }
        catch (CalDavException failed) when (failed.Problem == CalDavProblem.Refused)
        {
            throw await _refused(failed);
        }
    }
}
