using System.Security.Cryptography;
using System.Text.Json.Serialization;
using NodaTime;

namespace Practice.People;

/// <summary>The second step of signing in: codes of an app on the person's phone, and recovery codes for when the phone is lost.</summary>
/// <param name="Key">The key that the app has too, encrypted; empty when there is no app, and the second step is a passkey.</param>
/// <param name="Since">When it was turned on.</param>
/// <param name="LastStep">The time step of the last code taken: none up to it is taken again (RFC 6238 §5.2).</param>
/// <param name="RecoveryHashes">Hashes of the recovery codes that have not been used.</param>
public sealed record SecondFactor(string Key, Instant Since, long LastStep, IReadOnlyList<string> RecoveryHashes)
{
    private const int RecoveryCodes = 8;
    private const int RecoveryLetters = 16;

    /// <summary>Whether an app on a phone shows codes for it.</summary>
    [JsonIgnore]
    public bool HasApp => Key.Length > 0;

    /// <summary>New recovery codes, to be shown once.</summary>
    public static IReadOnlyList<string> NewRecoveryCodes() =>
        [.. Enumerable.Range(0, RecoveryCodes).Select(_ => string.Join('-', Secret.Generate(RecoveryLetters).Chunk(4).Select(group => new string(group))))];

    /// <summary>What is kept of recovery codes.</summary>
    public static IReadOnlyList<string> HashesOf(IReadOnlyList<string> recoveryCodes) => [.. recoveryCodes.Select(Secret.HashOf)];

    /// <summary>What is left after a code was taken; null when the code is wrong, was taken before or is too old.</summary>
    /// <param name="key">The key, decrypted; empty when it cannot be, and then only recovery codes are taken.</param>
    /// <param name="code">What the person typed.</param>
    /// <param name="now">The current time.</param>
    public SecondFactor? Take(ReadOnlySpan<byte> key, string code, Instant now)
    {
        ArgumentNullException.ThrowIfNull(code);
        if (key.Length > 0 && Totp.FindStep(key, code, now, LastStep) is { } step) return this with { LastStep = step };
        var hash = Secret.HashOf(code);
        var left = RecoveryHashes.Where(other => !CryptographicOperations.FixedTimeEquals(Convert.FromHexString(hash), Convert.FromHexString(other))).ToList();
        return left.Count < RecoveryHashes.Count ? this with { RecoveryHashes = left } : null;
    }
}
