using System.Buffers;
using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.RegularExpressions;
using CalDavServer.Mail;
using CalDavServer.Options;
using MimeKit;
using SmtpServer;
using SmtpServer.Authentication;
using SmtpServer.ComponentModel;
using SmtpServer.Mail;
using SmtpServer.Net;
using SmtpServer.Protocol;
using SmtpServer.Storage;
using Xunit;

namespace CalDavServer.Tests.Hosting;

/// <summary>A mail server on a free port of this machine that keeps the e-mails it is given, and what it was told.</summary>
internal sealed partial class MailStandIn : IMailboxFilter, IMessageStore, IUserAuthenticator, IAsyncDisposable
{
    private readonly SmtpServer.SmtpServer _server;
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentQueue<(string Step, int Code)> _refusals = new();
    private readonly ConcurrentQueue<string> _heard = new();
    private readonly SemaphoreSlim _arrived = new(0);
    private readonly ConcurrentQueue<ReceivedEmail> _emails = new();
    private readonly X509Certificate2 _certificate;
    private readonly Task _serving;
    private readonly int _port;

    public MailStandIn(bool offersTls = true, string certificateFor = "localhost")
    {
        _certificate = Certificate(certificateFor);
        var port = 0;
        var listeners = new EndpointListenerFactory();
        listeners.EndpointStarted += (_, started) => port = ((IPEndPoint)started.LocalEndPoint).Port;
        var services = new ServiceProvider();
        services.Add((IEndpointListenerFactory)listeners);
        services.Add((IMailboxFilter)this);
        services.Add((IMessageStore)this);
        services.Add((IUserAuthenticator)this);
        var options = new SmtpServerOptionsBuilder().ServerName("here").Endpoint(endpoint =>
        {
            endpoint.Endpoint(new IPEndPoint(IPAddress.Loopback, 0)).AllowUnsecureAuthentication();
            if (offersTls) endpoint.Certificate(_certificate);
        });
        _server = new SmtpServer.SmtpServer(options.Build(), services);
        _server.SessionCreated += (_, session) => session.Context.CommandExecuting += (_, told) => _heard.Enqueue(LineOf(told.Command));
        _serving = _server.StartAsync(_stop.Token);
        _port = port;
    }

    /// <summary>Settings that lead here, without encryption and with hardly a pause between tries.</summary>
    public MailSettings Settings => new("localhost", _port, "calendar@riverbend.example")
    {
        Encryption = MailEncryption.None,
        Pauses = [TimeSpan.FromMilliseconds(20), TimeSpan.FromMilliseconds(20)],
        Authority = _certificate,
    };

    /// <summary>Every command it was given.</summary>
    public IReadOnlyCollection<string> Heard => _heard;

    public int Emails => _emails.Count;

    /// <summary>The next RCPT, AUTH, MAIL or e-mail (DATA) is answered with this code.</summary>
    public void Refuse(int code, string step = "RCPT") => _refusals.Enqueue((step, code));

    /// <summary>Waits for an e-mail that has not been taken from here before.</summary>
    public async Task<ReceivedEmail> NextAsync()
    {
        Assert.True(await _arrived.WaitAsync(TimeSpan.FromSeconds(15), TestContext.Current.CancellationToken), "no email came");
        Assert.True(_emails.TryDequeue(out var email));
        return email;
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _serving.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _certificate.Dispose();
        _stop.Dispose();
        _arrived.Dispose();
    }

    Task<bool> IMailboxFilter.CanAcceptFromAsync(ISessionContext context, IMailbox from, int size, CancellationToken cancelled)
    {
        ThrowIfRefused("MAIL", "no");
        return Task.FromResult(true);
    }

    Task<bool> IMailboxFilter.CanDeliverToAsync(ISessionContext context, IMailbox to, IMailbox from, CancellationToken cancelled)
    {
        ThrowIfRefused("RCPT", $"<{to.AsAddress()}> is refused");
        return Task.FromResult(true);
    }

    Task<bool> IUserAuthenticator.AuthenticateAsync(ISessionContext context, string user, string password, CancellationToken cancelled)
    {
        ThrowIfRefused("AUTH", "no");
        return Task.FromResult(true);
    }

    Task<SmtpResponse> IMessageStore.SaveAsync(ISessionContext context, IMessageTransaction transaction, ReadOnlySequence<byte> message, CancellationToken cancelled)
    {
        if (IsRefused("DATA", out var code)) return Task.FromResult(new SmtpResponse(code, "no"));
        var text = Encoding.UTF8.GetString(message).ReplaceLineEndings("\n");
        _emails.Enqueue(new ReceivedEmail(transaction.From.AsAddress(), transaction.To[0].AsAddress(), context.Pipe.IsSecure, text));
        _arrived.Release();
        return Task.FromResult(SmtpResponse.Ok);
    }

    private void ThrowIfRefused(string step, string words)
    {
        if (IsRefused(step, out var code)) throw new SmtpResponseException(new SmtpResponse(code, words));
    }

    private bool IsRefused(string step, out SmtpReplyCode code)
    {
        var refused = _refusals.TryPeek(out var next) && next.Step == step && _refusals.TryDequeue(out _);
        code = (SmtpReplyCode)next.Code;
        return refused;
    }

    private static string LineOf(SmtpCommand command) => command switch
    {
        EhloCommand hello => $"EHLO {hello.DomainOrAddress}",
        AuthCommand login => $"AUTH {login.Method.ToString().ToUpperInvariant()} {login.Parameter}",
        MailCommand mail => $"MAIL FROM:<{mail.Address.AsAddress()}>",
        RcptCommand recipient => $"RCPT TO:<{recipient.Address.AsAddress()}>",
        _ => command.Name,
    };

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

/// <summary>An e-mail as it came.</summary>
/// <param name="From">From whom, in the envelope.</param>
/// <param name="To">To whom, in the envelope.</param>
/// <param name="Encrypted">Whether the connection was encrypted.</param>
/// <param name="Message">Head and body, lines ended by LF.</param>
internal sealed record ReceivedEmail(string From, string To, bool Encrypted, string Message)
{
    private readonly MimeMessage _read = MimeMessage.Load(new MemoryStream(Encoding.UTF8.GetBytes(Message)));

    /// <summary>The body, decoded.</summary>
    public string Text
    {
        get
        {
            using var text = new MemoryStream();
            ((TextPart)_read.Body!).Content!.DecodeTo(text);
            return Encoding.UTF8.GetString(text.ToArray());
        }
    }

    /// <summary>The subject, decoded.</summary>
    public string Subject => _read.Subject!;

    /// <summary>The head, decoded, each field on a line.</summary>
    public string Head => string.Join('\n', _read.Headers.Concat(_read.Body!.Headers).Select(header => $"{header.Field}: {header.Value}"));

    /// <summary>The first link in the body.</summary>
    public Uri Link => new(MailStandIn.LinkIn().Match(Text).Value);
}
