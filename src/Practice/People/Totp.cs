using System.Security.Cryptography;
using System.Text;
using NodaTime;
using OtpNet;

namespace Practice.People;

/// <summary>One-time codes by the time (RFC 6238), as every authenticator app makes them: SHA-1, six digits, 30 seconds.</summary>
public static class Totp
{
    /// <summary>Bytes of a key: those of the hash (RFC 4226 §4).</summary>
    public const int KeyBytes = 20;

    private const int Digits = 6;
    private const int Seconds = 30;

    /// <summary>The code of a time step.</summary>
    public static string CodeOf(ReadOnlySpan<byte> key, long step) => new OtpNet.Totp(key.ToArray(), Seconds, OtpHashMode.Sha1, Digits).ComputeTotp(DateTime.UnixEpoch.AddSeconds(step * Seconds));

    /// <summary>The time step of an instant.</summary>
    public static long StepOf(Instant at) => at.ToUnixTimeSeconds() / Seconds;

    /// <summary>The time step whose code was typed: the current one, or the one before or after it, but none up to <paramref name="after"/>. Null when there is none.</summary>
    public static long? FindStep(ReadOnlySpan<byte> key, string code, Instant now, long after)
    {
        ArgumentNullException.ThrowIfNull(code);
        var typed = Encoding.ASCII.GetBytes([.. code.Where(char.IsAsciiDigit)]);
        if (typed.Length != Digits || code.Any(character => !char.IsAsciiDigit(character) && character is not (' ' or '-'))) return null;
        long? found = null;
        for (var step = StepOf(now) - 1; step <= StepOf(now) + 1; step++)
        {
            if (CryptographicOperations.FixedTimeEquals(typed, Encoding.ASCII.GetBytes(CodeOf(key, step))) && step > after) found = step;
        }

        return found;
    }

    /// <summary>A key as it is typed into an app: base32 (RFC 4648 §6), without padding.</summary>
    public static string KeyText(ReadOnlySpan<byte> key) => Base32Encoding.ToString(key.ToArray()).TrimEnd('=');

    /// <summary>What the QR code of a key says.</summary>
    public static string Address(ReadOnlySpan<byte> key, string login) =>
        $"otpauth://totp/CalendarSync:{Uri.EscapeDataString(login)}?secret={KeyText(key)}&issuer=CalendarSync";
}
