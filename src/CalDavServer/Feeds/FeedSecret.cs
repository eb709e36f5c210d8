using System.Security.Cryptography;
using System.Text;

namespace CalDavServer.Feeds;

/// <summary>The secret in the address of a one-way feed: 160 random bits, in letters that no e-mail program breaks.</summary>
internal static class FeedSecret
{
    private const int Length = 40;

    public static string Generate() => RandomNumberGenerator.GetHexString(Length, lowercase: true);

    /// <summary>By what a feed is found: the secret itself is not kept in the clear.</summary>
    public static string Hash(string secret) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(secret)));

    /// <summary>The secret of a path under <c>/feeds</c>; null when there cannot be one.</summary>
    public static string? Of(PathString path)
    {
        const string suffix = ".ics";
        if (path.Value is not { } text || text.Length != 1 + Length + suffix.Length || !text.EndsWith(suffix, StringComparison.Ordinal)) return null;
        return text[1..^suffix.Length];
    }
}
