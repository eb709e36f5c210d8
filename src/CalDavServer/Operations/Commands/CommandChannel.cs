using System.Net.Sockets;
using System.Text.Json;
using Calendaring.Store;

namespace CalDavServer.Operations.Commands;

/// <summary>
/// How commands reach a server that has their data folder open: over a socket in that folder, which only the server's own user can open.
/// One connection is one command:
/// a line of JSON each way.
/// </summary>
internal sealed class CommandChannel : IAsyncDisposable
{
    private const string FileName = "commands.sock";
    private readonly CancellationTokenSource _stop = new();
    private readonly ICalendarStore _store;
    private readonly Socket _listener;
    private readonly string _path;
    private readonly Task _loop;

    private CommandChannel(ICalendarStore store, Socket listener, string path)
    {
        _store = store;
        _listener = listener;
        _path = path;
        _loop = ServeAsync();
    }

    /// <summary>
    /// Opens the channel of a folder whose lock this process holds; null where the system has no such sockets or the folder's path is too
    /// long for one.
    /// </summary>
    public static CommandChannel? TryOpen(string folder, ICalendarStore store)
    {
        var path = Path.Combine(Path.GetFullPath(folder), FileName);
        var listener = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            File.Delete(path);
            listener.Bind(new UnixDomainSocketEndPoint(path));
            if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);

            // nobody can connect before this
            listener.Listen();
            return new CommandChannel(store, listener, path);
        }
        catch (Exception failure) when (failure is SocketException or IOException or UnauthorizedAccessException or ArgumentException)
        {
            listener.Dispose();
            return null;
        }
    }

    /// <summary>
    /// Has a command run by the server that serves a folder, and prints what it printed. Null when there is no such server; otherwise the
    /// exit code.
    /// </summary>
    public static async Task<int?> TryForwardAsync(string folder, string[] args, TextWriter output, TextWriter error)
    {
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(Path.Combine(Path.GetFullPath(folder), FileName)));
            await using var stream = new NetworkStream(socket);
            await WriteAsync(stream, new Order(Environment.CurrentDirectory, args));
            var result = await ReadAsync<Result>(stream, CancellationToken.None);
            if (result is null) return null;
            await output.WriteAsync(result.Output);
            await error.WriteAsync(result.Error);
            return result.Code;
        }
        catch (Exception failure) when (failure is SocketException or IOException or ArgumentException)
        {
            return null;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _loop;
        _listener.Dispose();
        _stop.Dispose();
        File.Delete(_path);
    }

    // one at a time: an operator has time
    private async Task ServeAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                using var connection = await _listener.AcceptAsync(_stop.Token);
                await using var stream = new NetworkStream(connection);
                using var limit = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token);
                limit.CancelAfter(TimeSpan.FromSeconds(10));
                if (await ReadAsync<Order>(stream, limit.Token) is not { } order) continue;
                using var output = new StringWriter();
                using var error = new StringWriter();
                var code = await CommandLine.RunInServerAsync(_store, order.Directory, order.Args, output, error);
                await WriteAsync(stream, new Result(code, output.ToString(), error.ToString()));
            }
            catch (Exception failure) when (failure is OperationCanceledException or SocketException or IOException or JsonException)
            {
                // the operator has gone, or the server stops
            }
        }
    }

    private static async Task WriteAsync<T>(Stream stream, T message)
    {
        await JsonSerializer.SerializeAsync(stream, message);
        await stream.WriteAsync("\n"u8.ToArray());
    }

    private static async Task<T?> ReadAsync<T>(Stream stream, CancellationToken cancelled)
    {
        using var reader = new StreamReader(stream, leaveOpen: true);
        return await reader.ReadLineAsync(cancelled) is { } line ? JsonSerializer.Deserialize<T>(line) : default;
    }

    private sealed record Order(string Directory, string[] Args);

    private sealed record Result(int Code, string Output, string Error);
}
