using System.Buffers;
using System.Security.Cryptography;
using System.Text;
using Calendaring.Store;
using Microsoft.AspNetCore.Identity;
using NodaTime;
using Practice;

namespace CalDavServer.Access;

/// <summary>
/// The secrets of devices. A generated one is random enough that a plain SHA-256 keeps it; one that a person chose is kept
/// under a slow, salted hash.
/// </summary>
internal static class AppPassword
{
    // base32 of RFC 4648 §6: no 0, 1, 8 or 9 to be mistaken for letters
    private const string Alphabet = "abcdefghijklmnopqrstuvwxyz234567";
    private const int Letters = 28;
    private const int Group = 4;
    private const int WeakBelow = 16;
    private static readonly PasswordHasher<Credential> Slow = new();

    // verified against where there is nothing else, so that an unknown login takes the time of a known one
    private static readonly string NobodysHash = Slow.HashPassword(null!, RandomNumberGenerator.GetHexString(32));

    /// <summary>A new secret of 140 random bits in groups, e.g. <c>abcd-efgh-…</c>. It is shown once and kept nowhere.</summary>
    public static string Generate()
    {
        var letters = RandomNumberGenerator.GetString(Alphabet, Letters);
        return string.Join('-', letters.Chunk(Group).Select(group => new string(group)));
    }

    /// <summary>The credential of a generated secret.</summary>
    public static Credential ForGenerated(string secret, string principalId, string label, bool readOnly, PrivacyLevel level, Instant now)
    {
        var hash = Convert.ToHexStringLower(HashGenerated(secret));
        return new Credential(NewId(), principalId, label, SecretKind.Sha256, hash, readOnly, level.ToString(), now);
    }

    /// <summary>The same device with another, generated secret.</summary>
    public static Credential WithGenerated(Credential device, string secret) =>
        device with { SecretKind = SecretKind.Sha256, SecretHash = Convert.ToHexStringLower(HashGenerated(secret)) };

    /// <summary>The credential of a password that somebody chose.</summary>
    public static Credential ForChosen(string password, string principalId, string label, bool readOnly, PrivacyLevel level, Instant now)
    {
        var hash = Slow.HashPassword(null!, Composed(password));
        return new Credential(NewId(), principalId, label, SecretKind.Slow, hash, readOnly, level.ToString(), now);
    }

    /// <summary>Whether a chosen password is easy to guess: short, or of few different characters.</summary>
    public static bool IsWeak(string password) => password.Length < WeakBelow || password.Distinct().Count() < 8;

    /// <summary>The credential whose generated secret was entered, with or without its hyphens, in any case; or null.</summary>
    public static Credential? FindGenerated(IReadOnlyList<Credential> credentials, string password)
    {
        var hash = HashGenerated(password);
        foreach (var credential in credentials)
        {
            if (credential.SecretKind != SecretKind.Sha256) continue;
            if (CryptographicOperations.FixedTimeEquals(hash, Convert.FromHexString(credential.SecretHash))) return credential;
        }

        return null;
    }

    /// <summary>
    /// The credential whose chosen password was entered, or null. Slow on purpose: tens of milliseconds, also when there is none to compare
    /// with.
    /// </summary>
    public static Credential? FindChosen(IReadOnlyList<Credential> credentials, string password)
    {
        var composed = Composed(password);
        var compared = false;
        foreach (var credential in credentials)
        {
            if (credential.SecretKind != SecretKind.Slow) continue;
            compared = true;
            var result = Slow.VerifyHashedPassword(credential, credential.SecretHash, composed);
            if (result != PasswordVerificationResult.Failed) return credential;
        }

        if (!compared) _ = Slow.VerifyHashedPassword(null!, NobodysHash, composed);
        return null;
    }

    // what people add or lose when they type the groups: hyphens, spaces, upper case
    private static byte[] HashGenerated(string secret)
    {
        var letters = new ArrayBufferWriter<byte>(Letters);
        foreach (var letter in secret)
        {
            if (letter is '-' or ' ' or '\u2010' or '\u2011' or '\u2013') continue;
            var lower = char.ToLowerInvariant(letter);
            var rune = char.IsAscii(lower) ? (byte)lower : (byte)0xff;
            letters.Write([rune]);
        }

        return SHA256.HashData(letters.WrittenSpan);
    }

    /// <summary>A password in the form that is compared: NFC (RFC 8265 §4.2.1).</summary>
    public static string Composed(string password)
    {
        try
        {
            return password.Normalize(NormalizationForm.FormC);
        }
        catch (ArgumentException)
        {
            return password;
        }
    }

    private static string NewId() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8));
}
