namespace Practice.Groups;

/// <summary>Login names as people and clients write them.</summary>
public static class LoginName
{
    /// <summary>Longest login taken, in characters: the longest e-mail address (RFC 5321 §4.5.3.1) with room.</summary>
    public const int MaxLength = 320;

    /// <summary>
    /// The one form that is stored and compared: trimmed, Unicode NFC, lower case. Null when it is empty, too long, not valid Unicode, or has control characters.
    /// </summary>
    public static string? Normalise(string login)
    {
        var trimmed = login.Trim();
        if (trimmed.Length is 0 or > MaxLength || trimmed.AsSpan().ContainsAnyInRange('\0', '\x1f')) return null;
        try
        {
            return trimmed.Normalize().ToLowerInvariant();
        }
        catch (ArgumentException)
        {
            return null;
        }
    }

    /// <summary>
    /// The form of a login that was percent-encoded (iOS 18.4 sends <c>user%40host</c>), decoded once; null when it was not.
    /// </summary>
    public static string? NormaliseDecoded(string login)
    {
        if (!login.Contains('%', StringComparison.Ordinal)) return null;
        var decoded = Uri.UnescapeDataString(login);
        return decoded == login ? null : Normalise(decoded);
    }

    /// <summary>What was typed, in the one form by which attempts are counted, whether an account has it or not: decoded where it was percent-encoded. Null when it can be nobody's login.</summary>
    public static string? Canonical(string login) => NormaliseDecoded(login) ?? Normalise(login);
}
