using System.Security.Cryptography.X509Certificates;

namespace CalDavServer.Options;

/// <summary>How the connection to the mail server is encrypted.</summary>
internal enum MailEncryption
{
    /// <summary>From the first byte on (RFC 8314).</summary>
    Tls,

    /// <summary>After STARTTLS (RFC 3207); a server that does not offer it is not given anything.</summary>
    StartTls,

    /// <summary>Not at all: for a mail server on the same machine.</summary>
    None,
}

/// <summary>The mail server that sends our e-mails.</summary>
/// <param name="Host">Its name.</param>
/// <param name="Port">Its port.</param>
/// <param name="From">The address that e-mails come from.</param>
internal sealed record MailSettings(string Host, int Port, string From)
{
    /// <summary>How the connection is encrypted.</summary>
    public MailEncryption Encryption { get; init; } = MailEncryption.StartTls;

    /// <summary>The login at the mail server; null when it asks for none.</summary>
    public string? User { get; init; }

    /// <summary>The password of <see cref="User"/>.</summary>
    public string Password { get; init; } = "";

    /// <summary>Who signed the mail server's certificate, when that is nobody whom the system trusts.</summary>
    public X509Certificate2? Authority { get; init; }

    /// <summary>How long to wait before each further try; after the last one the e-mail is given up.</summary>
    public IReadOnlyList<TimeSpan> Pauses { get; init; } =
        [TimeSpan.FromSeconds(10), TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(15)];

    /// <summary>How long one try may take, whatever the mail server does.</summary>
    public TimeSpan Limit { get; init; } = TimeSpan.FromSeconds(60);

    // a password must not be in a log by way of ToString
    public override string ToString() => $"{Host}:{Port}";
}
