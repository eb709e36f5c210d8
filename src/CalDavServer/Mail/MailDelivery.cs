using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using CalDavServer.Options;
using MailKit;
using MailKit.Net.Smtp;
using MailKit.Security;
using MimeKit;

namespace CalDavServer.Mail;

/// <summary>The mail server did not accept an e-mail. Its words are not kept: they may quote the address.</summary>
internal sealed class RefusedEmailException(int code, string step) : Exception(code == 0 ? $"{step} failed" : $"{step} was answered with {code}")
{
    /// <summary>Whether it is the e-mail or its recipient that is refused, for good (RFC 5321 §4.2.1). Any other refusal is of us: settings can be corrected.</summary>
    public bool IsFinal => code >= 500 && code != (int)SmtpStatusCode.AuthenticationRequired && step is (MailDelivery.RecipientStep or MailDelivery.EmailStep);
}

/// <summary>Hands one e-mail to a mail server, encrypted as settings say.</summary>
internal static class MailDelivery
{
    /// <summary>The step that names the recipient.</summary>
    public const string RecipientStep = "RCPT";

    /// <summary>The step that hands over the e-mail itself.</summary>
    public const string EmailStep = "the e-mail";

    private const string Plain = "PLAIN";
    private const string ServerAuthentication = "1.3.6.1.5.5.7.3.1";

    // the e-mail has been taken: nobody waits long for a goodbye
    private static readonly TimeSpan GoodbyeLimit = TimeSpan.FromSeconds(2);

    /// <summary>Sends an e-mail.</summary>
    /// <exception cref="RefusedEmailException">The server refused it.</exception>
    public static async Task SendAsync(MailSettings settings, string to, MimeMessage message, CancellationToken cancelled)
    {
        using var client = new Client
        {
            LocalDomain = "calendarsync",
            // a mail server inside a practice's network may reach no revocation list
            CheckCertificateRevocation = false,
            ServerCertificateValidationCallback = (_, certificate, chain, errors) => IsTrusted(settings.Authority, certificate, chain, errors),
        };
        try
        {
            await OpenAsync(client, settings, cancelled);
            client.Step = "MAIL";
            await client.SendAsync(message, new MailboxAddress("", settings.From), [new MailboxAddress("", to)], cancelled);
        }
        catch (Exception refused) when (refused is CommandException or ProtocolException or SaslException or MailKit.Security.AuthenticationException or ServiceNotAuthenticatedException or NotSupportedException)
        {
            throw new RefusedEmailException(CodeOf(refused), StepOf(refused, client));
        }
        catch (SslHandshakeException)
        {
            throw new System.Security.Authentication.AuthenticationException();
        }

        await LeaveAsync(client);
    }

    private static async Task OpenAsync(Client client, MailSettings settings, CancellationToken cancelled)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        var given = false;
        try
        {
            await socket.ConnectAsync(settings.Host, settings.Port, cancelled);
            given = true;
            await client.ConnectAsync(socket, settings.Host, settings.Port, OptionsOf(settings.Encryption), cancelled);
        }
        finally
        {
            if (!given) socket.Dispose();
        }

        if (settings.User is not { } user) return;
        client.Step = "AUTH";
        // a name may resolve to any address: what counts is where the connection goes
        if (!client.IsSecure && !IPAddress.IsLoopback(((IPEndPoint)socket.RemoteEndPoint!).Address)) throw new RefusedEmailException(0, "AUTH without encryption");
        var login = new NetworkCredential(user, settings.Password);
        // a wrong password that is tried in every way that is offered counts several times at the mail server
        if (client.AuthenticationMechanisms.Contains(Plain)) await client.AuthenticateAsync(new SaslMechanismPlain(Encoding.UTF8, login), cancelled);
        else await client.AuthenticateAsync(Encoding.UTF8, login, cancelled);
    }

    // whatever comes now does not make the e-mail go again
    private static async Task LeaveAsync(Client client)
    {
        try
        {
            using var limit = new CancellationTokenSource(GoodbyeLimit);
            await client.DisconnectAsync(quit: true, limit.Token);
        }
        catch (Exception gone) when (gone is IOException or SocketException or ProtocolException or CommandException or OperationCanceledException)
        {
            // the mail server did not wait for it
        }
    }

    private static SecureSocketOptions OptionsOf(MailEncryption encryption) => encryption switch
    {
        MailEncryption.Tls => SecureSocketOptions.SslOnConnect,
        MailEncryption.StartTls => SecureSocketOptions.StartTls,
        _ => SecureSocketOptions.None,
    };

    private static int CodeOf(Exception refused) => refused switch
    {
        SmtpCommandException command => (int)command.StatusCode,
        ServiceNotAuthenticatedException => (int)SmtpStatusCode.AuthenticationRequired,
        _ => 0,
    };

    private static string StepOf(Exception refused, Client client) =>
        refused is SmtpCommandException { ErrorCode: SmtpErrorCode.MessageNotAccepted } ? EmailStep : client.Step;

    // whom settings name is the only one trusted then
    private static bool IsTrusted(X509Certificate2? authority, X509Certificate? certificate, X509Chain? presented, SslPolicyErrors errors)
    {
        if (authority is null) return errors == SslPolicyErrors.None;
        if ((errors & ~SslPolicyErrors.RemoteCertificateChainErrors) != SslPolicyErrors.None || certificate is not X509Certificate2 leaf) return false;
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.CustomTrustStore.Add(authority);
        chain.ChainPolicy.ApplicationPolicy.Add(new Oid(ServerAuthentication));
        if (presented is not null) chain.ChainPolicy.ExtraStore.AddRange(presented.ChainPolicy.ExtraStore);
        return chain.Build(leaf);
    }

    /// <summary>Knows what is asked of the mail server, which an unexpected answer does not tell.</summary>
    private sealed class Client : SmtpClient
    {
        public string Step { get; set; } = "the connection";

        protected override void OnSenderAccepted(MimeMessage message, MailboxAddress mailbox, SmtpResponse response) => Step = RecipientStep;

        protected override void OnRecipientAccepted(MimeMessage message, MailboxAddress mailbox, SmtpResponse response) => Step = "DATA";
    }
}
