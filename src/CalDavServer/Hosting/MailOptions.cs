using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using CalDavServer.Http;
using CalDavServer.Mail;
using CalDavServer.Options;

namespace CalDavServer.Hosting;

/// <summary>
/// The settings of the mail server: <c>smtphost</c>; <c>smtpport</c>, by default that of the encryption; <c>smtptls</c>, which is
/// <c>starttls</c> (the default), <c>tls</c> or <c>none</c>; <c>smtpuser</c> and <c>smtppassword</c>; <c>smtpfrom</c>, the address that
/// e-mails come from; <c>smtpca</c>, a PEM file with the certificate of whoever signed the mail server's, when the system does not trust them.
/// </summary>
internal static class MailOptions
{
    /// <summary>Reads them; null when no mail server is named.</summary>
    /// <exception cref="CommandFailure">One is missing or not valid.</exception>
    public static MailSettings? Read(IConfiguration settings, Uri? publicAddress)
    {
        if (settings["smtphost"]?.Trim() is not { Length: > 0 } host) return null;
        if (publicAddress is null) throw new CommandFailure("With 'smtphost' set, 'publicaddress' must be set too: links in e-mails begin with it.");
        var encryption = settings["smtptls"]?.Trim().ToLowerInvariant() switch
        {
            null or "" or "starttls" => MailEncryption.StartTls,
            "tls" => MailEncryption.Tls,
            "none" => MailEncryption.None,
            _ => throw new CommandFailure("The setting 'smtptls' must be starttls, tls or none."),
        };
        var from = settings["smtpfrom"]?.Trim() ?? "";
        if (!Email.IsAddress(from)) throw new CommandFailure("The setting 'smtpfrom' must be the e-mail address that e-mails come from, e.g. calendar@example.com.");
        var user = settings["smtpuser"];
        if (!string.IsNullOrEmpty(user) && encryption == MailEncryption.None && !IsLoopback(host))
            throw new CommandFailure("With 'smtptls' none the login of the mail server would cross the network for anybody to read: use starttls or tls, or leave 'smtpuser' out.");
        return new MailSettings(host, ParsePort(settings["smtpport"], encryption), from)
        {
            Encryption = encryption,
            User = string.IsNullOrEmpty(user) ? null : user,
            Password = settings["smtppassword"] ?? "",
            Authority = ReadAuthority(settings["smtpca"]),
        };
    }

    private static bool IsLoopback(string host) =>
        host.Equals("localhost", StringComparison.OrdinalIgnoreCase) || (IPAddress.TryParse(host, out var address) && IPAddress.IsLoopback(address));

    private static X509Certificate2? ReadAuthority(string? file)
    {
        if (string.IsNullOrWhiteSpace(file)) return null;
        try
        {
            return X509CertificateLoader.LoadCertificateFromFile(file);
        }
        catch (Exception failure) when (failure is CryptographicException or IOException or UnauthorizedAccessException)
        {
            throw new CommandFailure($"The certificate that the setting 'smtpca' names cannot be read: {Sentence.Of(failure)}");
        }
    }

    private static int ParsePort(string? text, MailEncryption encryption)
    {
        if (string.IsNullOrWhiteSpace(text)) return encryption switch { MailEncryption.Tls => 465, MailEncryption.StartTls => 587, _ => 25 };
        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port is > 0 and <= 65535
            ? port
            : throw new CommandFailure($"The setting 'smtpport' is '{text}': it must be a number up to 65535.");
    }
}
