using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using NodaTime;

namespace CalDavServer.Background.Anchors;

/// <summary>
/// How far an audit log had come at a moment, signed: kept where nobody who can change the data folder can change it, it shows later whether anything before it was touched. It names nobody.
/// </summary>
/// <param name="At">When, in ISO 8601.</param>
/// <param name="Log">Which kind of log.</param>
/// <param name="Number">Number of its last line.</param>
/// <param name="Hash">Hash of that line.</param>
/// <param name="Signature">ECDSA (P-256, SHA-256) over the rest.</param>
internal sealed record Anchor(string At, string Log, long Number, string Hash, string Signature)
{
    private static readonly JsonSerializerOptions Names = new(JsonSerializerDefaults.Web);

    public static Anchor Sign(ECDsa key, Instant at, string log, long number, ReadOnlySpan<byte> hash)
    {
        var unsigned = new Anchor(at.ToString("uuuu-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture), log, number, Convert.ToHexStringLower(hash), "");
        return unsigned with { Signature = Convert.ToBase64String(key.SignData(unsigned.Said(), HashAlgorithmName.SHA256)) };
    }

    /// <summary>Reads a line of a file; null when it is no anchor.</summary>
    public static Anchor? Parse(string line)
    {
        try
        {
            return JsonSerializer.Deserialize<Anchor>(line, Names) is { At: not null, Log: not null, Hash: not null, Signature: not null } anchor ? anchor : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    public bool IsSignedBy(ECDsa key)
    {
        var signature = new byte[Signature.Length];
        return Convert.TryFromBase64String(Signature, signature, out var length) && key.VerifyData(Said(), signature.AsSpan(0, length), HashAlgorithmName.SHA256);
    }

    /// <summary>The line of a file.</summary>
    public string Write() => JsonSerializer.Serialize(this, Names);

    private byte[] Said() => Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"CalendarSync anchor\n{At}\n{Log}\n{Number}\n{Hash}"));
}
