using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text.Json;

namespace Sandbox.State;

/// <summary>Opaque tokens: a record, signed, so that nobody can make or change one.</summary>
public static class Sealed
{
    public static string Seal<T>(byte[] key, T value)
    {
        var body = JsonSerializer.SerializeToUtf8Bytes(value);
        return Base64Url.EncodeToString([.. HMACSHA256.HashData(key, body).AsSpan(0, 12), .. body]);
    }

    public static T? Open<T>(byte[] key, string token) where T : class
    {
        if (!Base64Url.IsValid(token)) return null;
        var bytes = Base64Url.DecodeFromChars(token);
        if (bytes.Length < 12) return null;
        var body = bytes.AsSpan(12);
        return CryptographicOperations.FixedTimeEquals(bytes.AsSpan(0, 12), HMACSHA256.HashData(key, body).AsSpan(0, 12)) ? JsonSerializer.Deserialize<T>(body) : null;
    }
}
