using System.Text;
using System.Text.Unicode;

namespace CalDavServer.Access;

/// <summary>What a client sent in its Authorization header (RFC 7617 §2).</summary>
/// <param name="Login">The user-id, as sent.</param>
/// <param name="Password">The password, as sent; it may contain colons.</param>
internal readonly record struct BasicCredentials(string Login, string Password)
{
    private const int MaxBytes = 1024;

    /// <summary>Reads the header's value; false when it is of another scheme, malformed or too long.</summary>
    public static bool TryParse(ReadOnlySpan<char> authorization, out BasicCredentials credentials)
    {
        credentials = default;
        const string scheme = "Basic ";
        if (!authorization.StartsWith(scheme, StringComparison.OrdinalIgnoreCase)) return false;
        Span<byte> bytes = stackalloc byte[MaxBytes];
        if (!Convert.TryFromBase64Chars(authorization[scheme.Length..].Trim(), bytes, out var length)) return false;
        bytes = bytes[..length];
        var colon = bytes.IndexOf((byte)':');
        if (colon <= 0) return false;

        // the charset parameter asks for UTF-8 (RFC 7617 §2.1); older clients send Latin-1 all the same
        var encoding = Utf8.IsValid(bytes) ? Encoding.UTF8 : Encoding.Latin1;
        credentials = new BasicCredentials(encoding.GetString(bytes[..colon]), encoding.GetString(bytes[(colon + 1)..]));
        return true;
    }
}
