using System.Net.Sockets;
using System.Text.Json;
using System.Threading.Channels;
using CalDavServer.Storage;

namespace CalDavServer.Commands;

/// <summary>
/// How commands reach a server that has their data folder open: over a socket in that folder, which only the server's own user can open. One connection is one command; it is given up when the
/// operator goes.
/// </summary>
internal sealed class CommandChannel : IAsyncDisposable
{
    private const string FileName = "commands.sock";
    private readonly CancellationTokenSource _stop = new();
    private readonly List<Task> _running = [];
    private readonly ServedFolder _served;
    private readonly Socket _listener;
    private readonly string _path;
    private readonly Task _loop;

    private CommandChannel(ServedFolder served, Socket listener, string path)
    {
        _served = served;
        _listener = listener;
        _path = path;
        _loop = ServeAsync();
    }

    /// <summary>
    /// Opens the channel of a folder whose lock this process holds; null where the system has no such sockets or the folder's path is too
    /// long for one.
    /// </summary>
    public static CommandChannel? TryOpen(ServedFolder served)
    {
        var path = Path.Combine(served.Folder, FileName);
        var listener = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            File.Delete(path);
            listener.Bind(new UnixDomainSocketEndPoint(path));
            if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);

            // nobody can connect before this
            listener.Listen();
            return new CommandChannel(served, listener, path);
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
    public static async Task<int?> TryForwardAsync(
        string folder, string[] args, Operator person, TextWriter output, TextWriter error, CancellationToken cancelled)
    {
        try
        {
            var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            using var closing = cancelled.Register(socket.Dispose);
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(Path.Combine(Path.GetFullPath(folder), FileName)), cancelled);
            using var link = new CommandLink(socket);
            link.Send(new CommandMessage { Directory = Environment.CurrentDirectory, Args = args });
            while (await link.ReceiveAsync(cancelled) is { } message)
            {
                if (message.Work is { } work) person.Tell(work, message.Done);
                if (message.Question is { } question) link.Send(new CommandMessage { Answer = await person.AskAsync(question) });
                if (message.Code is not { } code) continue;
                await output.WriteAsync(message.Output);
                await error.WriteAsync(message.Error);
                return code;
            }

            return null;
        }
        catch (Exception failure) when (failure is SocketException or IOException or ArgumentException or ObjectDisposedException)
        {
            cancelled.ThrowIfCancellationRequested();
            return null;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _loop;
        await Task.WhenAll(_running);
        _listener.Dispose();
        _stop.Dispose();
        File.Delete(_path);
    }

    private async Task ServeAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                var connection = await _listener.AcceptAsync(_stop.Token);
                _running.RemoveAll(task => task.IsCompleted);
                _running.Add(ServeAsync(connection));
            }
            catch (Exception failure) when (failure is OperationCanceledException or SocketException)
            {
                // the server stops, or the operator has gone
            }
        }
    }

    private async Task ServeAsync(Socket connection)
    {
        using var link = new CommandLink(connection);
        using var gone = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token);
        var answers = Channel.CreateUnbounded<bool>();
        try
        {
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token);
            limit.CancelAfter(TimeSpan.FromSeconds(10));
            if (await link.ReceiveAsync(limit.Token) is not { Args: { } args, Directory: { } directory }) return;
            var listening = ListenAsync(link, answers.Writer, gone);
            using var output = new StringWriter();
            using var error = new StringWriter();
            var code = await CommandLine.RunInServerAsync(_served, directory, args, new RemoteOperator(link, answers.Reader), output, error, gone.Token);
            link.Send(new CommandMessage { Code = code, Output = output.ToString(), Error = error.ToString() });
            await gone.CancelAsync();
            await listening;
        }
        catch (Exception failure) when (failure is OperationCanceledException or SocketException or IOException or JsonException)
        {
            // the operator has gone, or the server stops
        }
    }

    // the operator's end of the connection closes when the command is stopped
    private static async Task ListenAsync(CommandLink link, ChannelWriter<bool> answers, CancellationTokenSource gone)
    {
        try
        {
            while (await link.ReceiveAsync(gone.Token) is { } message) answers.TryWrite(message.Answer == true);
        }
        catch (Exception failure) when (failure is OperationCanceledException or SocketException or IOException or JsonException)
        {
            // as said
        }

        answers.TryComplete();
        await gone.CancelAsync();
    }

    /// <summary>The person at the other end.</summary>
    private sealed class RemoteOperator(CommandLink link, ChannelReader<bool> answers) : Operator
    {
        private readonly Lock _gate = new();
        private (string Work, int Percent) _told;

        public override void Tell(string work, double done)
        {
            lock (_gate)
            {
                var told = (work, (int)(done * 100));
                if (told == _told) return;
                _told = told;
            }

            try
            {
                link.Send(new CommandMessage { Work = work, Done = done });
            }
            catch (IOException)
            {
                // the operator has gone: the command is being stopped
            }
        }

        public override async Task<bool> AskAsync(string question)
        {
            link.Send(new CommandMessage { Question = question });
            return await answers.WaitToReadAsync() && await answers.ReadAsync();
        }
    }
}
