using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using CalDavServer.Http;
using CalDavServer.Options;

namespace CalDavServer.Hosting;

/// <summary>
/// The settings of the certificate that the keys in the data folder are encrypted for: <c>keycertificate</c>, a PKCS #12 file with its private key, and <c>keycertificatepassword</c>;
/// <c>formerkeycertificates</c>, files of certificates used before, separated by semicolons, with the same password. Without the certificate a copy of the data folder opens no session, and shows no secret.
/// </summary>
internal static class KeyOptions
{
    /// <summary>The certificate; null when none is named.</summary>
    /// <exception cref="CommandFailure">It cannot be used.</exception>
    public static X509Certificate2? ReadCertificate(IConfiguration settings) =>
        settings["keycertificate"]?.Trim() is { Length: > 0 } file ? Load(file, settings, "keycertificate") : null;

    /// <summary>The certificates used before.</summary>
    /// <exception cref="CommandFailure">One cannot be used.</exception>
    public static IReadOnlyList<X509Certificate2> ReadFormer(IConfiguration settings) =>
        [.. (settings["formerkeycertificates"] ?? "").Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(file => Load(file, settings, "formerkeycertificates"))];

    private static X509Certificate2 Load(string file, IConfiguration settings, string setting)
    {
        try
        {
            var certificate = X509CertificateLoader.LoadPkcs12FromFile(file, settings["keycertificatepassword"]);
            using var key = certificate.GetRSAPrivateKey();
            return key is not null ? certificate : throw new CommandFailure($"The certificate that the setting '{setting}' names has no RSA private key.");
        }
        catch (Exception failure) when (failure is CryptographicException or IOException or UnauthorizedAccessException)
        {
            throw new CommandFailure($"The certificate that the setting '{setting}' names cannot be read: {Sentence.Of(failure)}");
        }
    }
}
