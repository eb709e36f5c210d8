using System.Security.Cryptography;
using System.Text;

namespace Practice.People;

/// <summary>Generated secrets: random enough that a plain SHA-256 keeps them.</summary>
public static class Secret
{
    // base32 of RFC 4648 §6: no 0, 1, 8 or 9 to be mistaken for letters
    private const string Alphabet = "abcdefghijklmnopqrstuvwxyz234567";

    /// <summary>A new secret: five random bits in each letter.</summary>
    public static string Generate(int letters) => RandomNumberGenerator.GetString(Alphabet, letters);

    /// <summary>The hash that is kept. Case, hyphens and spaces do not matter: people add and lose them.</summary>
    public static string HashOf(string secret)
    {
        ArgumentNullException.ThrowIfNull(secret);
        var letters = secret.Where(letter => letter is not ('-' or ' ')).Select(char.ToLowerInvariant);
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes([.. letters])));
    }
}
