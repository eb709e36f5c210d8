using System.Buffers.Binary;
using System.Buffers.Text;
using System.Formats.Cbor;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace CalDavServer.Tests.Hosting;

/// <summary>A security key (WebAuthn) with one passkey, and the browser before it: makes and uses the passkey as it is told, rightly or not.</summary>
internal sealed class SoftAuthenticator(string origin) : IDisposable
{
    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    public byte[] CredentialId { get; set; } = RandomNumberGenerator.GetBytes(16);

    public byte[] UserHandle { get; set; } = [];

    /// <summary>How often it says that it has signed; 0: it does not count.</summary>
    public uint Counter { get; set; }

    /// <summary>Whether it says that it has verified the person.</summary>
    public bool Verifies { get; set; } = true;

    /// <summary>The page that the browser says it is on.</summary>
    public string Origin { get; set; } = origin;

    /// <summary>For whom it signs, when not for whom it was asked.</summary>
    public string? RpId { get; set; }

    /// <summary>What a browser sends that was asked to make a passkey.</summary>
    public string Make(string options, string format = "none", bool certificates = false)
    {
        using var asked = JsonDocument.Parse(options);
        UserHandle = Base64Url.DecodeFromChars(asked.RootElement.GetProperty("user").GetProperty("id").GetString());
        var data = Data(asked.RootElement.GetProperty("rp").GetProperty("id").GetString()!, isNew: true);
        var cbor = new CborWriter(CborConformanceMode.Lax);
        cbor.WriteStartMap(3);
        cbor.WriteTextString("fmt");
        cbor.WriteTextString(format);
        cbor.WriteTextString("attStmt");
        cbor.WriteStartMap(certificates ? 1 : 0);
        if (certificates)
        {
            cbor.WriteTextString("x5c");
            cbor.WriteStartArray(1);
            cbor.WriteByteString([1, 2, 3]);
            cbor.WriteEndArray();
        }

        cbor.WriteEndMap();
        cbor.WriteTextString("authData");
        cbor.WriteByteString(data);
        cbor.WriteEndMap();
        return Written(new { clientDataJSON = Text(ClientData("webauthn.create", asked.RootElement)), attestationObject = Text(cbor.Encode()) });
    }

    /// <summary>What a browser sends that was asked to use a passkey.</summary>
    public string Use(string options)
    {
        using var asked = JsonDocument.Parse(options);
        var (data, client) = (Data(asked.RootElement.GetProperty("rpId").GetString()!, isNew: false), ClientData("webauthn.get", asked.RootElement));
        var signature = _key.SignData([.. data, .. SHA256.HashData(client)], HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence);
        return Written(new { clientDataJSON = Text(client), authenticatorData = Text(data), signature = Text(signature), userHandle = Text(UserHandle) });
    }

    public void Dispose() => _key.Dispose();

    private string Written(object response) =>
        JsonSerializer.Serialize(new { id = Text(CredentialId), rawId = Text(CredentialId), type = "public-key", clientExtensionResults = new { }, extensions = new { }, response });

    private byte[] ClientData(string type, JsonElement asked) =>
        Encoding.UTF8.GetBytes(JsonSerializer.Serialize(new { type, challenge = asked.GetProperty("challenge").GetString(), origin = Origin, crossOrigin = false }));

    // WebAuthn §6.1
    private byte[] Data(string rpId, bool isNew)
    {
        var counter = new byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(counter, Counter);
        var flags = (byte)(0x01 | (Verifies ? 0x04 : 0) | (isNew ? 0x40 : 0));
        byte[] data = [.. SHA256.HashData(Encoding.UTF8.GetBytes(RpId ?? rpId)), flags, .. counter];
        return isNew ? [.. data, .. new byte[16], 0, (byte)CredentialId.Length, .. CredentialId, .. PublicKey()] : data;
    }

    // COSE (RFC 9053 §2.1): ES256
    private byte[] PublicKey()
    {
        var point = _key.ExportParameters(false).Q;
        var cbor = new CborWriter(CborConformanceMode.Ctap2Canonical);
        cbor.WriteStartMap(5);
        foreach (var (name, value) in new[] { (1, 2), (3, -7), (-1, 1) })
        {
            cbor.WriteInt32(name);
            cbor.WriteInt32(value);
        }

        cbor.WriteInt32(-2);
        cbor.WriteByteString(point.X!);
        cbor.WriteInt32(-3);
        cbor.WriteByteString(point.Y!);
        cbor.WriteEndMap();
        return cbor.Encode();
    }

    private static string Text(byte[] bytes) => Base64Url.EncodeToString(bytes);
}
