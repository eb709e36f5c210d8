using System.Collections.Concurrent;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.RegularExpressions;
using CalDavServer.Mail;
using Xunit;

namespace CalDavServer.Tests.Hosting;

/// <summary>A mail server on a free port of this machine that keeps the letters it is given, and what it was told.</summary>
internal sealed partial class MailStandIn : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentQueue<(string Step, int Code)> _refusals = new();
    private readonly ConcurrentQueue<string> _heard = new();
    private readonly SemaphoreSlim _arrived = new(0);
    private readonly ConcurrentQueue<ReceivedLetter> _letters = new();
    private readonly X509Certificate2 _certificate;
    private readonly Task _loop;
    private readonly bool _offersTls;

    public MailStandIn(bool offersTls = true, string certificateFor = "localhost")
    {
        _offersTls = offersTls;
        _certificate = Certificate(certificateFor);
        _listener.Start();
        _loop = ServeAsync();
    }

    /// <summary>Settings that lead here, without encryption and with hardly a pause between tries.</summary>
    public MailSettings Settings => new("localhost", ((IPEndPoint)_listener.LocalEndpoint).Port, "calendar@riverbend.example")
    {
        Encryption = MailEncryption.None,
        Pauses = [TimeSpan.FromMilliseconds(20), TimeSpan.FromMilliseconds(20)],
        Authority = _certificate,
    };

    /// <summary>Every line it was told, but for letters.</summary>
    public IReadOnlyCollection<string> Heard => _heard;

    public int Letters => _letters.Count;

    /// <summary>Whether it breaks the connection as soon as it has taken a letter.</summary>
    public bool HangsUp { get; init; }

    /// <summary>The next RCPT, AUTH or MAIL is answered with this code.</summary>
    public void Refuse(int code, string step = "RCPT") => _refusals.Enqueue((step, code));

    /// <summary>Waits for a letter that has not been taken from here before.</summary>
    public async Task<ReceivedLetter> NextAsync()
    {
        Assert.True(await _arrived.WaitAsync(TimeSpan.FromSeconds(15), TestContext.Current.CancellationToken), "no letter came");
        Assert.True(_letters.TryDequeue(out var letter));
        return letter;
    }

    public async ValueTask DisposeAsync()
    {
        // stopped only once nobody accepts any more: who would begin to, a moment after, is told that it never began
        await _stop.CancelAsync();
        await _loop;
        _listener.Stop();
        _certificate.Dispose();
        _stop.Dispose();
        _arrived.Dispose();
        _listener.Dispose();
    }

    private async Task ServeAsync()
    {
        try
        {
            while (true) _ = TalkAsync(await _listener.AcceptTcpClientAsync(_stop.Token));
        }
        catch (Exception failure) when (failure is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // the test is over
        }
    }

    private async Task TalkAsync(TcpClient client)
    {
        using var connection = client;
        try
        {
            await TalkAsync(client.GetStream());
        }
        catch (Exception failure) when (failure is IOException or OperationCanceledException or System.Security.Authentication.AuthenticationException)
        {
            // the client has gone, or does not trust us
        }
    }

    private async Task TalkAsync(Stream stream)
    {
        var (encrypted, from, to) = (false, "", "");
        await SayAsync(stream, "220 here");
        while (await ReadLineAsync(stream) is { } line)
        {
            _heard.Enqueue(line);
            switch (line.Split(' ', ':')[0].ToUpperInvariant())
            {
                case "EHLO":
                    await SayAsync(stream, "250-here\r\n250-AUTH PLAIN" + (_offersTls && !encrypted ? "\r\n250 STARTTLS" : "\r\n250 SIZE"));
                    break;
                case "STARTTLS":
                    await SayAsync(stream, "220 go on");
                    var secure = new SslStream(stream);
                    await secure.AuthenticateAsServerAsync(_certificate);
                    (stream, encrypted) = (secure, true);
                    break;
                case "AUTH":
                    await AnswerAsync(stream, "AUTH", "235 welcome");
                    break;
                case "RCPT":
                    to = line[(line.IndexOf('<', StringComparison.Ordinal) + 1)..^1];
                    await AnswerAsync(stream, "RCPT", "250 yes", $"<{to}> is refused");
                    break;
                case "MAIL":
                    from = line[(line.IndexOf('<', StringComparison.Ordinal) + 1)..^1];
                    await AnswerAsync(stream, "MAIL", "250 yes");
                    break;
                case "DATA":
                    await SayAsync(stream, "354 go on");
                    Keep(new ReceivedLetter(from, to, encrypted, await ReadMessageAsync(stream)));
                    await SayAsync(stream, "250 kept");
                    if (!HangsUp) break;
                    ((NetworkStream)stream).Socket.Close(0);
                    return;
                default:
                    await SayAsync(stream, "221 bye");
                    return;
            }
        }
    }

    private async Task AnswerAsync(Stream stream, string step, string yes, string no = "no")
    {
        var refused = _refusals.TryPeek(out var next) && next.Step == step && _refusals.TryDequeue(out _);
        await SayAsync(stream, refused ? $"{next.Code} {no}" : yes);
    }

    private void Keep(ReceivedLetter letter)
    {
        _letters.Enqueue(letter);
        _arrived.Release();
    }

    private async Task<string> ReadMessageAsync(Stream stream)
    {
        var message = new StringBuilder();
        while (await ReadLineAsync(stream) is { } line && line != ".") message.Append(line.StartsWith('.') ? line[1..] : line).Append('\n');
        return message.ToString();
    }

    private async Task<string?> ReadLineAsync(Stream stream)
    {
        var line = new List<byte>();
        var octet = new byte[1];
        while (await stream.ReadAsync(octet, _stop.Token) == 1)
        {
            if (octet[0] == '\n') return Encoding.UTF8.GetString([.. line]).TrimEnd('\r');
            line.Add(octet[0]);
        }

        return null;
    }

    private async Task SayAsync(Stream stream, string line) => await stream.WriteAsync(Encoding.ASCII.GetBytes(line + "\r\n"), _stop.Token);

    private static X509Certificate2 Certificate(string name)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(name);
        request.CertificateExtensions.Add(names.Build());
        using var own = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        return X509CertificateLoader.LoadPkcs12(own.Export(X509ContentType.Pfx), null);
    }

    [GeneratedRegex(@"https?://\S+")]
    internal static partial Regex LinkIn();
}

/// <summary>A letter as it came.</summary>
/// <param name="From">From whom, in the envelope.</param>
/// <param name="To">To whom, in the envelope.</param>
/// <param name="Encrypted">Whether the connection was encrypted.</param>
/// <param name="Message">Head and body, lines ended by LF.</param>
internal sealed record ReceivedLetter(string From, string To, bool Encrypted, string Message)
{
    /// <summary>The body, decoded.</summary>
    public string Text => Encoding.UTF8.GetString(Convert.FromBase64String(Message[(Message.IndexOf("\n\n", StringComparison.Ordinal) + 2)..]));

    public string Head => Message[..Message.IndexOf("\n\n", StringComparison.Ordinal)];

    /// <summary>The first link in the body.</summary>
    public Uri Link => new(MailStandIn.LinkIn().Match(Text).Value);
}
