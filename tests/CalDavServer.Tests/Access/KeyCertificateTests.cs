using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using CalDavServer.Hosting;
using CalDavServer.Options;
using CalDavServer.Tests.Hosting;
using Microsoft.Extensions.Configuration;
using Xunit;

namespace CalDavServer.Tests.Access;

/// <summary>The keys that encrypt cookies and secrets at rest are encrypted for a certificate where one is set.</summary>
public sealed class KeyCertificateTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("caldav-keys-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task A_key_is_on_the_disk_only_encrypted_and_opens_sessions_after_a_restart_with_the_certificate()
    {
        using var certificate = Make("first");
        var options = new ServerOptions { KeyFolder = _folder, KeyCertificate = certificate };
        var server = await TestServer.StartAsync(hosting: options);
        var page = await SignedInAsync(server);
        Assert.Equal(System.Net.HttpStatusCode.OK, (await page.GetAsync("/settings")).Status);
        var key = File.ReadAllText(Assert.Single(Directory.GetFiles(_folder)));
        Assert.Contains("EncryptedData", key, StringComparison.Ordinal);
        Assert.DoesNotContain("<masterKey", key, StringComparison.Ordinal);

        // with another certificate that knows of the former
        using var second = Make("second");
        server = await server.RestartAsync(hosting: options with { KeyCertificate = second, FormerKeyCertificates = [certificate] });
        using (var again = new PageClient(server))
        {
            again.Cookies.Add(server.Address, page.Cookies.GetAllCookies());
            Assert.Contains("Sign out", (await again.GetAsync("/settings")).Text, StringComparison.Ordinal);
        }

        await server.DisposeAsync();
        page.Dispose();
    }

    [Fact]
    public async Task Without_a_certificate_too_a_session_outlives_a_restart()
    {
        var options = new ServerOptions { KeyFolder = _folder };
        var server = await TestServer.StartAsync(hosting: options);
        var page = await SignedInAsync(server);
        Assert.Contains("<masterKey", File.ReadAllText(Assert.Single(Directory.GetFiles(_folder))), StringComparison.Ordinal);
        server = await server.RestartAsync(hosting: options);
        using (var again = new PageClient(server))
        {
            again.Cookies.Add(server.Address, page.Cookies.GetAllCookies());
            Assert.Contains("Sign out", (await again.GetAsync("/settings")).Text, StringComparison.Ordinal);
        }

        await server.DisposeAsync();
        page.Dispose();
    }

    [Fact]
    public void The_setting_names_a_file_with_a_private_key_and_its_password()
    {
        var file = Path.Combine(_folder, "keys.pfx");
        using var certificate = Make("settings");
        File.WriteAllBytes(file, certificate.Export(X509ContentType.Pkcs12, "pass word"));
        using var read = KeyOptions.ReadCertificate(Settings(("keycertificate", file), ("keycertificatepassword", "pass word")));
        Assert.Equal(certificate.Thumbprint, read!.Thumbprint);
        Assert.Null(KeyOptions.ReadCertificate(Settings()));
        Assert.Contains("keycertificate", Assert.Throws<CommandFailure>(() => KeyOptions.ReadCertificate(Settings(("keycertificate", file), ("keycertificatepassword", "wrong")))).Message, StringComparison.Ordinal);
        Assert.Contains("keycertificate", Assert.Throws<CommandFailure>(() => KeyOptions.ReadCertificate(Settings(("keycertificate", file + "x")))).Message, StringComparison.Ordinal);
        Assert.Equal(2, KeyOptions.ReadFormer(Settings(("formerkeycertificates", $"{file};{file}"), ("keycertificatepassword", "pass word"))).Count);
    }

    private static async Task<PageClient> SignedInAsync(TestServer server)
    {
        var maya = await server.AddPersonAsync("maya");
        await PageClient.GivePasswordAsync(server, maya.Principal.Id, "a fine long password");
        var page = new PageClient(server);
        await page.SignInAsync("maya", "a fine long password");
        return page;
    }

    private static IConfiguration Settings(params (string Name, string Value)[] settings) =>
        new ConfigurationBuilder().AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create(setting.Name, (string?)setting.Value))).Build();

    private static X509Certificate2 Make(string name)
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        return request.CreateSelfSigned(DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddYears(200));
    }
}
