using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace CalDavServer.Mail;

/// <summary>The mail server did not take a letter. Its words are not kept: they may quote the address.</summary>
internal sealed class SmtpException(int code, string step) : Exception($"{step} was answered with {code}")
{
    /// <summary>The reply code; 0 when the answer was no reply.</summary>
    public int Code { get; } = code;

    /// <summary>Whether it is the letter or its reader that is refused, for good (RFC 5321 §4.2.1). Any other refusal is of us: settings can be mended.</summary>
    public bool IsFinal => Code >= 500 && step is (SmtpConversation.ReaderStep or SmtpConversation.LetterStep);
}

/// <summary>Hands one letter to a mail server (RFC 5321), with STARTTLS (RFC 3207) and AUTH PLAIN (RFC 4954) as settings say.</summary>
internal sealed class SmtpConversation : IDisposable
{
    /// <summary>The step that names the reader.</summary>
    public const string ReaderStep = "RCPT";

    /// <summary>The step that hands over the letter itself.</summary>
    public const string LetterStep = "the letter";

    private const int MaxLine = 4096;
    private const int MaxLines = 100;
    private readonly MailSettings _settings;
    private readonly TcpClient _connection = new();
    private readonly byte[] _buffer = new byte[MaxLine];
    private Stream _stream = Stream.Null;
    private int _start;
    private int _end;

    private SmtpConversation(MailSettings settings) => _settings = settings;

    /// <summary>Sends a composed letter.</summary>
    /// <exception cref="SmtpException">The server refused it.</exception>
    public static async Task SendAsync(MailSettings settings, string to, string message, CancellationToken cancelled)
    {
        using var conversation = new SmtpConversation(settings);
        await conversation.OpenAsync(cancelled);
        await conversation.AskAsync($"MAIL FROM:<{settings.From}>", "MAIL", 250, cancelled);
        await conversation.AskAsync($"RCPT TO:<{to}>", ReaderStep, 250, cancelled);
        await conversation.AskAsync("DATA", "DATA", 354, cancelled);
        await conversation.AskAsync(Stuffed(message) + ".", LetterStep, 250, cancelled);
        await conversation.QuitAsync(cancelled);
    }

    public void Dispose()
    {
        _stream.Dispose();
        _connection.Dispose();
    }

    private async Task OpenAsync(CancellationToken cancelled)
    {
        await _connection.ConnectAsync(_settings.Host, _settings.Port, cancelled);
        _stream = _connection.GetStream();
        if (_settings.Encryption == MailEncryption.Tls) await EncryptAsync(cancelled);
        await ReadAsync("the connection", 220, cancelled);
        var offers = await AskAsync("EHLO calendarsync", "EHLO", 250, cancelled);
        if (_settings.Encryption == MailEncryption.StartTls)
        {
            if (!offers.Contains("STARTTLS", StringComparer.OrdinalIgnoreCase)) throw new SmtpException(0, "STARTTLS");
            await AskAsync("STARTTLS", "STARTTLS", 220, cancelled);
            // what came before the encryption was anybody's (RFC 3207 §4.2)
            _start = _end = 0;
            await EncryptAsync(cancelled);
            await AskAsync("EHLO calendarsync", "EHLO", 250, cancelled);
        }

        if (_settings.User is not { } user) return;
        // a name may resolve to any address: what counts is where the connection goes
        if (_stream is not SslStream && !IPAddress.IsLoopback(((IPEndPoint)_connection.Client.RemoteEndPoint!).Address)) throw new SmtpException(0, "AUTH without encryption");
        var secret = Convert.ToBase64String(Encoding.UTF8.GetBytes($"\0{user}\0{_settings.Password}"));
        await AskAsync($"AUTH PLAIN {secret}", "AUTH", 235, cancelled);
    }

    // the letter has been taken: whatever comes now does not make it go again
    private async Task QuitAsync(CancellationToken cancelled)
    {
        try
        {
            await WriteAsync("QUIT", cancelled);
        }
        catch (Exception gone) when (gone is IOException or OperationCanceledException)
        {
            // the mail server did not wait for it
        }
    }

    private async Task EncryptAsync(CancellationToken cancelled)
    {
        var encrypted = new SslStream(_stream);
        _stream = encrypted;
        var options = new SslClientAuthenticationOptions { TargetHost = _settings.Host };
        if (_settings.Authority is { } authority)
        {
            options.CertificateChainPolicy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
            options.CertificateChainPolicy.CustomTrustStore.Add(authority);
        }

        await encrypted.AuthenticateAsClientAsync(options, cancelled);
    }

    private async Task<IReadOnlyList<string>> AskAsync(string line, string step, int expected, CancellationToken cancelled)
    {
        await WriteAsync(line, cancelled);
        return await ReadAsync(step, expected, cancelled);
    }

    private async Task WriteAsync(string line, CancellationToken cancelled)
    {
        await _stream.WriteAsync(Encoding.UTF8.GetBytes(line + "\r\n"), cancelled);
        await _stream.FlushAsync(cancelled);
    }

    // the lines of a reply without their codes
    private async Task<IReadOnlyList<string>> ReadAsync(string step, int expected, CancellationToken cancelled)
    {
        var lines = new List<string>();
        while (lines.Count < MaxLines)
        {
            var line = await ReadLineAsync(step, cancelled);
            if (line.Length < 3 || !int.TryParse(line.AsSpan(0, 3), out var code)) throw new SmtpException(0, step);
            lines.Add(line.Length > 4 ? line[4..] : "");
            if (line.Length > 3 && line[3] == '-') continue;
            return code == expected ? lines : throw new SmtpException(code, step);
        }

        throw new SmtpException(0, step);
    }

    private async Task<string> ReadLineAsync(string step, CancellationToken cancelled)
    {
        while (true)
        {
            if (_buffer.AsSpan(_start, _end - _start).IndexOf((byte)'\n') is var length and >= 0)
            {
                var line = Encoding.UTF8.GetString(_buffer, _start, length).TrimEnd('\r');
                _start += length + 1;
                return line;
            }

            _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
            (_start, _end) = (0, _end - _start);
            if (_end == _buffer.Length) throw new SmtpException(0, step);
            var read = await _stream.ReadAsync(_buffer.AsMemory(_end), cancelled);
            if (read == 0) throw new IOException("The mail server hung up.");
            _end += read;
        }
    }

    // a line that begins with a dot gets another one (RFC 5321 §4.5.2)
    private static string Stuffed(string message)
    {
        var stuffed = message.Replace("\r\n.", "\r\n..", StringComparison.Ordinal);
        return stuffed.StartsWith('.') ? "." + stuffed : stuffed;
    }
}
