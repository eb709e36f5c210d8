using System.Net;
using System.Net.Sockets;
using CalDavServer.Mail;
using CalDavServer.Options;

namespace CalDavServer.Tests.Mail;

/// <summary>A mail server with a fault that no well-behaved one has: each line it is told is answered as a test says, and it may break the connection.</summary>
internal sealed class BrokenMailServer : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _loop;
    private int _emails;

    /// <summary>Starts it.</summary>
    /// <param name="greeting">What it says first.</param>
    /// <param name="answer">The answer to a command, when it is not that of a server that takes everything.</param>
    public BrokenMailServer(string greeting = "220 here", Func<string, string?>? answer = null)
    {
        _listener.Start();
        _loop = ServeAsync(greeting, answer ?? (_ => null));
    }

    public MailSettings Settings => new("127.0.0.1", ((IPEndPoint)_listener.LocalEndpoint).Port, "calendar@riverbend.example") { Encryption = MailEncryption.None, Pauses = [] };

    /// <summary>How many e-mails it took. After each it breaks the connection.</summary>
    public int Emails => _emails;

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _loop;
        _listener.Dispose();
        _stop.Dispose();
    }

    private async Task ServeAsync(string greeting, Func<string, string?> answer)
    {
        try
        {
            while (true)
            {
                using var client = await _listener.AcceptTcpClientAsync(_stop.Token);
                await TalkAsync(client, greeting, answer);
            }
        }
        catch (OperationCanceledException)
        {
            // the test is over
        }
    }

    private async Task TalkAsync(TcpClient client, string greeting, Func<string, string?> answer)
    {
        try
        {
            using var reader = new StreamReader(client.GetStream());
            await using var writer = new StreamWriter(client.GetStream()) { AutoFlush = true, NewLine = "\r\n" };
            await writer.WriteLineAsync(greeting);
            var inEmail = false;
            while (await reader.ReadLineAsync(_stop.Token) is { } line)
            {
                if (inEmail && line != ".") continue;
                if (inEmail) Interlocked.Increment(ref _emails);
                await writer.WriteLineAsync(answer(line) ?? (line == "DATA" ? "354 go on" : "250 yes"));
                if (inEmail)
                {
                    client.Client.Close(0);
                    return;
                }

                inEmail = line == "DATA";
            }
        }
        catch (Exception gone) when (gone is IOException or ObjectDisposedException or SocketException)
        {
            // the client has gone
        }
    }
}
